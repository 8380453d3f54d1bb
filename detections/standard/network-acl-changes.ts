import { defineDetection } from "../define";
import { apiCall, assumedRole, deniedCall } from "../examples";

const networkAclId = "acl-0123456789abcdef0";

export const networkAclChanges = defineDetection({
  id: "network-acl-changes",
  title: "Network ACL changes",
  description: "Raises alarms if a network ACL or its association with a subnet changes",
  severity: "medium",
  controls: { cis12: "3.11", cis14: "4.11", cis30: "4.11", securityHub: "CloudWatch.11" },
  attack: ["T1562.007"],
  filterPattern:
    "{ ($.eventName = CreateNetworkAcl) || ($.eventName = CreateNetworkAclEntry) || ($.eventName = DeleteNetworkAcl) || ($.eventName = DeleteNetworkAclEntry) || ($.eventName = ReplaceNetworkAclEntry) || ($.eventName = ReplaceNetworkAclAssociation) }",
  runbook: [
    "Read requestParameters: which rule of which ACL, and what it lets through.",
    "Find the subnets of the ACL, and what in them can be reached from outside.",
    "Compare with the network's code; replace what isn't there.",
  ],
  examples: {
    matches: [
      apiCall({
        eventSource: "ec2.amazonaws.com",
        eventName: "CreateNetworkAclEntry",
        requestParameters: {
          networkAclId,
          ruleNumber: 10,
          egress: false,
          ruleAction: "allow",
          cidrBlock: "0.0.0.0/0",
          aclProtocol: "-1",
        },
        responseElements: { _return: true },
      }),
      apiCall({
        eventSource: "ec2.amazonaws.com",
        eventName: "ReplaceNetworkAclAssociation",
        by: assumedRole(),
        requestParameters: { networkAclId, associationId: "aclassoc-0123456789abcdef0" },
      }),
      deniedCall({ eventSource: "ec2.amazonaws.com", eventName: "DeleteNetworkAcl" }),
    ],
    ignores: [
      apiCall({ eventSource: "ec2.amazonaws.com", eventName: "DescribeNetworkAcls" }),
      apiCall({ eventSource: "ec2.amazonaws.com", eventName: "CreateSubnet" }),
    ],
  },
});
