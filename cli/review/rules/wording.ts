import { resourceName } from "../../arn";
import { printable } from "../../match/printable";
import { attributeOf, isSensitive, type Side, UNKNOWN } from "../change";
import type { ResourceChange } from "../plan";

const LONGEST = 100;

/** A value of a plan in a message: one line of at most 100 characters, and never a sensitive one. */
export function shown(change: ResourceChange, side: Side, ...path: readonly (string | number)[]): string {
  return isSensitive(change, ...path) ? "a sensitive value" : shownValue(attributeOf(change, side, ...path));
}

/** The same of a value that is known not to be sensitive. */
export function shownValue(value: unknown): string {
  if (value === UNKNOWN) {
    return "what is known after apply only";
  }
  return value === undefined || value === null || value === ""
    ? "nothing"
    : bounded(typeof value === "string" ? value : JSON.stringify(value));
}

/** Both sides of an attribute: `from X to Y`. */
export function fromTo(change: ResourceChange, ...path: readonly (string | number)[]): string {
  return isSensitive(change, ...path)
    ? "to another, sensitive value"
    : `from ${shown(change, "before", ...path)} to ${shown(change, "after", ...path)}`;
}

/** A resource's name, in quotes, as it was before or, if it is made, will be. */
export function nameOf(change: ResourceChange, attribute: string): string {
  if (isSensitive(change, attribute)) {
    return "with a sensitive name";
  }
  const side = change.before === undefined ? "after" : "before";
  return `"${shown(change, side, attribute)}"`;
}

/** What an ARN names: a topic's or a function's name. */
export function nameOfArn(arn: string): string {
  return bounded(resourceName(arn));
}

/** A list of which people need not see all. */
export function atMost(lines: readonly string[], most: number): string[] {
  return lines.length <= most ? [...lines] : [...lines.slice(0, most), `and ${lines.length - most} more`];
}

/** `a`, `a and b`, `a, b and c`, `a, b and 7 more`. */
export function listed(names: readonly string[], most = 5): string {
  const shownNames = names.length <= most ? names : names.slice(0, most - 1);
  const rest = names.length - shownNames.length;
  const words = rest === 0 ? shownNames : [...shownNames, `${rest} more`];
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function bounded(text: string): string {
  const characters = Array.from(text.slice(0, 2 * LONGEST));
  const isLonger = text.length > 2 * LONGEST || characters.length > LONGEST;
  return printable(isLonger ? `${characters.slice(0, LONGEST - 1).join("")}…` : text);
}
