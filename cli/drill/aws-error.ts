/** A call that surely wasn't carried out: AWS refused it, or it was never sent. */
export class RefusedError extends Error {}

/**
 * What became of a call, in a sentence.
 *
 * @param action as IAM names it, e.g. `cloudtrail:StopLogging`
 * @returns a RefusedError for a call that surely wasn't carried out, provided that it was tried only once; any other
 * Error where that isn't known
 */
export function awsError(action: string, error: unknown): Error {
  const { name, message, status } = factsOf(error);
  if (/^(?:Credentials|Token)ProviderError$/.test(name)) {
    return new RefusedError(`there are no AWS credentials to call ${action} with: ${message}`);
  }
  if (status === undefined || status < 400 || status >= 500) {
    return new Error(`${action} was not answered as it should be: ${message}`);
  }
  if (/^ExpiredToken|^RequestExpired$/.test(name)) {
    return new RefusedError(`the AWS credentials have expired (${action}): get new ones`);
  }
  if (/^(?:UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch)/.test(name)) {
    return new RefusedError(`AWS doesn't know the credentials (${action}): ${message}`);
  }
  if (/^(?:AccessDenied|AuthorizationError|UnauthorizedOperation)/.test(name)) {
    return new RefusedError(`the caller may not ${action}: ${message}`);
  }
  return new RefusedError(`AWS refused ${action}: ${name}: ${message}`);
}

/**
 * For the `catch` of a call.
 *
 * @param missing names of the errors that say that there is no such thing; any other is thrown on
 */
export function undefinedFor(...missing: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof Error && missing.includes(error.name)) {
      return undefined;
    }
    throw error;
  };
}

/** What a failed call says of itself; the SDK's errors, Node's and any other value. */
function factsOf(error: unknown): { name: string; message: string; status: number | undefined } {
  if (!(error instanceof Error)) {
    return { name: "", message: firstLine(String(error)), status: undefined };
  }
  // An AggregateError of tried addresses has a code and no message.
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return {
    name: error.name,
    message: firstLine(error.message) || code || error.name,
    status: statusOf(error),
  };
}

function statusOf(error: Error): number | undefined {
  const metadata = "$metadata" in error ? error.$metadata : undefined;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) {
    return undefined;
  }
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}

/** What follows the first line is the SDK's advice to those who program with it. */
function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").trim();
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
