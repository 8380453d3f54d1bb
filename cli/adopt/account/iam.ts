import {
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from "@aws-sdk/client-iam";
import type { AdoptAccount } from "../existing";
import { ask, askFor, askForAll, type ClientSettings } from "./ask";
import { tagsOf } from "./tags";

/** Roles and their policies. */
export function iamOf(settings: ClientSettings): Pick<AdoptAccount, "role"> {
  const iam = new IAMClient(settings);

  async function inlinePolicies(RoleName: string): Promise<Record<string, string>> {
    const names = await askForAll(
      "iam:ListRolePolicies",
      () => paginateListRolePolicies({ client: iam }, { RoleName }),
      ({ PolicyNames }) => PolicyNames,
    );
    const policies: Record<string, string> = {};
    for (const PolicyName of names) {
      const { PolicyDocument = "" } = await ask("iam:GetRolePolicy", () =>
        iam.send(new GetRolePolicyCommand({ RoleName, PolicyName })),
      );
      policies[PolicyName] = fromUri(PolicyDocument);
    }
    return policies;
  }

  return {
    async role(name) {
      const answer = await askFor("iam:GetRole", ["NoSuchEntityException"], () =>
        iam.send(new GetRoleCommand({ RoleName: name })),
      );
      const role = answer?.Role;
      if (role === undefined) {
        return undefined;
      }
      const attached = await askForAll(
        "iam:ListAttachedRolePolicies",
        () => paginateListAttachedRolePolicies({ client: iam }, { RoleName: name }),
        ({ AttachedPolicies }) => AttachedPolicies,
      );
      return {
        arn: role.Arn ?? "",
        name,
        arguments: {
          name,
          description: role.Description,
          assume_role_policy: fromUri(role.AssumeRolePolicyDocument ?? ""),
          max_session_duration: role.MaxSessionDuration,
          permissions_boundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
        },
        ...tagsOf(role.Tags ?? []),
        inlinePolicies: await inlinePolicies(name),
        attachedPolicies: attached.flatMap(({ PolicyArn }) => PolicyArn ?? []),
      };
    },
  };
}

/** IAM gives policies in the form that URIs have (IAM API reference, "GetRole"). */
function fromUri(policy: string): string {
  try {
    return decodeURIComponent(policy);
  } catch {
    return policy;
  }
}
