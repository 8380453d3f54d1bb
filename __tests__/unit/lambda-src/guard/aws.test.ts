import { type Aws, isError, unless, withHeadStart } from "../../../../lambda-src/guard/aws";

function awsError(name: string): Error {
  return Object.assign(new Error("no"), { name });
}

describe("unless", () => {
  it("gives what the call gives, or nothing for the codes that say that there is no such thing", async () => {
    await expect(unless(Promise.resolve(7), "NotFound")).resolves.toBe(7);
    await expect(unless(Promise.reject(awsError("NotFound")), "Gone", "NotFound")).resolves.toBeUndefined();
  });

  it("throws every other error as it is", async () => {
    const error = awsError("AccessDenied");

    await expect(unless(Promise.reject(error), "NotFound")).rejects.toBe(error);
    await expect(unless(Promise.reject(error))).rejects.toBe(error);
  });
});

describe("isError", () => {
  it("goes by the name of an error, and takes nothing else for one", () => {
    expect(isError(awsError("Gone"), "Gone")).toBe(true);
    expect(isError(awsError("Gone"), "NotFound")).toBe(false);
    expect(isError({ name: "Gone" }, "Gone")).toBe(false);
    expect(isError("Gone", "Gone")).toBe(false);
  });
});

describe("withHeadStart", () => {
  const STATUS = { Name: "trail" };

  function counting(answer: () => Promise<object>) {
    const calls: string[] = [];
    const aws = ((name: string, input: object) => {
      calls.push(`${name} ${JSON.stringify(input)}`);
      return answer();
    }) as Aws;
    return { aws, calls };
  }

  it("has begun the call before anybody makes it, and makes it once", async () => {
    const { aws, calls } = counting(async () => ({ IsLogging: true }));
    const ahead = withHeadStart(aws, "cloudtrail:GetTrailStatus", STATUS);

    expect(calls).toHaveLength(1);
    await expect(ahead("cloudtrail:GetTrailStatus", { ...STATUS })).resolves.toEqual({ IsLogging: true });
    expect(calls).toHaveLength(1);
  });

  it("makes it anew the next time, and another call at once", async () => {
    const { aws, calls } = counting(async () => ({}));
    const ahead = withHeadStart(aws, "cloudtrail:GetTrailStatus", STATUS);
    await ahead("cloudtrail:GetTrailStatus", { Name: "another" });
    await ahead("cloudtrail:GetTrail", STATUS);
    await ahead("cloudtrail:GetTrailStatus", STATUS);
    await ahead("cloudtrail:GetTrailStatus", STATUS);

    expect(calls).toHaveLength(4);
  });

  it("gives its error to whoever makes the call, and to nobody if nobody does", async () => {
    const error = awsError("Throttling");
    const { aws } = counting(() => Promise.reject(error));

    await expect(
      withHeadStart(aws, "cloudtrail:GetTrailStatus", STATUS)("cloudtrail:GetTrailStatus", STATUS),
    ).rejects.toBe(error);
    withHeadStart(aws, "cloudtrail:GetTrailStatus", STATUS);
    await new Promise((resolve) => setImmediate(resolve));
  });
});
