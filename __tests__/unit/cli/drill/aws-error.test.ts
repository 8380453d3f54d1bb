import { awsError, RefusedError, undefinedFor } from "../../../../cli/drill/aws-error";

function serviceError(name: string, message: string, httpStatusCode: number): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

const CALL = "cloudtrail:StopLogging";

describe("awsError", () => {
  it.each([
    ["CredentialsProviderError", "there are no AWS credentials to call cloudtrail:StopLogging with: no"],
    ["TokenProviderError", "there are no AWS credentials to call cloudtrail:StopLogging with: no"],
  ])("takes a call that %s kept from being sent for refused", (name, message) => {
    const error = awsError(CALL, Object.assign(new Error("no"), { name }));

    expect(error).toBeInstanceOf(RefusedError);
    expect(error.message).toBe(message);
  });

  it.each([
    ["ExpiredTokenException", "the AWS credentials have expired (cloudtrail:StopLogging): get new ones"],
    ["RequestExpired", "the AWS credentials have expired (cloudtrail:StopLogging): get new ones"],
    ["UnrecognizedClientException", "AWS doesn't know the credentials (cloudtrail:StopLogging): no"],
    ["AccessDeniedException", "the caller may not cloudtrail:StopLogging: no"],
    ["AuthorizationErrorException", "the caller may not cloudtrail:StopLogging: no"],
    ["ThrottlingException", "AWS refused cloudtrail:StopLogging: ThrottlingException: no"],
  ])("takes an answer of %s for refused", (name, message) => {
    const error = awsError(CALL, serviceError(name, "no", 400));

    expect(error).toBeInstanceOf(RefusedError);
    expect(error.message).toBe(message);
  });

  it.each([
    ["a failure of AWS", serviceError("InternalFailure", "oh", 500), "oh"],
    ["an answer that can't be read", serviceError("SyntaxError", "oh\n  at the SDK", 200), "oh"],
    ["no answer", new Error("socket hang up"), "socket hang up"],
    [
      "no connection to any address",
      Object.assign(new AggregateError([], ""), { code: "ECONNREFUSED" }),
      "ECONNREFUSED",
    ],
    ["no Error at all", "oh", "oh"],
  ])("doesn't take %s for refused", (_, thrown, said) => {
    const error = awsError(CALL, thrown);

    expect(error).not.toBeInstanceOf(RefusedError);
    expect(error.message).toBe(`cloudtrail:StopLogging was not answered as it should be: ${said}`);
  });
});

describe("undefinedFor", () => {
  const missing = undefinedFor("TrailNotFoundException");

  it("takes an error of a name for nothing", () => {
    expect(missing(serviceError("TrailNotFoundException", "no", 400))).toBeUndefined();
  });

  it("throws any other on", () => {
    expect(() => missing(serviceError("AccessDeniedException", "no", 400))).toThrow("no");
  });
});
