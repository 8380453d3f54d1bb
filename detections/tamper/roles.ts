import { defineDetection } from "../define";
import type { DeploymentNames } from "../deployment-names";
import type { Detection } from "../detection";
import { apiCall, assumedRole, deniedCall } from "../examples";
import { ROLE_CALLS } from "./calls";
import { allOf, concerns, exampleName, isEvent, isFrom, otherName } from "./pattern";

const SOURCE = "iam.amazonaws.com";

/** Whoever takes from the deployment's roles what they may do, or takes the roles over. */
export function roleTampering({ roleNames }: DeploymentNames): Detection {
  const roleName = exampleName(roleNames[0] ?? "");
  const call = (eventName: string, requestParameters: Readonly<Record<string, unknown>>) =>
    apiCall({ eventSource: SOURCE, eventName, requestParameters });
  return defineDetection({
    id: "tamper-roles",
    title: "Role tampering",
    description: "Raises alarms if someone changes the roles of trail and guard, or tries to",
    severity: "critical",
    controls: {},
    attack: ["T1098.003", "T1562.001"],
    filterPattern: allOf(isFrom(SOURCE), isEvent(...ROLE_CALLS), concerns({ roleName: roleNames })),
    periodSeconds: 60,
    runbook: [
      "Compare trust policy, policies and boundary of the role with the code.",
      "UpdateAssumeRolePolicy: look for AssumeRole by the new principal; it holds the role's rights.",
      "Without the delivery role no event reaches the log group: compare it with the bucket's files.",
    ],
    examples: {
      matches: [
        call("DeleteRolePolicy", { roleName, policyName: "keep-the-trail-logging" }),
        call("PutRolePermissionsBoundary", {
          roleName,
          permissionsBoundary: "arn:aws:iam::aws:policy/AWSDenyAll",
        }),
        deniedCall({ eventSource: SOURCE, eventName: "UpdateAssumeRolePolicy", by: assumedRole() }),
      ],
      ignores: [
        call("PutRolePolicy", { roleName: otherName(roleNames), policyName: "inline" }),
        call("GetRole", { roleName }),
      ],
    },
  });
}
