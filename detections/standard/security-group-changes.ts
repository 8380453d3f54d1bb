import { defineDetection } from "../define";
import { apiCall, assumedRole, deniedCall } from "../examples";

const groupId = "sg-0123456789abcdef0";

/** Names and condition are those of the AWS CloudTrail user guide. */
export const securityGroupChanges = defineDetection({
  id: "security-group-changes",
  title: "Security group configuration changes",
  description: "Raises alarms if security group configuration changes occur",
  severity: "medium",
  controls: { cis12: "3.10", cis14: "4.10", cis30: "4.10", securityHub: "CloudWatch.10" },
  attack: ["T1562.007"],
  filterName: "SecurityGroupEvents",
  filterPattern:
    "{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) || ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) }",
  // No published list has the call that opens a rule already there.
  tunedPattern:
    "{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) || ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) || ($.eventName = ModifySecurityGroupRules) }",
  metricName: "SecurityGroupEventCount",
  alarmName: "Security group configuration changes",
  topicName: "SecurityGroupChanges_CloudWatch_Alarms_Topic",
  runbook: [
    "Read the rule in requestParameters: port, and whether the source is 0.0.0.0/0 or ::/0.",
    "Find the instances behind the group, and whether they have a public address.",
    "Revoke what nobody owns; look for connections from outside in the flow logs.",
  ],
  examples: {
    matches: [
      apiCall({
        eventSource: "ec2.amazonaws.com",
        eventName: "AuthorizeSecurityGroupIngress",
        requestParameters: {
          groupId,
          ipPermissions: {
            items: [
              { ipProtocol: "tcp", fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: "0.0.0.0/0" }] } },
            ],
          },
        },
        responseElements: { _return: true },
      }),
      apiCall({
        eventSource: "ec2.amazonaws.com",
        eventName: "DeleteSecurityGroup",
        by: assumedRole(),
        requestParameters: { groupId },
        responseElements: { _return: true },
      }),
      deniedCall({ eventSource: "ec2.amazonaws.com", eventName: "RevokeSecurityGroupEgress" }),
    ],
    ignores: [
      apiCall({ eventSource: "ec2.amazonaws.com", eventName: "DescribeSecurityGroups" }),
      apiCall({ eventSource: "ec2.amazonaws.com", eventName: "RunInstances" }),
    ],
    tuned: {
      matches: [
        apiCall({
          eventSource: "ec2.amazonaws.com",
          eventName: "ModifySecurityGroupRules",
          requestParameters: {
            ModifySecurityGroupRulesRequest: {
              GroupId: groupId,
              SecurityGroupRule: {
                SecurityGroupRuleId: "sgr-0123456789abcdef0",
                SecurityGroupRule: { IpProtocol: "tcp", FromPort: 22, ToPort: 22, CidrIpv4: "0.0.0.0/0" },
                tag: 1,
              },
            },
          },
          responseElements: { ModifySecurityGroupRulesResponse: { return: true } },
        }),
      ],
      ignores: [],
    },
  },
});
