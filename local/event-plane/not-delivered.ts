/** Something didn't reach what it was for; the message says why, in words for people. */
export class NotDelivered extends Error {
  override readonly name = "NotDelivered";

  /** @param isRetriable whether AWS would try again: not where the permission or the target itself is missing */
  constructor(
    message: string,
    readonly code: string,
    readonly isRetriable = false,
  ) {
    super(message);
  }
}
