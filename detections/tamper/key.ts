import { defineDetection } from "../define";
import type { Detection } from "../detection";
import {
  apiCall,
  assumedRole,
  awsService,
  deniedCall,
  EXAMPLE_ACCOUNT,
  EXAMPLE_REGION,
  iamUser,
  onBehalfOf,
} from "../examples";
import { allOf, anyOf, bothOf, isEvent, isFrom } from "./pattern";

const SOURCE = "kms.amazonaws.com";
const keyId = `arn:aws:kms:${EXAMPLE_REGION}:${EXAMPLE_ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

/**
 * Whoever makes the log files unreadable by way of their key.
 *
 * Any key: a key's id is AWS's choice and unknown before it is made. Services revoke grants all day, on volumes and
 * databases, so RevokeGrant counts only without a service in between; no service does the other three of its own
 * accord, and CloudFormation, which is one too, lends itself to whoever may use it.
 */
export function keyTampering(): Detection {
  const call = (eventName: string, by = iamUser()) =>
    apiCall({ eventSource: SOURCE, eventName, by, requestParameters: { keyId } });
  return defineDetection({
    id: "tamper-key",
    title: "Encryption key tampering",
    description: "Raises alarms if someone disables, deletes or locks away a key, or tries to",
    severity: "high",
    controls: {},
    attack: ["T1485", "T1562.008"],
    filterPattern: allOf(
      isFrom(SOURCE),
      anyOf([
        isEvent("DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy"),
        bothOf(isEvent("RevokeGrant"), "($.userIdentity.invokedBy NOT EXISTS)"),
      ]),
    ),
    periodSeconds: 60,
    runbook: [
      "Compare requestParameters.keyId with the key of trail, log group and topics.",
      "If it is theirs: cancel-key-deletion, enable-key, and put the key policy of the code back.",
      "See whether log files arrive again; those written meanwhile are lost.",
    ],
    examples: {
      matches: [
        call("ScheduleKeyDeletion"),
        call("PutKeyPolicy", onBehalfOf(assumedRole(), "cloudformation.amazonaws.com")),
        call("RevokeGrant"),
        deniedCall({ eventSource: SOURCE, eventName: "DisableKey" }),
      ],
      ignores: [
        call("RevokeGrant", awsService("ebs.amazonaws.com")),
        call("RevokeGrant", onBehalfOf(assumedRole(), "autoscaling.amazonaws.com")),
        call("DescribeKey"),
        call("CreateGrant"),
      ],
    },
  });
}
