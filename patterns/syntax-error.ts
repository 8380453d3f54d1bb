/**
 * A pattern that AWS would reject, or whose meaning no source settles.
 *
 * The message is for people: what is wrong and what to write instead, in lower case, without a full stop.
 */
export class PatternSyntaxError extends Error {
  override readonly name = "PatternSyntaxError";

  constructor(
    message: string,
    /** Where it is wrong: an index into the pattern's text (for an event pattern, into its JSON text). */
    readonly offset: number,
    /** The field of an event pattern that is wrong, such as `detail.state`; none for a filter pattern. */
    readonly path?: string,
  ) {
    super(path === undefined || path === "" ? message : `${path}: ${message}`);
  }
}
