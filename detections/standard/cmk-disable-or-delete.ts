import { defineDetection } from "../define";
import { apiCall, assumedRole, deniedCall, EXAMPLE_ACCOUNT, EXAMPLE_REGION } from "../examples";

const keyId = `arn:aws:kms:${EXAMPLE_REGION}:${EXAMPLE_ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

export const cmkDisableOrDelete = defineDetection({
  id: "cmk-disable-or-delete",
  title: "KMS key disabled or scheduled for deletion",
  description: "Raises alarms if a customer managed key is disabled or its deletion is scheduled",
  severity: "high",
  controls: { cis12: "3.7", cis14: "4.7", cis30: "4.7", securityHub: "CloudWatch.7" },
  attack: ["T1485", "T1486"],
  filterPattern:
    "{($.eventSource = kms.amazonaws.com) && (($.eventName=DisableKey)||($.eventName=ScheduleKeyDeletion)) }",
  runbook: [
    "Find out what is encrypted with requestParameters.keyId; nothing of it can be read meanwhile.",
    "Undo it while it can be undone: cancel-key-deletion, then enable-key.",
    "Ask the principal for the reason before the waiting period ends.",
  ],
  examples: {
    matches: [
      apiCall({
        eventSource: "kms.amazonaws.com",
        eventName: "ScheduleKeyDeletion",
        requestParameters: { keyId, pendingWindowInDays: 7 },
      }),
      apiCall({
        eventSource: "kms.amazonaws.com",
        eventName: "DisableKey",
        by: assumedRole(),
        requestParameters: { keyId },
      }),
      deniedCall({ eventSource: "kms.amazonaws.com", eventName: "DisableKey" }),
    ],
    ignores: [
      apiCall({ eventSource: "kms.amazonaws.com", eventName: "EnableKey", requestParameters: { keyId } }),
      apiCall({
        eventSource: "kms.amazonaws.com",
        eventName: "DisableKeyRotation",
        requestParameters: { keyId },
      }),
    ],
  },
});
