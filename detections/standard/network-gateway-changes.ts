import { defineDetection } from "../define";
import { apiCall, assumedRole, deniedCall } from "../examples";

const internetGatewayId = "igw-0123456789abcdef0";

export const networkGatewayChanges = defineDetection({
  id: "network-gateway-changes",
  title: "Network gateway changes",
  description: "Raises alarms if an internet or customer gateway is made, removed, attached or detached",
  severity: "medium",
  controls: { cis12: "3.12", cis14: "4.12", cis30: "4.12", securityHub: "CloudWatch.12" },
  attack: ["T1048", "T1562"],
  filterPattern:
    "{ ($.eventName = CreateCustomerGateway) || ($.eventName = DeleteCustomerGateway) || ($.eventName = AttachInternetGateway) || ($.eventName = CreateInternetGateway) || ($.eventName = DeleteInternetGateway) || ($.eventName = DetachInternetGateway) }",
  runbook: [
    "Read requestParameters: which gateway, on which VPC.",
    "An internet gateway on a private VPC opens a way out: look at its route tables next.",
    "Compare with the network's code; detach what isn't there.",
  ],
  examples: {
    matches: [
      apiCall({
        eventSource: "ec2.amazonaws.com",
        eventName: "AttachInternetGateway",
        requestParameters: { internetGatewayId, vpcId: "vpc-0123456789abcdef0" },
        responseElements: { _return: true },
      }),
      apiCall({
        eventSource: "ec2.amazonaws.com",
        eventName: "CreateCustomerGateway",
        by: assumedRole(),
        requestParameters: { type: "ipsec.1", ipAddress: "203.0.113.99", bgpAsn: 65000 },
      }),
      deniedCall({ eventSource: "ec2.amazonaws.com", eventName: "DetachInternetGateway" }),
    ],
    ignores: [
      apiCall({ eventSource: "ec2.amazonaws.com", eventName: "DescribeInternetGateways" }),
      apiCall({ eventSource: "ec2.amazonaws.com", eventName: "CreateNatGateway" }),
    ],
  },
});
