import fc from "fast-check";
import { apiCallOf, apiCallOfRecord, property, text } from "../../../../lambda-src/shared/api-call";
import { ACCOUNT, REGION } from "../guard/support/deployment";
import { eventOf, MALLORY, TERRAFORM, TERRAFORM_ROLE_ARN } from "../guard/support/events";

const CALL = { eventSource: "cloudtrail.amazonaws.com", eventName: "StopLogging", at: 0 };

function callWith(detail: object) {
  const event = eventOf(CALL);
  return apiCallOf({ ...event, detail: { ...event.detail, ...detail } });
}

describe("apiCallOf", () => {
  it("reads what CloudTrail recorded", () => {
    const event = eventOf({
      ...CALL,
      requestParameters: { name: "trailwarden" },
      resources: [{ ARN: "arn:aws:kms:key" }, { type: "x" }, 7],
    });

    expect(apiCallOf(event)).toEqual({
      eventId: "e1",
      time: "1970-01-01T00:00:00Z",
      eventSource: CALL.eventSource,
      eventName: CALL.eventName,
      region: REGION,
      accountId: ACCOUNT,
      errorCode: undefined,
      errorMessage: undefined,
      sourceIpAddress: "203.0.113.10",
      userAgent: "aws-cli/2.15",
      principal: {
        type: "IAMUser",
        arn: MALLORY.arn,
        roleOrUserArn: MALLORY.arn,
        userName: "",
        accountId: "",
        mfa: false,
        invokedBy: undefined,
      },
      parameters: { name: "trailwarden" },
      resourceArns: ["arn:aws:kms:key"],
    });
  });

  it("takes from the envelope what the record lacks", () => {
    expect(
      callWith({ eventID: null, eventTime: "", awsRegion: undefined, recipientAccountId: 7 }),
    ).toMatchObject({ eventId: "e1", time: "1970-01-01T00:00:00Z", region: REGION, accountId: ACCOUNT });
  });

  it("knows a role by who issued the session, or by the session's own ARN", () => {
    expect(callWith({ userIdentity: TERRAFORM })?.principal).toMatchObject({
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/terraform/run-4711`,
      roleOrUserArn: TERRAFORM_ROLE_ARN,
    });
    expect(callWith({ userIdentity: { arn: TERRAFORM.arn } })?.principal.roleOrUserArn).toBe(
      `arn:aws:iam::${ACCOUNT}:role/terraform`,
    );
    expect(
      callWith({ userIdentity: { arn: "arn:aws-us-gov:sts::123456789012:assumed-role/r/s/t" } })?.principal
        .roleOrUserArn,
    ).toBe("arn:aws-us-gov:iam::123456789012:role/r");
  });

  it.each([
    [{ attributes: { mfaAuthenticated: "true" } }, true],
    [{ attributes: { mfaAuthenticated: "false" } }, false],
    [{ attributes: {} }, undefined],
    [{ attributes: { mfaAuthenticated: true } }, undefined],
    [undefined, undefined],
  ])("reads MFA of %j as %s", (sessionContext, mfa) => {
    expect(callWith({ userIdentity: { arn: "a", sessionContext } })?.principal.mfa).toBe(mfa);
  });

  it.each([
    ["Yes", true],
    ["No", false],
    [7, undefined],
  ])("reads MFA of a sign-in with %j as %s", (MFAUsed, mfa) => {
    const userIdentity = { type: "IAMUser", userName: "mallory", accountId: ACCOUNT };

    expect(callWith({ userIdentity, additionalEventData: { MFAUsed } })?.principal).toMatchObject({
      userName: "mallory",
      accountId: ACCOUNT,
      mfa,
    });
  });

  it("takes a sign-in that failed for a call that failed, though its record has no error code", () => {
    const failed = { responseElements: { ConsoleLogin: "Failure" }, errorMessage: "Failed authentication" };

    expect(callWith({ ...failed, eventName: "ConsoleLogin" })).toMatchObject({
      errorCode: "Failure",
      errorMessage: "Failed authentication",
    });
    expect(callWith({ ...failed, eventName: "ConsoleLogin", errorCode: "AccessDenied" })?.errorCode).toBe(
      "AccessDenied",
    );
    expect(callWith(failed)?.errorCode).toBeUndefined();
    expect(
      callWith({ eventName: "ConsoleLogin", responseElements: { ConsoleLogin: "Success" } })?.errorCode,
    ).toBeUndefined();
  });

  it.each([[null], [7], [[]], ["{}"], [undefined]])(
    "takes parameters that are %j for none",
    (requestParameters) => {
      expect(callWith({ requestParameters })?.parameters).toEqual({});
    },
  );

  it.each([
    [undefined],
    [null],
    [7],
    ["event"],
    [[]],
    [{}],
    [{ detail: null }],
    [{ detail: { eventSource: "x" } }],
  ])("finds no call in %j", (event) => {
    expect(apiCallOf(event)).toBeUndefined();
  });

  it("reads any JSON without trouble, and gives texts where it promises texts", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (some, other) => {
        const call = callWith({
          eventID: some,
          eventTime: other,
          userIdentity: some,
          resources: other,
          errorCode: some,
          requestParameters: other,
        });
        expect(typeof call?.eventId).toBe("string");
        expect(typeof call?.time).toBe("string");
        expect(typeof call?.principal.arn).toBe("string");
        expect(call?.resourceArns.every((arn) => typeof arn === "string")).toBe(true);
        apiCallOf(some);
      }),
    );
  });
});

describe("apiCallOfRecord", () => {
  it("reads a record as it stands in the log group as apiCallOf reads its event", () => {
    const event = eventOf(CALL);

    expect(apiCallOfRecord(event.detail)).toEqual(apiCallOf(event));
    expect(apiCallOfRecord(event)).toBeUndefined();
  });
});

describe("property", () => {
  it("gives a value's own properties only", () => {
    expect(property({ a: 1 }, "a")).toBe(1);
    expect(property({}, "constructor")).toBeUndefined();
    expect(property([1], "0")).toBeUndefined();
    expect(property(JSON.parse('{"__proto__":{"a":1}}'), "a")).toBeUndefined();
    expect(text({ a: 7 }, "a")).toBe("");
  });
});
