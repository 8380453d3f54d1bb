import { adopted, type NamedContext, type OfOne } from "./decide-one";
import type { ExistingRole } from "./existing";
import { removePolicies } from "./remove-policies";

/** Decides about a role; Terraform leaves the policies of it that the stack doesn't declare. */
export function decideRole(name: string, part: ExistingRole, { declared }: NamedContext): OfOne {
  const declaredOf = (wanted: string, argument: string): unknown[] =>
    declared.flatMap(({ type, arguments: values }) =>
      type === wanted && values.role === name ? [values[argument]] : [],
    );
  const inline = declaredOf("aws_iam_role_policy", "name");
  const attached = declaredOf("aws_iam_role_policy_attachment", "policy_arn");
  return adopted({ kind: "role", name, entry: part.arn, type: "aws_iam_role" }, part, {
    notes: removePolicies(
      name,
      Object.keys(part.inlinePolicies).filter((policy) => !inline.includes(policy)),
      part.attachedPolicies.filter((policy) => !attached.includes(policy)),
    ),
  });
}
