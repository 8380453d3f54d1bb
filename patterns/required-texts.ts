/**
 * What a JSON record must contain for a pattern to match it. It lets a caller with many patterns and records skip most
 * of them by a search of their raw text, see `compileRawTextSearch`.
 */
export type RequiredTexts =
  | RequiredText
  /** All of the parts hold. Without parts nothing is said: any record may match. */
  | { readonly kind: "all"; readonly parts: readonly RequiredTexts[] }
  /** One of the parts holds. */
  | { readonly kind: "any"; readonly parts: readonly RequiredTexts[] };

/** A text that stands in a string value of the record. */
export interface RequiredText {
  readonly kind: "text";
  /**
   * The key of the value, or what follows a dot in it. The value stands there by itself or in an array. `undefined`
   * where the pattern doesn't tell.
   */
  readonly key: string | undefined;
  readonly text: string;
  /** Whether the value begins with the text. */
  readonly atStart: boolean;
}

/** Nothing can be said: any record may match. */
export const nothingRequired: RequiredTexts = { kind: "all", parts: [] };

/**
 * What a wildcard asks of a value.
 *
 * @param pieces the fixed texts between its `*`s, of which the empty one says nothing
 */
export function requiredByWildcard(key: string | undefined, pieces: readonly string[]): RequiredTexts {
  const texts = pieces.map(
    (text, index): RequiredText => ({ kind: "text", key, text, atStart: index === 0 }),
  );
  return { kind: "all", parts: texts.filter(({ text }) => text !== "") };
}
