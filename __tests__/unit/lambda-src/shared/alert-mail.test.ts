import fc from "fast-check";
import { alertMail } from "../../../../lambda-src/shared/alert-mail";
import { alertWith, hostileAlert } from "./alerts";
import { callOfRecord } from "./records";

describe("alertMail", () => {
  it("reads as a whole", () => {
    const alert = alertWith({ notices: ["The alarm's metric counted 2."], items: ["a thing"] });

    expect(alertMail(alert)).toEqual({
      subject: "[HIGH] Snapshot shared: 1 event by user mallory",
      body: `[HIGH] Snapshot shared

1 event matched from 05:40 to 05:45 UTC.

When     1970-01-01T00:00:00Z
Who      user mallory, without MFA
         arn:aws:iam::123456789012:user/mallory
What     ModifySnapshotAttribute (ec2.amazonaws.com)
         snapshotId snap-0123
With     snapshotId: snap-0123, attributeType: CREATE_VOLUME_PERMISSION
From     203.0.113.10
         aws-cli/2.15
Account  123456789012, region ap-northeast-2
Event    e1

  - a thing

The alarm's metric counted 2.

To do
  1. See with whom it is shared.
  2. Ask its owner.
  3. Take the permission back: https://wiki.example/x

Alarm
  https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/x
`,
    });
  });

  it("heads each of several calls, and tells of how many there are", () => {
    const calls = [callOfRecord(), callOfRecord()];

    expect(alertMail(alertWith({ calls, callCount: "37" })).body.match(/^Event \d.*/gm)).toEqual([
      "Event 1 of 37",
      "Event 2 of 37",
    ]);
    expect(alertMail(alertWith({ calls, callCount: undefined })).body).toContain(
      "\n\nEvent 2 of 2\nWhen     ",
    );
    expect(alertMail(alertWith()).body).not.toMatch(/^Event \d/m);
  });

  it("says how AWS refused a call, and through whom it was made", () => {
    const call = callOfRecord({
      errorCode: "AccessDenied",
      errorMessage: "User is not authorized",
      userIdentity: { type: "IAMUser", userName: "alice", invokedBy: "cloudformation.amazonaws.com" },
    });

    const { body } = alertMail(alertWith({ calls: [call] }));

    expect(body).toContain("denied or failed: AccessDenied\n         User is not authorized\n");
    expect(body).toContain(
      "user alice, MFA unknown\n         no ARN recorded\n         through cloudformation.",
    );
  });

  it.each([
    ["Failed authentication", "failed: Failed authentication"],
    [undefined, "failed: no reason recorded"],
    ["No username\nWho      root", "failed: No username Who root"],
  ])("says why a sign-in failed: %j", (errorMessage, expected) => {
    const call = callOfRecord({
      eventSource: "signin.amazonaws.com",
      eventName: "ConsoleLogin",
      errorMessage,
      requestParameters: null,
      responseElements: { ConsoleLogin: "Failure" },
    });

    const { body } = alertMail(alertWith({ calls: [call] }));

    expect(body).toContain(
      `What     ConsoleLogin (signin.amazonaws.com)\n         ${expected}\nFrom     203.0.113.10\n`,
    );
    expect(body).not.toMatch(/denied|Failure/);
  });

  it("says of what isn't recorded that it isn't", () => {
    const call = callOfRecord({
      userIdentity: null,
      sourceIPAddress: null,
      userAgent: undefined,
      recipientAccountId: 7,
      awsRegion: "",
      eventID: {},
      eventTime: null,
    });

    const { body } = alertMail(alertWith({ calls: [call] }));

    expect(body).toContain("When     unknown\nWho      unknown, MFA unknown\n         no ARN recorded\nWhat");
    expect(body).toContain(
      "From     unknown address\nAccount  unknown, region unknown\nEvent    without an id\n",
    );
  });

  it("holds no forged line, link or turned text, whatever stands in a record", () => {
    fc.assert(
      fc.property(hostileAlert, (alert) => {
        const { subject, body } = alertMail(alert);
        expect(subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,99}$/);
        expect(() => encodeURIComponent(body)).not.toThrow();
        expect(body).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]|undefined|\[object|NaN/u);
        expect(body.match(/\S*:\/\/\S*/g)).toEqual(["https://wiki.example/x", alert.links[0]?.url]);
        // Where a line is cut, `...` may follow.
        expect(body).not.toMatch(/www\.(?!\.)/i);
        const lines = body.split("\n");
        const shapes =
          /^(?:\[[A-Z]+\] T.*|It happened:.*|Says.*|Event \d of (?:\d|at least 10000)|(?:When|Who|What|With|From|Trail|Metric) {2,}\S.*|Account {2}\S.*|Event {4}\S.*|To do|Alarm| {2}(?:-|\d\.) \S.*| {2}(?:[^ ].*)| {4,9}\S.*|)$/u;
        expect(lines.filter((line) => !shapes.test(line))).toEqual([]);
        const count = (begin: RegExp) => lines.filter((line) => begin.test(line)).length;
        for (const label of ["When", "Who", "What", "From", "Account", "Event"]) {
          expect(count(new RegExp(`^${label} {2}`))).toBe(alert.calls.length);
        }
        expect(count(/^To do$/)).toBe(1);
        expect(count(/^\[[A-Z]+\]/)).toBe(1);
        expect(count(/^Event \d of/)).toBe(
          alert.calls.length === 1 && alert.callCount === undefined ? 0 : alert.calls.length,
        );
      }),
      { numRuns: 200 },
    );
  });

  it("cuts a user agent of 100 KB", () => {
    const call = callOfRecord({ userAgent: "x\r\nWho      ".repeat(10_000) });

    expect(alertMail(alertWith({ calls: [call] })).body.length).toBeLessThan(1500);
  });
});
