import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { insightsQueryOf } from "../../../../constructs/insights-query";
import { type Detection, detectionsOf, PRESET_NAMES } from "../../../../detections";
import type { NotifiedDetection } from "../../../../lambda-src/notifier/deployment";
import { apiCallOfRecord } from "../../../../lambda-src/shared/api-call";
import { callerName } from "../../../../lambda-src/shared/caller";
import { type FilterPattern, parseFilterPattern } from "../../../../patterns";
import { DEPLOYMENT, LOG_GROUP } from "./support/deployment";
import { alarmFields, START, snsEvent } from "./support/events";
import { unreadable } from "./support/readable";
import { Scene } from "./support/scene";

// CloudTrail logs of real attacks, recorded by the makers of Stratus Red Team; they aren't part of this project.
const vectors = process.env.TRAILWARDEN_VECTORS ?? path.join(__dirname, "../../../../../shared/data");
const folder = path.join(vectors, "stratus-red-team");
const isPresent = existsSync(folder);

const records: readonly object[] = isPresent
  ? readdirSync(folder)
      .filter((file) => file.endsWith(".json"))
      .flatMap((file) => JSON.parse(readFileSync(path.join(folder, file), "utf8")))
  : [];

const NAMES = {
  namePrefix: "",
  trailName: "trailwarden",
  bucketName: "*",
  logGroupName: LOG_GROUP,
  functionNames: ["enable_trail"],
  roleNames: ["enable_trail"],
};

interface Form {
  readonly detection: NotifiedDetection;
  readonly pattern: FilterPattern;
}

/** Each detection, by the standard's text and by the tuned one. */
const FORMS: readonly Form[] = PRESET_NAMES.flatMap((preset) => detectionsOf(preset, NAMES)).flatMap(
  (detection: Detection) =>
    [detection.filterPattern, detection.tunedPattern ?? []].flat().map((filterPattern) => ({
      detection: { ...detection, filterPattern, insightsQuery: insightsQueryOf(filterPattern) },
      pattern: parseFilterPattern(filterPattern),
    })),
);

/** The alert of an alarm that counted these records. */
async function alertOf({ detection }: Form, counted: readonly object[]) {
  const scene = new Scene({ ...DEPLOYMENT, alarms: { [detection.title]: detection }, routes: [] });
  scene.fake.logEvents.push(
    ...counted.map((record, n) => ({ at: START + n, message: JSON.stringify(record) })),
  );
  await scene.handle(snsEvent(alarmFields({ name: detection.title, counted: counted.length })));
  const [publication, ...others] = scene.fake.publications;
  if (publication === undefined || others.length > 0) {
    throw new Error("there is not one message");
  }
  return publication;
}

(isPresent ? describe : describe.skip)(
  isPresent
    ? "over recorded attacks"
    : "over recorded attacks (skipped: TRAILWARDEN_VECTORS names no folder with stratus-red-team)",
  () => {
    it("mail and Slack message of each record that a detection matches read well and name who, what and where", async () => {
      let messages = 0;
      for (const form of FORMS) {
        for (const record of records.filter((record) => form.pattern.matches(record))) {
          const { alert, mail, subject } = await alertOf(form, [record]);
          const call = apiCallOfRecord(record);

          expect(unreadable(alert)).toEqual([]);
          expect(alert.callCount).toBe("1");
          expect(alert.calls).toHaveLength(1);
          expect(mail).toContain(`What     ${call?.eventName} (${call?.eventSource})\n`);
          expect(mail).toContain(`From     ${call?.sourceIpAddress}\n`);
          expect(mail).toContain(`${call?.principal.arn}\n`);
          expect(subject.startsWith(`[${alert.severity.toUpperCase()}] ${alert.title}: 1 event by `)).toBe(
            true,
          );
          expect(mail.replace(/\s+/g, " ")).toContain(call && callerName(call));
          messages += 1;
        }
      }
      expect(records.length).toBeGreaterThan(300);
      expect(messages).toBeGreaterThan(100);
    });

    it("so do those of all that one detection matches", async () => {
      const sizes: number[] = [];
      for (const form of FORMS) {
        const counted = records.filter((record) => form.pattern.matches(record));
        if (counted.length > 1) {
          const { alert, mail } = await alertOf(form, counted);

          expect(unreadable(alert)).toEqual([]);
          expect(mail.match(/^Event \d+ of \d+$/gm)).toHaveLength(Math.min(counted.length, 10));
          sizes.push(counted.length);
        }
      }
      expect(Math.max(...sizes)).toBeGreaterThan(10);
    });
  },
);
