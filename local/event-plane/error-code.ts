/** Codes of IAM's answers; its records have the names of the exceptions. */
const IAM_EXCEPTIONS =
  /^(?:NoSuchEntity|EntityAlreadyExists|EntityTemporarilyUnmodifiable|DeleteConflict|LimitExceeded|InvalidInput|MalformedPolicyDocument|UnmodifiableEntity|PasswordPolicyViolation|ConcurrentModification|PolicyNotAttachable|ServiceFailure)$/;

const EC2_FAILURES = /^(?:Internal\w*|Unavailable|ServiceUnavailable|InsufficientInstanceCapacity)$/;

/**
 * The `errorCode` that CloudTrail records for the code of an answer: `AccessDenied` for an `AccessDeniedException`, EC2's
 * codes with whose fault it is before them.
 */
export function errorCodeOf(service: string, code: string): string {
  // The JSON protocols may put the namespace before the code.
  const name = code.slice(code.lastIndexOf("#") + 1);
  if (service === "ec2") {
    return `${EC2_FAILURES.test(name) ? "Server" : "Client"}.${name}`;
  }
  if (name === "AccessDeniedException") {
    return "AccessDenied";
  }
  return service === "iam" && IAM_EXCEPTIONS.test(name) ? `${name}Exception` : name;
}

/** Whether a recorded code says that the caller may not. */
export function isDenied(errorCode: string): boolean {
  return /^AccessDenied|UnauthorizedOperation$/.test(errorCode);
}
