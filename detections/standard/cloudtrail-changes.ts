import { defineDetection } from "../define";
import { apiCall, assumedRole, deniedCall } from "../examples";

const cloudTrail = (eventName: string, requestParameters: Readonly<Record<string, unknown>>) =>
  apiCall({ eventSource: "cloudtrail.amazonaws.com", eventName, by: assumedRole(), requestParameters });

export const cloudtrailChanges = defineDetection({
  id: "cloudtrail-changes",
  title: "CloudTrail configuration changes",
  description: "Raises alarms if a trail is created, changed, deleted, started or stopped",
  severity: "high",
  controls: { cis12: "3.5", cis14: "4.5", cis30: "4.5", securityHub: "CloudWatch.5" },
  attack: ["T1562.008"],
  filterPattern:
    "{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StartLogging) || ($.eventName = StopLogging) }",
  // The published lists miss the two calls that empty a trail without stopping it.
  tunedPattern:
    "{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StartLogging) || ($.eventName = StopLogging) || ($.eventName = PutEventSelectors) || ($.eventName = PutInsightSelectors) }",
  runbook: [
    "See whether the trail logs now: aws cloudtrail get-trail-status.",
    "Compare bucket, key, regions and event selectors of the trail with its code.",
    "Look for what the same principal did in the minutes after the change.",
  ],
  examples: {
    matches: [
      cloudTrail("StopLogging", { name: "trailwarden" }),
      cloudTrail("UpdateTrail", { name: "trailwarden", isMultiRegionTrail: false }),
      deniedCall({ eventSource: "cloudtrail.amazonaws.com", eventName: "DeleteTrail" }),
    ],
    ignores: [
      cloudTrail("GetTrailStatus", { name: "trailwarden" }),
      cloudTrail("LookupEvents", { maxResults: 50 }),
    ],
    tuned: {
      matches: [
        cloudTrail("PutEventSelectors", {
          trailName: "trailwarden",
          eventSelectors: [{ readWriteType: "ReadOnly", includeManagementEvents: false, dataResources: [] }],
        }),
        cloudTrail("PutInsightSelectors", { trailName: "trailwarden", insightSelectors: [] }),
      ],
      ignores: [],
    },
  },
});
