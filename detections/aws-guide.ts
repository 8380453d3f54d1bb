import type { Detection } from "./detection";

// Names, patterns and conditions are those of the AWS CloudTrail user guide, "Creating CloudWatch alarms for
// CloudTrail events: examples", to the letter: auditors and scanners compare the text.

const securityGroupChanges: Detection = {
  id: "security-group-changes",
  filterName: "SecurityGroupEvents",
  filterPattern:
    "{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) || ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) }",
  metricName: "SecurityGroupEventCount",
  alarmName: "Security group configuration changes",
  description: "Raises alarms if security group configuration changes occur",
  statistic: "Sum",
  periodSeconds: 300,
  threshold: 1,
  topicName: "SecurityGroupChanges_CloudWatch_Alarms_Topic",
};

const consoleSignInFailures: Detection = {
  id: "console-sign-in-failures",
  filterName: "ConsoleSignInFailures",
  filterPattern: '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
  metricName: "ConsoleSigninFailureCount",
  alarmName: "Console sign-in failures",
  // The guide's sentence says "more than 3", its condition says >= 3: the condition rules.
  description: "Raises alarms if console sign-in failures occur: three or more failures in 5 minutes",
  statistic: "Sum",
  periodSeconds: 300,
  threshold: 3,
  topicName: "ConsoleSignInFailures_CloudWatch_Alarms_Topic",
};

const iamPolicyChanges: Detection = {
  id: "iam-policy-changes",
  filterName: "IAMPolicyChanges",
  filterPattern:
    "{($.eventName=DeleteGroupPolicy)||($.eventName=DeleteRolePolicy)||($.eventName=DeleteUserPolicy)||($.eventName=PutGroupPolicy)||($.eventName=PutRolePolicy)||($.eventName=PutUserPolicy)||($.eventName=CreatePolicy)||($.eventName=DeletePolicy)||($.eventName=CreatePolicyVersion)||($.eventName=DeletePolicyVersion)||($.eventName=AttachRolePolicy)||($.eventName=DetachRolePolicy)||($.eventName=AttachUserPolicy)||($.eventName=DetachUserPolicy)||($.eventName=AttachGroupPolicy)||($.eventName=DetachGroupPolicy)}",
  metricName: "IAMPolicyEventCount",
  alarmName: "IAM Policy Changes",
  description: "Raises alarms if IAM policy changes occur",
  statistic: "Sum",
  periodSeconds: 300,
  threshold: 1,
  topicName: "IAM_Policy_Changes_CloudWatch_Alarms_Topic",
};

/** The three detections of the CloudTrail user guide. */
export const awsGuide: readonly Detection[] = [securityGroupChanges, consoleSignInFailures, iamPolicyChanges];
