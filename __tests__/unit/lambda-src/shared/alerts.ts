import fc from "fast-check";
import { type Alert, SEVERITIES } from "../../../../lambda-src/shared/alert";
import { hostileText } from "./hostile-text";
import { callOfRecord, hostileCall } from "./records";

export function alertWith(fields: Partial<Alert> = {}): Alert {
  return {
    subject: "[HIGH] Snapshot shared: 1 event by user mallory",
    title: "Snapshot shared",
    severity: "high",
    detection: "snapshot-shared",
    summary: "1 event matched from 05:40 to 05:45 UTC.",
    calls: [
      callOfRecord({
        eventName: "ModifySnapshotAttribute",
        requestParameters: { snapshotId: "snap-0123", attributeType: "CREATE_VOLUME_PERMISSION" },
      }),
    ],
    callCount: "1",
    facts: [],
    items: [],
    notices: [],
    steps: [
      "See with whom it is shared.",
      "Ask its owner.",
      "Take the permission back: https://wiki.example/x",
    ],
    links: [
      {
        label: "Alarm",
        url: "https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/x",
      },
    ],
    ...fields,
  };
}

const lines = fc.array(
  hostileText.map((text) => `Says ${text}`),
  { maxLength: 3 },
);

/** Alerts of hostile records; what this project makes by itself is well formed. */
export const hostileAlert = fc
  .record({
    subject: hostileText,
    title: hostileText.map((text) => `T ${text}`),
    severity: fc.constantFrom(...SEVERITIES),
    summary: hostileText.map((text) => `It happened: ${text}`),
    calls: fc.array(hostileCall, { maxLength: 4 }),
    callCount: fc.constantFrom(undefined, "4", "at least 10000"),
    facts: fc.array(fc.record({ label: fc.constantFrom("Trail", "Metric"), lines }), { maxLength: 2 }),
    items: lines,
    notices: lines,
  })
  .map(alertWith);
