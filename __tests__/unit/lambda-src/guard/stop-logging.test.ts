import fc from "fast-check";
import { judge, trailIdentity } from "../../../../lambda-src/guard/stop-logging";

const TRAIL = trailIdentity("arn:aws:cloudtrail:ap-northeast-2:123456789012:trail/trailwarden");

function stopLogging(detail: object = {}): {
  detail: Record<string, unknown>;
  account: string;
  region: string;
} {
  return {
    account: "123456789012",
    region: "ap-northeast-2",
    detail: {
      eventSource: "cloudtrail.amazonaws.com",
      eventName: "StopLogging",
      awsRegion: "ap-northeast-2",
      recipientAccountId: "123456789012",
      requestParameters: { name: TRAIL.arn },
      userIdentity: { type: "IAMUser", arn: "arn:aws:iam::123456789012:user/mallory" },
      sourceIPAddress: "203.0.113.10",
      eventID: "e1",
      eventTime: "2026-01-01T00:00:00Z",
      ...detail,
    },
  };
}

describe("trailIdentity", () => {
  it("takes the ARN of every partition apart", () => {
    expect(trailIdentity("arn:aws-us-gov:cloudtrail:us-gov-west-1:123456789012:trail/a.b-c_d")).toEqual({
      arn: "arn:aws-us-gov:cloudtrail:us-gov-west-1:123456789012:trail/a.b-c_d",
      name: "a.b-c_d",
      region: "us-gov-west-1",
      accountId: "123456789012",
    });
  });

  it.each(["", "trailwarden", "arn:aws:s3:::bucket", "arn:aws:cloudtrail:eu-west-1:1:trail/x"])(
    "refuses %j",
    (arn) => {
      expect(() => trailIdentity(arn)).toThrow(`not a trail's ARN: ${JSON.stringify(arn)}`);
    },
  );
});

describe("judge", () => {
  it.each([
    ["its ARN", { requestParameters: { name: TRAIL.arn } }],
    ["its name", { requestParameters: { name: "trailwarden" } }],
    [
      "its name, the call's region and account in the envelope only",
      {
        requestParameters: { name: "trailwarden" },
        awsRegion: undefined,
        recipientAccountId: undefined,
      },
    ],
    ["its ARN, with a null error code", { errorCode: null }],
  ])("sees the trail stopped by %s", (_, detail) => {
    expect(judge(stopLogging(detail), TRAIL)).toEqual({
      kind: "stopped",
      call: {
        eventId: "e1",
        eventTime: "2026-01-01T00:00:00Z",
        principalArn: "arn:aws:iam::123456789012:user/mallory",
        sourceIpAddress: "203.0.113.10",
      },
    });
  });

  it.each([
    [
      "a denied call",
      { errorCode: "AccessDenied", requestParameters: null },
      "the call failed: AccessDenied",
    ],
    ["a failed call", { errorCode: "TrailNotFoundException" }, "the call failed: TrailNotFoundException"],
    ["an error code of another form", { errorCode: 7 }, "the call failed: error code of unknown form"],
    ["null parameters", { requestParameters: null }, "the call names no trail"],
    ["no trail name", { requestParameters: {} }, "the call names no trail"],
    [
      "a trail name that is no text",
      { requestParameters: { name: ["trailwarden"] } },
      "the call names no trail",
    ],
    [
      "another trail's name",
      { requestParameters: { name: "other" } },
      "the call is for another trail: other",
    ],
    [
      "another account's trail",
      { requestParameters: { name: TRAIL.arn.replace("123456789012", "210987654321") } },
      "the call is for another trail: arn:aws:cloudtrail:ap-northeast-2:210987654321:trail/trailwarden",
    ],
    [
      "the same name in another region",
      { requestParameters: { name: "trailwarden" }, awsRegion: "us-east-1" },
      "the call is for another trail: trailwarden",
    ],
    [
      "the same name in another account",
      { requestParameters: { name: "trailwarden" }, recipientAccountId: "210987654321" },
      "the call is for another trail: trailwarden",
    ],
    ["another call", { eventName: "StartLogging" }, "not a StopLogging call"],
    ["another service's call", { eventSource: "kinesis.amazonaws.com" }, "not a call to CloudTrail"],
  ])("ignores %s", (_, detail, reason) => {
    expect(judge(stopLogging(detail), TRAIL)).toEqual({ kind: "ignored", reason });
  });

  it.each([undefined, null, 0, "", "event", [], {}, { detail: null }, { detail: "x" }, { detail: [] }])(
    "ignores the malformed event %j",
    (event) => {
      expect(judge(event, TRAIL).kind).toBe("ignored");
    },
  );

  it("gives a verdict on anything, and acts on nothing but a stop of this trail", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (event) => {
        expect(judge(event, TRAIL).kind).toBe("ignored");
      }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(stopLogging().detail)), fc.anything()),
        (broken) => {
          expect(["ignored", "stopped"]).toContain(judge(stopLogging(broken), TRAIL).kind);
        },
      ),
    );
  });
});
