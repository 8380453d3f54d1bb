import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { z } from "zod";
import { jsonText, publishedSchema } from "../../../../../cli/review/format/json";
import { ALARM_REMOVED, hostileReport, LOGGING_UNKNOWN, RETENTION, report, waiverOf } from "../reports";
import { change, plan } from "../support";

const published = JSON.parse(
  readFileSync(path.join(__dirname, "../../../../../docs/review.schema.json"), "utf8"),
);

describe("docs/review.schema.json", () => {
  it("is the schema of the report now; if not, `npm run docs:review-schema`", () => {
    expect(published).toEqual(publishedSchema());
    expect(published.$id).toBe("urn:trailwarden:review:1");
  });

  it("validates what is printed, and nothing else", () => {
    const schema = z.fromJSONSchema(published);
    const printed = JSON.parse(
      jsonText(
        report({
          plan: plan([change("aws_sns_topic.a", { name: "a" }, { name: "b" })]),
          findings: [RETENTION, LOGGING_UNKNOWN, ALARM_REMOVED],
          waivers: [waiverOf(RETENTION), waiverOf(ALARM_REMOVED), waiverOf(LOGGING_UNKNOWN, "2020-01-01")],
          cost: {
            beforeDollars: 1,
            afterDollars: 2,
            lines: [{ what: "alarms", before: 1, after: 2 }],
            note: "n",
          },
        }),
      ),
    );

    expect(schema.safeParse(printed).error).toBeUndefined();
    expect(schema.safeParse({ ...printed, version: 2 }).success).toBe(false);
    expect(schema.safeParse({ ...printed, verdict: "passed" }).success).toBe(false);
    expect(schema.safeParse({ ...printed, findings: [{ ...RETENTION, rule: "none" }] }).success).toBe(false);
  });
});

describe("jsonText", () => {
  it("keeps every character, and does nothing to a terminal", () => {
    fc.assert(
      fc.property(hostileReport, (made) => {
        const text = jsonText(made);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(made)));
        expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
      { numRuns: 100 },
    );
  });
});
