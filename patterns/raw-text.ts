import type { RequiredLiterals } from "./required-literals";

/** Characters that JSON text may hold in more than one way, apart from `\u` escapes: `"`, `\`, `/`, control. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const escapableCharacters = /["\\/\u0000-\u001f]+/;

/**
 * Whether a record may match a pattern, judged by searching its raw JSON text for the pattern's required
 * literals. Never `false` for a text whose parsed value matches; `true` says only "parse it and see".
 *
 * @param rawJson the record's JSON text, with any escapes JSON allows
 */
export function mayMatchRawText(literals: RequiredLiterals, rawJson: string): boolean {
  return literals.every((clause) => clause.some((literal) => mayContain(rawJson, literal)));
}

function mayContain(rawJson: string, literal: string): boolean {
  const searchable = literal.split(escapableCharacters);
  // A `\u` escape can spell any character, so that where one stands a missing piece proves nothing.
  return searchable.every((piece) => rawJson.includes(piece)) || rawJson.includes("\\u");
}
