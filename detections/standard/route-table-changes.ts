import { defineDetection } from "../define";
import type { Detection } from "../detection";
import { apiCall, assumedRole, deniedCall } from "../examples";

const routeTableId = "rtb-0123456789abcdef0";

const matches = [
  apiCall({
    eventSource: "ec2.amazonaws.com",
    eventName: "CreateRoute",
    requestParameters: {
      routeTableId,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: "igw-0123456789abcdef0",
    },
    responseElements: { _return: true },
  }),
  apiCall({
    eventSource: "ec2.amazonaws.com",
    eventName: "DisassociateRouteTable",
    by: assumedRole(),
    requestParameters: { associationId: "rtbassoc-0123456789abcdef0" },
    responseElements: { _return: true },
  }),
  deniedCall({ eventSource: "ec2.amazonaws.com", eventName: "DeleteRouteTable" }),
];
const ignores = [
  apiCall({ eventSource: "ec2.amazonaws.com", eventName: "DescribeRouteTables" }),
  apiCall({ eventSource: "ec2.amazonaws.com", eventName: "AssociateRouteTable" }),
];
const apiGateway = (eventName: string) =>
  apiCall({
    eventSource: "apigateway.amazonaws.com",
    eventName,
    requestParameters: { apiId: "a1b2c3d4e5", routeKey: "GET /orders" },
  });

/** AWS Security Hub user guide, "CloudWatch.13": API Gateway has routes too. */
const SECURITY_HUB_PATTERN =
  "{($.eventSource=ec2.amazonaws.com) && (($.eventName=CreateRoute) || ($.eventName=CreateRouteTable) || ($.eventName=ReplaceRoute) || ($.eventName=ReplaceRouteTableAssociation) || ($.eventName=DeleteRouteTable) || ($.eventName=DeleteRoute) || ($.eventName=DisassociateRouteTable))}";

/** The form of CIS 1.2 and 1.4. */
export const routeTableChanges = defineDetection({
  id: "route-table-changes",
  title: "Route table changes",
  description: "Raises alarms if a route, a route table or its association with a subnet changes",
  severity: "medium",
  controls: { cis12: "3.13", cis14: "4.13", cis30: "4.13", securityHub: "CloudWatch.13" },
  attack: ["T1048", "T1562"],
  filterPattern:
    "{ ($.eventName = CreateRoute) || ($.eventName = CreateRouteTable) || ($.eventName = ReplaceRoute) || ($.eventName = ReplaceRouteTableAssociation) || ($.eventName = DeleteRouteTable) || ($.eventName = DeleteRoute) || ($.eventName = DisassociateRouteTable) }",
  tunedPattern: SECURITY_HUB_PATTERN,
  runbook: [
    "Read requestParameters: which destination, and through which gateway, peering or instance.",
    "A default route to a gateway or instance you don't know takes the subnet's traffic along.",
    "Compare with the network's code; replace the route that isn't there.",
  ],
  examples: {
    matches,
    ignores,
    tuned: { matches: [], ignores: [apiGateway("CreateRoute"), apiGateway("DeleteRoute")] },
  },
});

/** The form that the audit of CIS 3.0 asks for. As `&&` binds tighter, its source holds for the first name alone. */
export const routeTableChangesCis30: Detection = {
  ...routeTableChanges,
  filterPattern:
    "{($.eventSource = ec2.amazonaws.com) && ($.eventName = CreateRoute) || ($.eventName = CreateRouteTable) || ($.eventName = ReplaceRoute) || ($.eventName = ReplaceRouteTableAssociation) || ($.eventName = DeleteRouteTable) || ($.eventName = DeleteRoute) || ($.eventName = DisassociateRouteTable) }",
  examples: {
    matches,
    ignores: [...ignores, apiGateway("CreateRoute")],
    tuned: { matches: [], ignores: [apiGateway("DeleteRoute")] },
  },
};

const { tunedPattern: _, ...untuned } = routeTableChanges;

export const routeTableChangesSecurityHub: Detection = {
  ...untuned,
  filterPattern: SECURITY_HUB_PATTERN,
  examples: { matches, ignores: [...ignores, apiGateway("CreateRoute"), apiGateway("DeleteRoute")] },
};
