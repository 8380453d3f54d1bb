import { defineDetection } from "../define";
import type { Detection } from "../detection";
import { apiCall, assumedRole, awsService, deniedCall, without } from "../examples";

const deniedAssumeRole = deniedCall({ eventSource: "sts.amazonaws.com", eventName: "AssumeRole" });
const deniedPasswordData = deniedCall({
  eventSource: "ec2.amazonaws.com",
  eventName: "GetPasswordData",
  by: assumedRole("Reporting", "batch"),
  requestParameters: { instanceId: "i-0123456789abcdef0" },
});
const deniedHeadBucket = deniedCall({
  eventSource: "s3.amazonaws.com",
  eventName: "HeadBucket",
  requestParameters: { bucketName: "example-bucket", Host: "example-bucket.s3.amazonaws.com" },
});
const deniedDelivery = {
  ...deniedCall({
    eventSource: "s3.amazonaws.com",
    eventName: "PutObject",
    by: awsService("delivery.logs.amazonaws.com"),
    requestParameters: { bucketName: "example-bucket", key: "AWSLogs/flow.log.gz" },
  }),
  sourceIPAddress: "delivery.logs.amazonaws.com",
};
const ignores = [
  apiCall({ eventSource: "sts.amazonaws.com", eventName: "GetCallerIdentity" }),
  {
    ...apiCall({ eventSource: "iam.amazonaws.com", eventName: "GetRole" }),
    errorCode: "NoSuchEntityException",
    errorMessage: "The role with name example cannot be found.",
  },
];

/**
 * The form of CIS 1.4 and later.
 *
 * The benchmarks print the four conditions with three different sets of operators; joined by `||` throughout, as in
 * CIS 1.4, they match nearly every record. This is the one that later editions print and scanners compare with.
 */
export const unauthorizedApiCalls = defineDetection({
  id: "unauthorized-api-calls",
  title: "Unauthorized API calls",
  description: "Raises alarms if calls are denied for want of permission",
  severity: "medium",
  controls: { cis12: "3.1", cis14: "4.1", cis30: "4.1", securityHub: "CloudWatch.2" },
  attack: ["T1580", "T1526"],
  filterPattern:
    '{ ($.errorCode ="*UnauthorizedOperation") || ($.errorCode ="AccessDenied*") && ($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket") }',
  tunedPattern:
    '{ (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && (($.sourceIPAddress NOT EXISTS) || ($.sourceIPAddress != "delivery.logs.amazonaws.com")) && (($.eventName NOT EXISTS) || ($.eventName != "HeadBucket")) }',
  runbook: [
    "Group the denied calls by userIdentity.arn: one name with many services is someone looking around.",
    "Compare sourceIPAddress and userAgent with what this principal usually shows.",
    "A broken deployment repeats one call; give it the permission, or raise the threshold.",
  ],
  examples: {
    matches: [deniedAssumeRole, deniedPasswordData],
    ignores: [...ignores, deniedHeadBucket, deniedDelivery],
    tuned: { matches: [without(deniedAssumeRole, "sourceIPAddress")], ignores: [] },
  },
});

/** The form of CIS 1.2, which Security Hub has kept. */
export const unauthorizedApiCallsCis12: Detection = {
  ...unauthorizedApiCalls,
  filterPattern: '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
  examples: {
    matches: [deniedAssumeRole, deniedPasswordData],
    ignores,
    tuned: { matches: [], ignores: [deniedHeadBucket, deniedDelivery] },
  },
};
