/**
 * The raw text of a log event, for patterns on text. Of one that is given parsed, its JSON text without spaces,
 * which is how CloudTrail writes it; `undefined` where it has none.
 */
export function messageOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value);
  } catch {
    // Nested too deep for the platform to write.
    return undefined;
  }
}
