import { PRESETS } from "../../../../detections";

// From the AWS CloudTrail user guide, "Creating CloudWatch alarms for CloudTrail events: examples", by hand.
describe("the detections of the AWS guide", () => {
  const byId = Object.fromEntries(PRESETS["aws-guide"].map((detection) => [detection.id, detection]));

  it("has the guide's names, conditions and patterns, to the letter", () => {
    expect(byId["security-group-changes"]).toMatchObject({
      filterName: "SecurityGroupEvents",
      metricName: "SecurityGroupEventCount",
      alarmName: "Security group configuration changes",
      description: "Raises alarms if security group configuration changes occur",
      statistic: "Sum",
      periodSeconds: 300,
      threshold: 1,
      topicName: "SecurityGroupChanges_CloudWatch_Alarms_Topic",
      filterPattern:
        "{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) || ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) }",
    });
    expect(byId["console-sign-in-failures"]).toMatchObject({
      filterName: "ConsoleSignInFailures",
      metricName: "ConsoleSigninFailureCount",
      alarmName: "Console sign-in failures",
      statistic: "Sum",
      periodSeconds: 300,
      threshold: 3,
      topicName: "ConsoleSignInFailures_CloudWatch_Alarms_Topic",
      filterPattern: '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
    });
    expect(byId["iam-policy-changes"]).toMatchObject({
      filterName: "IAMPolicyChanges",
      metricName: "IAMPolicyEventCount",
      alarmName: "IAM Policy Changes",
      description: "Raises alarms if IAM policy changes occur",
      statistic: "Sum",
      periodSeconds: 300,
      threshold: 1,
      topicName: "IAM_Policy_Changes_CloudWatch_Alarms_Topic",
      filterPattern:
        "{($.eventName=DeleteGroupPolicy)||($.eventName=DeleteRolePolicy)||($.eventName=DeleteUserPolicy)||($.eventName=PutGroupPolicy)||($.eventName=PutRolePolicy)||($.eventName=PutUserPolicy)||($.eventName=CreatePolicy)||($.eventName=DeletePolicy)||($.eventName=CreatePolicyVersion)||($.eventName=DeletePolicyVersion)||($.eventName=AttachRolePolicy)||($.eventName=DetachRolePolicy)||($.eventName=AttachUserPolicy)||($.eventName=DetachUserPolicy)||($.eventName=AttachGroupPolicy)||($.eventName=DetachGroupPolicy)}",
    });
  });

  it("are titled as their alarms are", () => {
    for (const { title, alarmName } of PRESETS["aws-guide"]) {
      expect(title).toBe(alarmName);
    }
  });
});
