import { defineDetection } from "../define";
import type { DeploymentNames } from "../deployment-names";
import type { Detection } from "../detection";
import { apiCall, assumedRole, deniedCall, EXAMPLE_ACCOUNT, EXAMPLE_REGION } from "../examples";
import { LOG_GROUP_CALLS } from "./calls";
import { allOf, concerns, exampleName, isEvent, isFrom, otherName } from "./pattern";

const SOURCE = "logs.amazonaws.com";

/** Whoever deletes the trail's log group, shortens its memory or takes its metric filters away. */
export function logGroupTampering({ logGroupName }: DeploymentNames): Detection {
  const logGroup = exampleName(logGroupName);
  const other = otherName([logGroupName]);
  const call = (eventName: string, requestParameters: Readonly<Record<string, unknown>>) =>
    apiCall({ eventSource: SOURCE, eventName, requestParameters });
  return defineDetection({
    id: "tamper-log-group",
    title: "Log group tampering",
    description: "Raises alarms if someone deletes the trail's log group or changes its filters, or tries to",
    severity: "critical",
    controls: {},
    attack: ["T1562.008"],
    filterPattern: allOf(
      isFrom(SOURCE),
      isEvent(...LOG_GROUP_CALLS),
      // DisassociateKmsKey takes the log group's ARN too, with or without ":*".
      concerns({ logGroupName: [logGroupName], resourceIdentifier: [`*:log-group:${logGroupName}*`] }),
    ),
    periodSeconds: 60,
    runbook: [
      "PutMetricFilter: a filter of the same name with another pattern silences its alarm.",
      "Compare filters and retention with the code; terraform plan shows what is missing.",
      "Events missing in the log group are still in the bucket's log files.",
    ],
    examples: {
      matches: [
        call("DeleteMetricFilter", { logGroupName: logGroup, filterName: "IAMPolicyChanges" }),
        call("PutRetentionPolicy", { logGroupName: logGroup, retentionInDays: 1 }),
        call("DisassociateKmsKey", {
          resourceIdentifier: `arn:aws:logs:${EXAMPLE_REGION}:${EXAMPLE_ACCOUNT}:log-group:${logGroup}:*`,
        }),
        deniedCall({ eventSource: SOURCE, eventName: "DeleteLogGroup", by: assumedRole() }),
      ],
      ignores: [
        call("DeleteLogGroup", { logGroupName: other }),
        call("DisassociateKmsKey", {
          resourceIdentifier: `arn:aws:logs:${EXAMPLE_REGION}:${EXAMPLE_ACCOUNT}:log-group:${other}`,
        }),
        call("DescribeMetricFilters", { logGroupName: logGroup }),
      ],
    },
  });
}
