/**
 * What a record must contain for a pattern to match it, in conjunctive normal form: for each inner list, at
 * least one of its literals stands inside some string value of the record. An empty outer list says nothing.
 *
 * It lets a caller with many patterns and records skip most of them by searching a record's raw text, see
 * `mayMatchRawText`.
 */
export type RequiredLiterals = readonly (readonly string[])[];

/** Nothing can be said: any record may match. */
export const nothingRequired: RequiredLiterals = [];

/** The literals of conditions that must hold together. */
export function requiredByAll(parts: readonly RequiredLiterals[]): RequiredLiterals {
  return parts.flat();
}

/**
 * The literals of conditions of which one must hold: one clause, made of the strongest clause of each.
 * (Every combination of clauses would be sound too, but there are exponentially many.)
 */
export function requiredByAny(alternatives: readonly RequiredLiterals[]): RequiredLiterals {
  const [only] = alternatives;
  if (alternatives.length === 1 && only !== undefined) return only;
  const literals = new Set<string>();
  for (const alternative of alternatives) {
    const strongest = [...alternative].sort((a, b) => strength(b) - strength(a))[0];
    if (strongest === undefined) return nothingRequired;
    for (const literal of strongest) literals.add(literal);
  }
  return [[...literals]];
}

/** A clause is as rare as its shortest literal is long. */
function strength(clause: readonly string[]): number {
  return Math.min(...clause.map((literal) => literal.length));
}
