import fc from "fast-check";
import {
  callFields,
  field,
  oneLine,
  paragraph,
  subjectLine,
  wrap,
} from "../../../../lambda-src/shared/alert-message";
import { apiCallOf } from "../../../../lambda-src/shared/api-call";
import { eventOf, MALLORY, TERRAFORM } from "../guard/support/events";
import { hostileText } from "./hostile-text";

const FORGING = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200b]/u;

describe("oneLine", () => {
  it("is one line without what could forge another, hide text or turn it, at most so long", () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 250 }), (text, most) => {
        const line = oneLine(text, most);
        expect(line).not.toMatch(FORGING);
        expect(line).not.toMatch(/ {2}|\t/);
        expect(line.length).toBeLessThanOrEqual(most + 3);
        // What can't be written in UTF-8 can't be sent.
        expect(() => encodeURIComponent(line)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });

  it("leaves a text that is fit to be read as it is", () => {
    expect(oneLine("arn:aws:iam::123456789012:user/mallory (ü, 🚀)")).toBe(
      "arn:aws:iam::123456789012:user/mallory (ü, 🚀)",
    );
  });

  it("takes no long time over 100 KB", () => {
    const started = performance.now();

    expect(oneLine(`${"\r\n \u202e".repeat(30_000)}x`)).toBe("x");
    expect(oneLine("🚀".repeat(50_000))).toHaveLength(203);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("subjectLine", () => {
  it("is what SNS takes: 1 to 100 printable ASCII characters", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(subjectLine(`Trail guard: ${text}`)).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,99}$/);
      }),
      { numRuns: 500 },
    );
  });
});

describe("wrap", () => {
  it("keeps each word, and makes no line too long but for a word that is", () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom(..."abc:/-"), minLength: 1, maxLength: 30 }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(words, fc.integer({ min: 5, max: 78 }), (words, width) => {
        const lines = wrap(words.join(" "), width);
        expect(lines.join(" ")).toBe(words.join(" "));
        for (const line of lines) expect(line.length <= width || !line.includes(" ")).toBe(true);
      }),
    );
  });
});

describe("field", () => {
  it("aligns what belongs to a label, and leaves out what is empty", () => {
    expect(field("Who", "arn:aws:iam::1:user/x", "", "IAMUser, with MFA")).toBe(
      "Who      arn:aws:iam::1:user/x\n         IAMUser, with MFA",
    );
  });

  it("indents a line that goes on", () => {
    const lines = field("From", "word ".repeat(30).trim()).split("\n");

    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines.slice(1)) expect(line).toMatch(/^ {9}word/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(78);
  });
});

describe("paragraph", () => {
  it("indents all lines but its first", () => {
    expect(paragraph("a".repeat(70).concat(" To do"))).toBe(`${"a".repeat(70)} To do`);
    expect(paragraph("a".repeat(77).concat(" To do"))).toBe(`${"a".repeat(77)}\n  To do`);
  });
});

describe("callFields", () => {
  const CALL = { eventSource: "cloudtrail.amazonaws.com", eventName: "StopLogging" };

  function fieldsOf(call: Parameters<typeof eventOf>[0], detail: object = {}): string {
    const event = eventOf(call);
    const apiCall = apiCallOf({ ...event, detail: { ...event.detail, ...detail } });
    return apiCall === undefined ? "" : callFields(apiCall);
  }

  it("says what was called, by whom, from where and when", () => {
    expect(fieldsOf({ ...CALL, at: Date.parse("2026-03-25T05:40:00Z") })).toBe(
      [
        "What     StopLogging (cloudtrail.amazonaws.com)",
        "Who      arn:aws:iam::123456789012:user/mallory",
        "         IAMUser, without MFA",
        "From     203.0.113.10",
        "         aws-cli/2.15",
        "When     2026-03-25T05:40:00Z",
        "Account  123456789012, region ap-northeast-2",
        "Event    e1",
      ].join("\n"),
    );
  });

  it("says how AWS refused it, and through whom it was made", () => {
    const text = fieldsOf({
      ...CALL,
      errorCode: "AccessDenied",
      errorMessage: "User is not authorized",
      userIdentity: { ...TERRAFORM, invokedBy: "cloudformation.amazonaws.com" },
    });

    expect(text).toContain("denied or failed: AccessDenied\n         User is not authorized");
    expect(text).toContain("AssumedRole, MFA unknown\n         through cloudformation.amazonaws.com");
  });

  it("says of what isn't recorded that it isn't", () => {
    const text = fieldsOf(CALL, {
      userIdentity: null,
      sourceIPAddress: null,
      userAgent: undefined,
      recipientAccountId: 7,
      awsRegion: "",
    });

    expect(text).toContain("Who      no ARN recorded\n         of unknown kind, MFA unknown");
    expect(text).toContain("From     unknown address\nWhen");
    expect(text).not.toMatch(/undefined|null|\[object/);
  });

  it("holds its labels once each, in order, whatever stands in the event", () => {
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, hostileText, (a, b, c, d) => {
        const text = fieldsOf(
          {
            ...CALL,
            eventName: `x${a}`,
            userAgent: b,
            sourceIpAddress: c,
            errorCode: d || "E",
            errorMessage: a,
          },
          { userIdentity: { ...MALLORY, type: c, arn: d, invokedBy: b }, eventID: a, awsRegion: b },
        );
        const labels = text.split("\n").flatMap((line) => line.match(/^[^ ].*?(?= {2})/) ?? []);
        expect(labels).toEqual(["What", "Who", "From", "When", "Account", "Event"]);
        for (const line of text.split("\n")) {
          expect(line).toMatch(/^(?:What|Who|From|When|Account|Event| {9}\S)/);
          expect(line.length <= 78 || !line.slice(9).includes(" ")).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
