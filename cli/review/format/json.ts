import { z } from "zod";
import { printable } from "../../match/printable";
import { type Report, reportSchema } from "../report";

/** The report in the shape of `docs/review.schema.json`. */
export function jsonText(report: Report): string {
  return printedJson(report);
}

/** JSON, line by line, in which everything is escaped that does something to a terminal or can't be seen. */
export function printedJson(value: unknown): string {
  return JSON.stringify(value, null, 2).split("\n").map(printable).join("\n");
}

/** The schema that is published: JSON Schema, draft 2020-12. */
export function publishedSchema() {
  return z.toJSONSchema(
    reportSchema.meta({
      $id: "urn:trailwarden:review:1",
      title: "Plan review of Trailwarden",
      description:
        "What `npm run review -- --format json` prints. Where it can't read the plan or the waivers it prints nothing, says why on standard error, and exits with 1, as for `not judged`. Made by `npm run docs:review-schema`.",
    }),
    { target: "draft-2020-12" },
  );
}
