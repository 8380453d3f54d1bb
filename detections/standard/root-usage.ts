import { defineDetection } from "../define";
import { apiCall, assumedRole, awsService, consoleLogin, onBehalfOf, rootUser, without } from "../examples";

const createAccessKey = apiCall({
  eventSource: "iam.amazonaws.com",
  eventName: "CreateAccessKey",
  by: rootUser(),
  responseElements: { accessKey: { accessKeyId: "AKIAI44QH8DHBEXAMPLE", status: "Active" } },
});

export const rootUsage = defineDetection({
  id: "root-usage",
  title: "Root user activity",
  description: "Raises alarms if the root user signs in or calls AWS",
  severity: "high",
  controls: { cis12: "3.3", cis14: "4.3", cis30: "4.3", securityHub: "CloudWatch.1" },
  attack: ["T1078.004"],
  // AWS Security Hub user guide, "CloudWatch.1"; the CIS benchmarks differ from it by white space alone.
  filterPattern:
    '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}',
  tunedPattern:
    '{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS) && (($.eventType NOT EXISTS) || ($.eventType != "AwsServiceEvent")) }',
  runbook: [
    "Ask whoever holds the root credentials whether it was they, on a road that isn't e-mail.",
    "Look at sourceIPAddress, userAgent and mfaAuthenticated of every root record of that day.",
    "If nobody did: change password and MFA, delete root access keys, undo what was created.",
  ],
  examples: {
    matches: [createAccessKey, consoleLogin({ by: rootUser(), mfaUsed: "No" })],
    ignores: [
      apiCall({ eventSource: "iam.amazonaws.com", eventName: "CreateAccessKey", by: assumedRole() }),
      apiCall({
        eventSource: "s3.amazonaws.com",
        eventName: "GetBucketAcl",
        by: onBehalfOf(rootUser(), "config.amazonaws.com"),
      }),
      { ...createAccessKey, eventType: "AwsServiceEvent", eventName: "RotateKey" },
      apiCall({
        eventSource: "kms.amazonaws.com",
        eventName: "Decrypt",
        by: awsService("rds.amazonaws.com"),
      }),
    ],
    tuned: {
      // Records of event version 1.01 have no type.
      matches: [without({ ...createAccessKey, eventVersion: "1.01" }, "eventType")],
      ignores: [],
    },
  },
});
