import fc from "fast-check";
import { DONE_BY_EXEMPT } from "../../../../lambda-src/guard/exempt";
import type { Finding } from "../../../../lambda-src/guard/reconcile";
import { type Report, reportAlert } from "../../../../lambda-src/guard/report";
import type { Severity } from "../../../../lambda-src/shared/alert";
import { alertMail } from "../../../../lambda-src/shared/alert-mail";
import { type ApiCall, apiCallOf } from "../../../../lambda-src/shared/api-call";
import { publicationOf, readAlert } from "../../../../lambda-src/shared/publication";
import { hostileText } from "../shared/hostile-text";
import { TRAIL_ARN } from "./support/deployment";
import { type CallOfEvent, eventOf, MALLORY } from "./support/events";

const STOPPED = { eventSource: "cloudtrail.amazonaws.com", eventName: "StopLogging" };

function call(details: Partial<CallOfEvent> = {}): ApiCall {
  return apiCallOf(eventOf({ ...STOPPED, ...details })) as ApiCall;
}

function finding(fate: Finding["fate"], why?: string, kind: "weaker" | "stronger" = "weaker"): Finding {
  const difference = {
    id: "trail.logging",
    row: "stop-logging",
    kind,
    what: "the trail does not log",
  } as const;
  return { part: "trail", difference, fate, ...(why === undefined ? {} : { why }) };
}

function alertOf(report: Partial<Report>) {
  return reportAlert({
    trailArn: TRAIL_ARN,
    isExempt: false,
    findings: [],
    unseen: [],
    seconds: 2.345,
    notices: [],
    needsTerraform: false,
    ...report,
  });
}

function message(report: Partial<Report>) {
  const alert = alertOf(report);
  return alert && alertMail(alert);
}

describe("reportAlert", () => {
  it("is nothing where there is nothing to tell", () => {
    expect(message({})).toBeUndefined();
    expect(message({ unseen: ["trail.logging could not be seen"] })).toBeUndefined();
  });

  it("reads as a whole", () => {
    expect(message({ call: call(), touched: "trail trailwarden", findings: [finding("restored")] })).toEqual({
      subject: "Trail guard: StopLogging undone - trailwarden",
      body: `[HIGH] Trail guard: StopLogging undone

StopLogging on trail trailwarden: it was not as declared and is restored.

When     1970-01-01T00:00:00Z
Who      user mallory, without MFA
         arn:aws:iam::123456789012:user/mallory
What     StopLogging (cloudtrail.amazonaws.com)
From     203.0.113.10
         aws-cli/2.15
Account  123456789012, region ap-northeast-2
Event    e1

Trail    ${TRAIL_ARN}

  - the trail does not log: restored, 2.3 s after the call

To do
  - if you don't know the caller, disable its credentials and read what else
    it did
`,
    });
  });

  it.each<[string, Partial<Report>, string, string, string[]]>([
    [
      "what was found and restored",
      { findings: [finding("restored"), finding("restored")] },
      "2 restored",
      "The guard looked: 2 things were not as declared and are restored.",
      ["see in CloudTrail's event history"],
    ],
    [
      "what was found and not restored",
      { findings: [finding("failed", "AccessDenied: no"), finding("restored")] },
      "ACTION NEEDED, 1 difference",
      "The guard looked: 1 thing is NOT as declared, 1 restored.",
      ["run terraform apply", "see in CloudTrail's event history"],
    ],
    [
      "what a call made and was not restored",
      { call: call(), findings: [finding("left", "the guard is paused"), finding("failed", "x")] },
      "ACTION NEEDED, StopLogging",
      "StopLogging on the trail: 2 things are NOT as declared.",
      ["run terraform apply", "if you don't know the caller"],
    ],
    [
      "what is more than declared",
      { findings: [finding("left", "more", "stronger")] },
      "ACTION NEEDED, 1 difference",
      "The guard looked: 1 thing is NOT as declared.",
      ["declare what is more than declared", "see in CloudTrail's event history"],
    ],
    [
      "what an exempt principal did",
      { call: call(), isExempt: true, findings: [finding("left", DONE_BY_EXEMPT)] },
      "StopLogging by an exempt principal",
      "StopLogging on the trail: 1 thing is NOT as declared.",
      ["run terraform apply"],
    ],
    [
      "what somebody else did beside an exempt principal",
      { call: call(), isExempt: true, findings: [finding("left", DONE_BY_EXEMPT), finding("failed", "x")] },
      "ACTION NEEDED, StopLogging",
      "StopLogging on the trail: 2 things are NOT as declared.",
      ["run terraform apply"],
    ],
    [
      "what waits for Terraform",
      { call: call(), findings: [finding("passed over", "a terraform apply may be at work")] },
      "ACTION NEEDED, StopLogging",
      "StopLogging on the trail: 1 thing is NOT as declared.",
      ["run terraform apply", "if you don't know the caller"],
    ],
    [
      "what could not be seen",
      { call: call(), unseen: ["trail.logging could not be seen: Throttling: slow"] },
      "NOT CHECKED, StopLogging",
      "StopLogging on the trail: the guard could not see whether all of it is as declared.",
      ["run terraform plan", "if you don't know the caller"],
    ],
    [
      "what nobody can see",
      { call: call({ eventName: "PutKeyPolicy" }), touched: "key k", needsTerraform: true },
      "ACTION NEEDED, PutKeyPolicy",
      "PutKeyPolicy on key k: the guard can't see or restore what this changes.",
      ["run terraform apply", "if you don't know the caller"],
    ],
    [
      "an attempt",
      { call: call({ errorCode: "AccessDenied" }), touched: "trail t" },
      "attempt StopLogging",
      "An attempt that AWS refused: StopLogging on trail t. Nothing was changed.",
      ["if you don't know the caller"],
    ],
    [
      "a call with nothing left of it",
      { call: call(), touched: "trail t" },
      "StopLogging",
      "StopLogging on trail t: all of it is as declared now.",
      ["if you don't know the caller"],
    ],
    [
      "news of its own",
      { notices: ["The pause is over: the guard restores again."] },
      "The pause is over: the guard restores again.",
      "News of the guard.",
      ["nothing"],
    ],
  ])("tells of %s", (_, report, subject, headline, toDo) => {
    const { subject: told, body = "" } = message(report) ?? {};

    expect(told).toBe(`Trail guard: ${subject} - trailwarden`);
    expect(body.split("\n\n")[1]?.replace(/\n +/g, " ")).toBe(headline);
    const steps = body.split("\nTo do\n")[1]?.match(/^ {2}(?:-|\d\.) .*/gm) ?? [];
    const mark = (index: number) => (toDo.length === 1 ? "-" : `${index + 1}.`);
    expect(steps.map((step, index) => step.startsWith(`  ${mark(index)} ${toDo[index]}`))).toEqual(
      toDo.map(() => true),
    );
  });

  it("reads well in any mail, and can't be forged, whatever an event, an error or a pause holds", () => {
    const anyFinding = fc.record({
      fate: fc.constantFrom<Finding["fate"]>("restored", "failed", "left", "passed over"),
      why: hostileText,
      what: hostileText,
    });
    const details = fc.record({
      eventName: hostileText.map((text) => `E${text}`),
      userAgent: hostileText,
      sourceIpAddress: hostileText,
      errorCode: fc.option(hostileText, { nil: undefined }),
      userIdentity: fc.record({ arn: hostileText, type: hostileText }),
    });
    const anyReport = fc.record({
      call: fc.option(details.map(call), { nil: undefined }),
      touched: hostileText,
      isExempt: fc.boolean(),
      needsTerraform: fc.constant(false),
      findings: fc.array(anyFinding, { maxLength: 3 }).map((findings) =>
        findings.map(({ fate, why, what }): Finding => {
          const { difference } = finding(fate);
          return { part: "trail", fate, why, difference: { ...difference, what } };
        }),
      ),
      unseen: fc.array(hostileText, { maxLength: 2 }),
      notices: fc.array(
        hostileText.map((text) => `Notice ${text}`),
        { maxLength: 2 },
      ),
    });
    fc.assert(
      fc.property(anyReport, (report) => {
        const { subject, body } = message(report) ?? { subject: "x", body: "" };
        expect(subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,99}$/);
        expect(() => encodeURIComponent(body)).not.toThrow();
        expect(body).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]|undefined|\[object/u);
        const lines = body.split("\n");
        for (const line of lines) {
          expect(
            line.length <= 78 ||
              !line
                .trimStart()
                .replace(/^(?:- |\d\. |\w+ {2,})/, "")
                .includes(" "),
          ).toBe(true);
        }
        const count = (begin: RegExp) => lines.filter((line) => begin.test(line)).length;
        for (const label of ["What", "From", "When", "Account"]) {
          expect(count(new RegExp(`^${label} {2}`))).toBe(report.call === undefined || body === "" ? 0 : 1);
        }
        expect(count(/^Who {2}/)).toBeLessThanOrEqual(1);
        expect(count(/^Trail {2}/)).toBe(body === "" ? 0 : 1);
        expect(count(/^To do$/)).toBe(body === "" ? 0 : 1);
        expect(count(/^Notice/)).toBe(body === "" ? 0 : report.notices.length);
      }),
      { numRuns: 300 },
    );
  });

  it("cuts a user agent of 100 KB", () => {
    const { body = "" } = message({ call: call({ userAgent: "x\r\nWho      ".repeat(10_000) }) }) ?? {};

    expect(body.length).toBeLessThan(1100);
    expect(body).toContain(`Who      user mallory, without MFA\n         ${MALLORY.arn}\n`);
  });

  it("is within what SNS takes for as many differences as there can be", () => {
    const long = { ...finding("failed", "w".repeat(5000)) };
    const findings = Array.from({ length: 250 }, () => ({
      ...long,
      difference: { ...long.difference, what: "d".repeat(5000) },
    }));
    const alert = alertOf({ findings });

    expect(alert?.items).toHaveLength(250);
    expect(alert && Buffer.byteLength(publicationOf(alert).Message)).toBeLessThan(262_144);
  });

  const exempt = finding("left", DONE_BY_EXEMPT);
  const attempt = call({ errorCode: "AccessDenied" });

  it.each<[Severity, string, Partial<Report>]>([
    ["critical", "something is open", { findings: [finding("restored"), finding("left", "paused")] }],
    ["critical", "something is open beside an attempt", { call: attempt, findings: [finding("left", "x")] }],
    ["critical", "only Terraform can mend it", { call: call(), needsTerraform: true }],
    ["high", "all of it is restored", { call: call(), findings: [finding("restored")] }],
    ["high", "it could not be seen", { call: call(), unseen: ["trail could not be seen"] }],
    ["high", "a call left nothing behind", { call: call() }],
    ["medium", "AWS refused it", { call: attempt }],
    ["low", "an exempt principal did it", { call: call(), isExempt: true, findings: [exempt] }],
    [
      "low",
      "an exempt principal did what is not seen",
      { call: call(), isExempt: true, needsTerraform: true },
    ],
    ["low", "it is news of the guard", { notices: ["The pause is over."] }],
  ])("is %s where %s", (severity, _, report) => {
    expect(alertOf(report)).toMatchObject({ severity, detection: "trail-guard" });
  });

  it("tells machines the same", () => {
    const alert = alertOf({ call: call(), touched: "trail trailwarden", findings: [finding("restored")] });

    expect(alert && readAlert(JSON.parse(publicationOf(alert).Message).lambda)).toEqual(alert);
    expect(alert).toMatchObject({
      title: "Trail guard: StopLogging undone",
      facts: [{ label: "Trail", lines: [TRAIL_ARN] }],
      items: ["the trail does not log: restored, 2.3 s after the call"],
      links: [],
    });
  });
});
