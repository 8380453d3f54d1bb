import { printable } from "../match/printable";

const LONGEST = 80;

/** What can't be read as an IAM policy isn't compared; what it allows isn't guessed. */
export class UnreadablePolicy extends Error {
  override readonly name = "UnreadablePolicy";

  /** @param where the policy and, if it is in one, the statement */
  constructor(where: string, complaint: string) {
    super(`${where}: ${complaint}`);
  }
}

/** A value of a policy, for an error: one line of at most 80 characters. */
export function shown(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value) ? "a list" : "an object";
  }
  // Nothing but JSON's own is left, and what an element that is missing has.
  return value === undefined ? "nothing" : cut(printable(JSON.stringify(value)), LONGEST);
}

/** At most so many characters of a text. */
export function cut(text: string, longest: number): string {
  const characters = Array.from(text);
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}
