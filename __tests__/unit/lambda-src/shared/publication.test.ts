import fc from "fast-check";
import type { Alert } from "../../../../lambda-src/shared/alert";
import { alertMail } from "../../../../lambda-src/shared/alert-mail";
import { publicationOf, readAlert } from "../../../../lambda-src/shared/publication";
import { alertWith, hostileAlert } from "./alerts";
import { callOfRecord, deepObject } from "./records";

const MOST_BYTES = 262_144;

function messages(alert: Alert): Record<string, string> {
  return JSON.parse(publicationOf(alert).Message);
}

function bytesOf({ Subject, Message, MessageAttributes }: ReturnType<typeof publicationOf>): number {
  return Buffer.byteLength(Subject + Message + JSON.stringify(MessageAttributes));
}

describe("publicationOf", () => {
  it("has a text for each protocol, and attributes to filter by", () => {
    const alert = alertWith();
    const { Message, ...others } = publicationOf(alert);
    const texts = JSON.parse(Message);

    expect(others).toEqual({
      Subject: alert.subject,
      MessageStructure: "json",
      MessageAttributes: {
        severity: { DataType: "String", StringValue: "high" },
        detection: { DataType: "String", StringValue: "snapshot-shared" },
      },
    });
    expect(Object.keys(texts).sort()).toEqual(["default", "email", "http", "https", "lambda", "sms", "sqs"]);
    expect(texts.default).toBe(alertMail(alert).body);
    expect(texts.email).toBe(texts.default);
    expect(texts.sms).toBe("[HIGH] Snapshot shared: 1 event by user mallory from 203.0.113.10");
    expect(JSON.parse(texts.sqs)).toEqual(JSON.parse(JSON.stringify(alert)));
    expect(texts.lambda).toBe(texts.sqs);
    expect(texts.https).toBe(texts.http);
  });

  it("gives chat applications a custom notification of Amazon Q Developer", () => {
    const arn = "arn:aws:ec2:eu-west-1:123456789012:snapshot/snap-0123";
    const call = callOfRecord({
      userAgent: "<!channel> `x` https://evil.example",
      requestParameters: { snapshotId: "snap-0123" },
      resources: [{ ARN: arn }],
    });
    const alert = alertWith({ calls: [call], summary: "Done by <!channel> *now*." });

    expect(JSON.parse(messages(alert).https ?? "")).toEqual({
      version: "1.0",
      source: "custom",
      content: {
        textType: "client-markdown",
        title: "`[HIGH]` Snapshot shared",
        description: `Done by \`‹!channel›\` \`*now*.\`

*When* \`1970-01-01T00:00:00Z\`
*Who* \`user mallory, without MFA\` \`arn:aws:iam::123456789012:user/mallory\`
*What* \`RunInstances (ec2.amazonaws.com)\` \`snapshotId snap-0123\`
*From* \`203.0.113.10\` \`‹!channel› 'x' https[:]//evil[.]example\`
*Account* \`123456789012, region ap-northeast-2\`
*Event* \`e1\`

Alarm: ${alert.links[0]?.url}`,
        nextSteps: alert.steps,
        keywords: ["high", "snapshot-shared"],
      },
      metadata: {
        summary: "Done by `‹!channel›` `*now*.`",
        eventType: "snapshot-shared",
        relatedResources: [arn],
        additionalContext: { severity: "high", detection: "snapshot-shared", callCount: "1" },
      },
    });
  });

  it("says in a custom notification that it doesn't hold all", () => {
    const calls = Array.from({ length: 10 }, () => callOfRecord({ userAgent: "x".repeat(300) }));
    const { description } = JSON.parse(messages(alertWith({ calls })).http ?? "").content;

    expect(description.length).toBeLessThanOrEqual(3000);
    expect(description).toMatch(/There is more than fits here: the mail has it\.\n\nAlarm: https:/);
  });

  it("cuts what SNS would not take, and says so", () => {
    const long = '\u0001"\\é🚀'.repeat(20_000);
    const others = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`key${index}`, long]));
    const requestParameters = { name: "n", [long]: long, ...others };
    const alert = alertWith({
      subject: long,
      title: long,
      summary: long,
      calls: Array.from({ length: 10 }, () =>
        callOfRecord({
          userAgent: long,
          requestParameters,
          userIdentity: { type: "IAMUser", arn: long },
        }),
      ),
      items: Array.from({ length: 1000 }, () => long),
      notices: [long],
    });
    const started = performance.now();
    const publication = publicationOf(alert);

    expect(performance.now() - started).toBeLessThan(2000);
    expect(bytesOf(publication)).toBeLessThanOrEqual(MOST_BYTES);
    const texts = JSON.parse(publication.Message);
    expect(texts.default).toContain("This alert was too long to be sent whole");
    expect(texts.default).toMatch(/^ {2}- and \d+ more$/m);
    expect(texts.sms.length).toBeLessThanOrEqual(140);
    expect(readAlert(texts.lambda)?.calls[0]?.parameters).toMatchObject({ name: "n" });
  });

  it("keeps parameters that are deep, as far as anybody reads them", () => {
    const call = callOfRecord({ requestParameters: { userName: "alice", deep: deepObject(5000) } });

    expect(
      readAlert(messages(alertWith({ calls: [call] })).lambda ?? "")?.calls[0]?.parameters,
    ).toMatchObject({
      userName: "alice",
      deep: { a: { a: { list: [[[]]] } } },
    });
  });

  it("leaves out a link that no program would open", () => {
    const links = [{ label: "Events", url: `https://x.example/${"x".repeat(9000)}` }];

    expect(readAlert(messages(alertWith({ links })).lambda ?? "")?.links).toEqual([]);
  });

  it("is within all limits, and holds no mark-up of others, whatever stands in a record", () => {
    fc.assert(
      fc.property(hostileAlert, (alert) => {
        const publication = publicationOf(alert);
        expect(bytesOf(publication)).toBeLessThanOrEqual(MOST_BYTES);
        expect(publication.Subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,99}$/);
        expect(() => encodeURIComponent(publication.Message)).not.toThrow();
        const texts = JSON.parse(publication.Message);
        expect(texts.sms).toMatch(/^[\x20-\x7e]{1,140}$/);
        const { content, metadata } = JSON.parse(texts.http);
        expect(content.title.length).toBeLessThanOrEqual(250);
        expect(content.description.length).toBeLessThanOrEqual(3000);
        for (const text of [content.title, content.description, metadata.summary]) {
          const outside = text.replace(/`[^`\n]*`/g, "").replace(/^Alarm: .*/m, "");
          expect(outside).not.toMatch(/[`<>@[\]_~#|]|:\w+:|:\/\/|undefined/);
          expect(
            outside.replace(
              /^\*(?:When|Who|What|With|From|Account|Event|Trail|Metric|Event \d of [\w ]+)\*/gm,
              "",
            ),
          ).not.toContain("*");
        }
        // What machines get is read back as it is.
        const read = readAlert(texts.lambda);
        expect(read).toBeDefined();
        expect(JSON.stringify(read)).toBe(texts.lambda);
      }),
      { numRuns: 150 },
    );
  });
});

describe("readAlert", () => {
  const json = JSON.parse(JSON.stringify(alertWith({ facts: [{ label: "Trail", lines: ["x"] }] })));

  it("reads what publicationOf wrote, and nothing beside it", () => {
    const alert = alertWith();

    expect(readAlert(messages({ ...alert }).lambda ?? "")).toEqual(alert);
    expect(readAlert(JSON.stringify({ ...json, more: 1 }))).not.toHaveProperty("more");
  });

  it.each([[""], ["{"], ["null"], ["7"], ["[]"], ["{}"], ['"text"'], ["[[".repeat(50_000)]])(
    "refuses %.20s",
    (text) => {
      expect(readAlert(text)).toBeUndefined();
    },
  );

  it("refuses an alert of which any field is missing or of another type", () => {
    const optional = ["callCount", "errorCode", "errorMessage", "invokedBy", "mfa"];
    const broken: string[] = [];
    const visit = (value: unknown, change: (other: unknown) => void, name: string) => {
      for (const other of optional.includes(name) ? [null, [7]] : [undefined, null, 7, [7]]) {
        change(other);
        broken.push(JSON.stringify(json));
      }
      change(value);
      if (typeof value === "object" && value !== null && name !== "parameters") {
        for (const [key, inner] of Object.entries(value)) {
          visit(inner, (other) => Reflect.set(value, key, other), key);
        }
      }
    };
    for (const [key, inner] of Object.entries(json)) {
      visit(inner, (other) => Reflect.set(json, key, other), key);
    }

    expect(broken.length).toBeGreaterThan(100);
    expect(broken.filter((text) => readAlert(text) !== undefined)).toEqual([]);
    expect(readAlert(JSON.stringify(json))).toBeDefined();
  });

  it.each([
    ["severity", "urgent"],
    ["links", [{ label: "x", url: "http://x.example" }]],
    ["links", [{ label: "x", url: "javascript:alert(1)" }]],
    ["links", [{ label: "x", url: "https://x.example/ y" }]],
    ["calls", Array.from({ length: 11 }, () => json.calls[0])],
  ])("refuses an alert whose %s is %j", (name, value) => {
    expect(readAlert(JSON.stringify({ ...json, [name]: value }))).toBeUndefined();
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readAlert(text)).toBeUndefined();
      }),
    );
  });
});
