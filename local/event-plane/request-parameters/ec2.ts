import { lowerFirst, type Parameters } from "./spelling";

/**
 * Lists by the names of request parameter, of recorded list and, of lists of plain values, of the member in each item. One
 * that isn't here is taken to follow EC2's habit: `SubnetId` is `subnetIdSet`.
 */
const LISTS: ReadonlyMap<string, readonly [set: string, member?: string]> = new Map([
  ["InstanceId", ["instancesSet", "instanceId"]],
  ["ResourceId", ["resourcesSet", "resourceId"]],
  ["SecurityGroup", ["groupSet", "groupName"]],
  ["SecurityGroupId", ["groupSet", "groupId"]],
  ["Tag", ["tagSet"]],
  ["TagSpecification", ["tagSpecificationSet"]],
  ["NetworkInterface", ["networkInterfaceSet"]],
  ["IpPermissions", ["ipPermissions"]],
  ["BlockDeviceMapping", ["blockDeviceMapping"]],
]);

/** Operations that record their request as its XML: under their own name, with capitals, lists counted by `tag`. */
const WHOLE_REQUESTS: ReadonlySet<string> = new Set([
  ...["CreateFlowLogs", "DeleteFlowLogs", "EnableSerialConsoleAccess", "DisableSerialConsoleAccess"],
  ...["CreateVpcEndpoint", "ModifyVpcEndpoint", "DeleteVpcEndpoints", "ModifySecurityGroupRules"],
  ...["CreateNatGateway", "DeleteNatGateway", "CreateLaunchTemplate", "DeleteLaunchTemplate"],
  ...["CreateEgressOnlyInternetGateway", "DeleteEgressOnlyInternetGateway"],
  ...["CreateTransitGateway", "DeleteTransitGateway", "CreateTransitGatewayVpcAttachment"],
]);

/** Members that the first item of RunInstances' `instancesSet` has. */
const OF_INSTANCES: readonly string[] = ["ImageId", "MinCount", "MaxCount", "KeyName"];

/** The parameters of a call of EC2, whose members are named as its API Reference names the request parameters. */
export function ec2Parameters(operation: string, input: Parameters): Parameters {
  if (WHOLE_REQUESTS.has(operation)) {
    return { [`${operation}Request`]: Object.keys(input).length === 0 ? "" : tagged(input) };
  }
  switch (operation) {
    case "AuthorizeSecurityGroupIngress":
    case "AuthorizeSecurityGroupEgress":
    case "RevokeSecurityGroupIngress":
    case "RevokeSecurityGroupEgress":
      return { ipPermissions: {}, ...membersOf(input) };
    case "CreateNetworkAclEntry":
    case "ReplaceNetworkAclEntry": {
      const { Protocol: aclProtocol, ...others } = input;
      return { icmpTypeCode: {}, portRange: {}, aclProtocol, ...membersOf(others) };
    }
    case "RunInstances":
      return runInstancesParameters(input);
    default:
      return membersOf(input);
  }
}

function runInstancesParameters(input: Parameters): Parameters {
  const isOfInstances = ([member]: [string, unknown]) => OF_INSTANCES.includes(member);
  const entries = Object.entries(input);
  return {
    blockDeviceMapping: {},
    disableApiStop: false,
    disableApiTermination: false,
    monitoring: { enabled: false },
    instancesSet: { items: [membersOf(Object.fromEntries(entries.filter(isOfInstances)))] },
    ...membersOf(Object.fromEntries(entries.filter((entry) => !isOfInstances(entry)))),
  };
}

function membersOf(input: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(input).map(([member, value]) => {
      if (member === "UserData") {
        return ["userData", "<sensitiveDataRemoved>"];
      }
      if (Array.isArray(value)) {
        const [set = `${lowerFirst(member)}Set`, inner = lowerFirst(member)] = LISTS.get(member) ?? [];
        return [set, { items: value.map((item) => itemOf(set, inner, item)) }];
      }
      return [lowerFirst(member), innerOf(value)];
    }),
  );
}

/** @param member of an item that is a plain value */
function itemOf(set: string, member: string, item: unknown): unknown {
  if (!isObject(item)) {
    return { [member]: item };
  }
  switch (set) {
    case "ipPermissions":
      return { groups: {}, ipRanges: {}, ipv6Ranges: {}, prefixListIds: {}, ...innerMembersOf(item) };
    case "tagSpecificationSet": {
      const { Tag: tags = [], ...others } = item;
      return { ...innerMembersOf(others), tags: Array.isArray(tags) ? tags.map(innerOf) : tags };
    }
    default:
      return innerMembersOf(item);
  }
}

function innerOf(value: unknown): unknown {
  return isObject(value) ? innerMembersOf(value) : value;
}

function innerMembersOf(value: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(value).map(([member, inner]) => {
      const name = lowerFirst(member);
      return [
        name,
        Array.isArray(inner) ? { items: inner.map((item) => itemOf(name, name, item)) } : innerOf(inner),
      ];
    }),
  );
}

function tagged(value: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(value).map(([member, inner]) => {
      if (!Array.isArray(inner)) {
        return [member, isObject(inner) ? tagged(inner) : inner];
      }
      const items = inner.map((item, index) =>
        isObject(item) ? { tag: index + 1, ...tagged(item) } : { tag: index + 1, content: item },
      );
      return [member, items.length === 1 ? items[0] : items];
    }),
  );
}

function isObject(value: unknown): value is Parameters {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
