import type { RequiredTexts } from "../required-texts";
import { PatternSyntaxError } from "../syntax-error";
import { compileRules } from "./compile-rules";
import { expandRules } from "./expand";
import { readJson } from "./json-text";
import { limits } from "./limits";
import { parseRequirements } from "./parse";
import { requiredInDetail } from "./required";
import { checkWildcardComplexity } from "./wildcard-complexity";

/** An event pattern of EventBridge, ready to be run. */
export interface EventPattern {
  /** What the `detail` of an event must contain for the event to match. */
  readonly requiredInDetail: RequiredTexts;
  /**
   * Whether an event matches. It never throws.
   *
   * @param event the parsed event; what is no object does not match
   */
  matches(event: unknown): boolean;
}

/**
 * Reads and compiles an event pattern.
 *
 * Sources: "Amazon EventBridge event patterns" of the EventBridge user guide, and aws/event-ruler, the engine
 * that AWS published.
 *
 * @param pattern its JSON text, or the object itself
 * @throws PatternSyntaxError for a pattern that AWS would reject, or whose meaning no source settles
 */
export function parseEventPattern(pattern: string | object): EventPattern {
  const text = typeof pattern === "string" ? pattern : writeJson(pattern);
  const { root, compactLength } = readJson(text);
  if (compactLength > limits.characters) {
    const message = `a pattern may be ${limits.characters} characters long without white space`;
    throw new PatternSyntaxError(`${message}, this one is ${compactLength}`, 0);
  }
  const requirements = parseRequirements(root);
  const rules = expandRules(requirements);
  checkWildcardComplexity(rules);
  const matches = compileRules(rules);
  return {
    requiredInDetail: requiredInDetail(requirements),
    matches: (event) =>
      typeof event === "object" && event !== null && !Array.isArray(event) && matches(event),
  };
}

/** The JSON text of a pattern that is given as an object, which may hold nothing that JSON has no form for. */
function writeJson(pattern: unknown): string {
  const refuse = (what: string): never => {
    throw new PatternSyntaxError(`an event pattern is JSON, which has no form for ${what}`, 0);
  };
  let text: string | undefined;
  try {
    text = JSON.stringify(pattern, (_, value: unknown) => {
      if (value === undefined || typeof value === "function" || typeof value === "symbol")
        return refuse(typeof value);
      return typeof value === "number" && !Number.isFinite(value) ? refuse(String(value)) : value;
    });
  } catch (error) {
    if (error instanceof PatternSyntaxError) throw error;
    return refuse("a cycle, a bigint or what is nested too deep");
  }
  return text ?? refuse(typeof pattern);
}
