import { defineDetection } from "../define";
import { apiCall, assumedRole, deniedCall } from "../examples";

const vpcId = "vpc-0123456789abcdef0";

export const vpcChanges = defineDetection({
  id: "vpc-changes",
  title: "VPC changes",
  description: "Raises alarms if a VPC, its peering or its link to EC2-Classic changes",
  severity: "medium",
  controls: { cis12: "3.14", cis14: "4.14", cis30: "4.14", securityHub: "CloudWatch.14" },
  attack: ["T1562"],
  filterPattern:
    "{ ($.eventName = CreateVpc) || ($.eventName = DeleteVpc) || ($.eventName = ModifyVpcAttribute) || ($.eventName = AcceptVpcPeeringConnection) || ($.eventName = CreateVpcPeeringConnection) || ($.eventName = DeleteVpcPeeringConnection) || ($.eventName = RejectVpcPeeringConnection) || ($.eventName = AttachClassicLinkVpc) || ($.eventName = DetachClassicLinkVpc) || ($.eventName = DisableVpcClassicLink) || ($.eventName = EnableVpcClassicLink) }",
  runbook: [
    "Read requestParameters: which VPC, and for a peering which account and VPC it leads to.",
    "A peering with an account you don't know is a way in and out: look at the routes next.",
    "Compare with the network's code; delete what isn't there.",
  ],
  examples: {
    matches: [
      apiCall({
        eventSource: "ec2.amazonaws.com",
        eventName: "CreateVpcPeeringConnection",
        requestParameters: { vpcId, peerVpcId: "vpc-0fedcba9876543210", peerOwnerId: "444455556666" },
      }),
      apiCall({
        eventSource: "ec2.amazonaws.com",
        eventName: "ModifyVpcAttribute",
        by: assumedRole(),
        requestParameters: { vpcId, enableDnsSupport: { value: false } },
        responseElements: { _return: true },
      }),
      deniedCall({ eventSource: "ec2.amazonaws.com", eventName: "DeleteVpc" }),
    ],
    ignores: [
      apiCall({ eventSource: "ec2.amazonaws.com", eventName: "DescribeVpcs" }),
      apiCall({ eventSource: "ec2.amazonaws.com", eventName: "CreateVpcEndpoint" }),
    ],
  },
});
