/** A policy says what isn't understood here; what it allows isn't guessed. */
export class UnknownPolicyError extends Error {
  override readonly name = "UnknownPolicyError";

  /** @param where the policy and, if it is in one, the statement */
  constructor(where: string, complaint: string) {
    super(`${where}: ${complaint}`);
  }
}
