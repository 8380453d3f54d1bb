import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PatternSyntaxError, parseEventPattern, parseFilterPattern } from "../../../patterns";

/** Verdicts recorded from the real services. They are no part of the project: its own tests pass without them. */
const folder = resolve(process.env.TRAILWARDEN_VECTORS ?? "../shared/data");

interface EventCase {
  id: string;
  pattern: string | object;
  event: unknown;
  expected: boolean | "invalid";
}

interface FilterCases {
  vectors: { pattern: string; message: string; expected: boolean }[];
  invalid: { pattern: string; why: string }[];
}

function read<T>(name: string): T | undefined {
  const path = join(folder, name);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as T) : undefined;
}

function skip(name: string): void {
  const notice = `${name} was not found in ${folder}: set TRAILWARDEN_VECTORS to the folder that holds it`;
  console.warn(notice);
  it.skip(notice, () => undefined);
}

describe("recorded verdicts on event patterns", () => {
  const cases = read<EventCase[]>("event-pattern-vectors.json");
  if (cases === undefined) {
    skip("event-pattern-vectors.json");
    return;
  }
  it.each(cases)("$id", ({ pattern, event, expected }) => {
    if (expected === "invalid") expect(() => parseEventPattern(pattern)).toThrow(PatternSyntaxError);
    else expect(parseEventPattern(pattern).matches(event)).toBe(expected);
  });
});

describe("recorded verdicts on filter patterns", () => {
  const cases = read<FilterCases>("filter-pattern-vectors.json");
  if (cases === undefined) {
    skip("filter-pattern-vectors.json");
    return;
  }
  it.each(cases.vectors)("$pattern on $message", ({ pattern, message, expected }) => {
    expect(parseFilterPattern(pattern).matches(message)).toBe(expected);
  });
  it.each(cases.invalid)("$pattern is invalid: $why", ({ pattern }) => {
    expect(() => parseFilterPattern(pattern)).toThrow(PatternSyntaxError);
  });
});
