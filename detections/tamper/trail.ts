import { defineDetection } from "../define";
import type { DeploymentNames } from "../deployment-names";
import type { Detection } from "../detection";
import { apiCall, assumedRole, deniedCall, EXAMPLE_ACCOUNT, EXAMPLE_REGION } from "../examples";
import { allOf, anyOf, bothOf, concerns, isEvent, isFrom } from "./pattern";

const SOURCE = "cloudtrail.amazonaws.com";

/**
 * Whoever stops, deletes or empties a trail.
 *
 * Any trail: whatever its name, it watches this account, and these calls are rare. Only tags are watched on the
 * deployment's own, since other trails and event data stores carry tags that mean nothing here. A filter can't tell
 * event selectors that drop management events from harmless ones: all are told of, and the runbook says what to read.
 */
export function trailTampering({ trailName }: DeploymentNames): Detection {
  const trailArn = `arn:aws:cloudtrail:${EXAMPLE_REGION}:${EXAMPLE_ACCOUNT}:trail/${trailName}`;
  const call = (eventName: string, requestParameters: Readonly<Record<string, unknown>>) =>
    apiCall({ eventSource: SOURCE, eventName, requestParameters });
  return defineDetection({
    id: "tamper-trail",
    title: "Audit trail tampering",
    description: "Raises alarms if someone stops, deletes or narrows a trail, or tries to",
    severity: "critical",
    controls: {},
    attack: ["T1562.008"],
    filterPattern: allOf(
      isFrom(SOURCE),
      anyOf([
        isEvent("StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors", "PutInsightSelectors"),
        bothOf(isEvent("RemoveTags"), concerns({ resourceId: [`*:trail/${trailName}`] })),
      ]),
    ),
    periodSeconds: 60,
    runbook: [
      "See whether the trail logs: aws cloudtrail get-trail-status. Start it if nothing else has.",
      "PutEventSelectors: includeManagementEvents false, or a narrower readWriteType, is an attack.",
      "Disable the first caller's credentials; the calls of the guard's role after it are repairs.",
    ],
    examples: {
      matches: [
        call("StopLogging", { name: trailName }),
        call("DeleteTrail", { name: trailArn }),
        call("PutEventSelectors", {
          trailName,
          eventSelectors: [{ readWriteType: "WriteOnly", includeManagementEvents: false }],
        }),
        call("RemoveTags", { resourceId: trailArn, tagsList: [{ key: "owner" }] }),
        deniedCall({ eventSource: SOURCE, eventName: "StopLogging", by: assumedRole() }),
        deniedCall({ eventSource: SOURCE, eventName: "RemoveTags" }),
      ],
      ignores: [
        call("GetTrailStatus", { name: trailName }),
        call("StartLogging", { name: trailName }),
        call("RemoveTags", { resourceId: trailArn.replace(/trail\/.*/, "eventdatastore/example") }),
      ],
    },
  });
}
