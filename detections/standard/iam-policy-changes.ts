import { defineDetection } from "../define";
import type { Detection } from "../detection";
import { apiCall, assumedRole, deniedCall } from "../examples";

const matches = [
  apiCall({
    eventSource: "iam.amazonaws.com",
    eventName: "AttachRolePolicy",
    requestParameters: { roleName: "Reporting", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
  }),
  apiCall({
    eventSource: "iam.amazonaws.com",
    eventName: "PutUserPolicy",
    by: assumedRole(),
    requestParameters: { userName: "bob", policyName: "inline", policyDocument: '{"Version":"2012-10-17"}' },
  }),
  deniedCall({ eventSource: "iam.amazonaws.com", eventName: "CreatePolicyVersion" }),
];
const ignores = [
  apiCall({ eventSource: "iam.amazonaws.com", eventName: "ListPolicies" }),
  apiCall({
    eventSource: "iam.amazonaws.com",
    eventName: "CreateRole",
    requestParameters: { roleName: "Reporting", assumeRolePolicyDocument: '{"Version":"2012-10-17"}' },
  }),
];
const otherServices = [
  apiCall({
    eventSource: "autoscaling.amazonaws.com",
    eventName: "DeletePolicy",
    requestParameters: { autoScalingGroupName: "workers", policyName: "scale-out" },
  }),
  apiCall({
    eventSource: "iot.amazonaws.com",
    eventName: "CreatePolicy",
    requestParameters: { policyName: "sensors" },
  }),
];

/** AWS Security Hub user guide, "CloudWatch.4": services other than IAM have policies too. */
const SECURITY_HUB_PATTERN =
  "{($.eventSource=iam.amazonaws.com) && (($.eventName=DeleteGroupPolicy) || ($.eventName=DeleteRolePolicy) || ($.eventName=DeleteUserPolicy) || ($.eventName=PutGroupPolicy) || ($.eventName=PutRolePolicy) || ($.eventName=PutUserPolicy) || ($.eventName=CreatePolicy) || ($.eventName=DeletePolicy) || ($.eventName=CreatePolicyVersion) || ($.eventName=DeletePolicyVersion) || ($.eventName=AttachRolePolicy) || ($.eventName=DetachRolePolicy) || ($.eventName=AttachUserPolicy) || ($.eventName=DetachUserPolicy) || ($.eventName=AttachGroupPolicy) || ($.eventName=DetachGroupPolicy))}";

/** The form of the AWS CloudTrail user guide and of the CIS benchmarks. */
export const iamPolicyChanges = defineDetection({
  id: "iam-policy-changes",
  title: "IAM Policy Changes",
  description: "Raises alarms if IAM policy changes occur",
  severity: "medium",
  controls: { cis12: "3.4", cis14: "4.4", cis30: "4.4", securityHub: "CloudWatch.4" },
  attack: ["T1098.003"],
  filterName: "IAMPolicyChanges",
  filterPattern:
    "{($.eventName=DeleteGroupPolicy)||($.eventName=DeleteRolePolicy)||($.eventName=DeleteUserPolicy)||($.eventName=PutGroupPolicy)||($.eventName=PutRolePolicy)||($.eventName=PutUserPolicy)||($.eventName=CreatePolicy)||($.eventName=DeletePolicy)||($.eventName=CreatePolicyVersion)||($.eventName=DeletePolicyVersion)||($.eventName=AttachRolePolicy)||($.eventName=DetachRolePolicy)||($.eventName=AttachUserPolicy)||($.eventName=DetachUserPolicy)||($.eventName=AttachGroupPolicy)||($.eventName=DetachGroupPolicy)}",
  tunedPattern: SECURITY_HUB_PATTERN,
  metricName: "IAMPolicyEventCount",
  alarmName: "IAM Policy Changes",
  topicName: "IAM_Policy_Changes_CloudWatch_Alarms_Topic",
  runbook: [
    "Read requestParameters: which policy, on which user, group or role.",
    "Look for the change in the code that deploys IAM; what isn't there was made by hand.",
    "Undo what nobody owns, and read what its principal did since.",
  ],
  examples: { matches, ignores, tuned: { matches: [], ignores: otherServices } },
});

const { tunedPattern: _, ...untuned } = iamPolicyChanges;

export const iamPolicyChangesSecurityHub: Detection = {
  ...untuned,
  filterPattern: SECURITY_HUB_PATTERN,
  examples: { matches, ignores: [...ignores, ...otherServices] },
};
