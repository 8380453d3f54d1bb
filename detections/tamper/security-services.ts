import { defineDetection } from "../define";
import type { Detection } from "../detection";
import { apiCall, assumedRole, deniedCall } from "../examples";
import { anyOf, bothOf, isEvent, isFrom } from "./pattern";

const CALLS: Readonly<Record<string, readonly string[]>> = {
  "guardduty.amazonaws.com": ["DeleteDetector", "UpdateDetector"],
  "securityhub.amazonaws.com": ["DisableSecurityHub"],
  "config.amazonaws.com": ["StopConfigurationRecorder", "DeleteConfigurationRecorder"],
  "ec2.amazonaws.com": ["DeleteFlowLogs"],
  "organizations.amazonaws.com": ["LeaveOrganization"],
};

/** Whoever switches off the other watchers of the account. Nothing here is the deployment's own. */
export function securityServiceTampering(): Detection {
  const sources = Object.entries(CALLS).map(([source, calls]) => bothOf(isFrom(source), isEvent(...calls)));
  return defineDetection({
    id: "tamper-security-services",
    title: "Security service tampering",
    description:
      "Raises alarms if GuardDuty, Security Hub, Config, flow logs or the organization are switched off or left",
    severity: "high",
    controls: {},
    attack: ["T1562.001", "T1562.008", "T1666"],
    filterPattern: `{ ${anyOf(sources)} }`,
    periodSeconds: 60,
    runbook: [
      "Read eventSource and requestParameters: which watcher was switched off, in which region.",
      "UpdateDetector: enable false, or a feature or data source taken away, is an attack.",
      "Switch it on again; disable the caller's credentials and read what they did since.",
    ],
    examples: {
      matches: [
        apiCall({
          eventSource: "guardduty.amazonaws.com",
          eventName: "UpdateDetector",
          requestParameters: { detectorId: "12abc34d567e8fa901bc2d34e56789f0", enable: false },
        }),
        apiCall({
          eventSource: "ec2.amazonaws.com",
          eventName: "DeleteFlowLogs",
          by: assumedRole(),
          requestParameters: {
            DeleteFlowLogsRequest: { FlowLogId: { tag: 1, content: "fl-0123456789abcdef0" } },
          },
        }),
        deniedCall({ eventSource: "organizations.amazonaws.com", eventName: "LeaveOrganization" }),
      ],
      ignores: [
        apiCall({ eventSource: "guardduty.amazonaws.com", eventName: "ListDetectors" }),
        apiCall({ eventSource: "config.amazonaws.com", eventName: "StartConfigurationRecorder" }),
        apiCall({ eventSource: "ec2.amazonaws.com", eventName: "CreateFlowLogs" }),
      ],
    },
  });
}
