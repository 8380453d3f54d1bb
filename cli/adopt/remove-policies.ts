import { awsCommand } from "./item";

/**
 * Notes on what else an adopted role may do, with the commands that take it away; none where there is nothing else.
 *
 * @param inline names of policies
 * @param attached ARNs of policies
 */
export function removePolicies(
  role: string,
  inline: readonly string[],
  attached: readonly string[],
): string[] {
  const commands = removeCommands(role, inline, attached);
  return commands.length === 0
    ? []
    : ["what else it may do is left; after terraform apply this deployment needs none of it:", ...commands];
}

export function removeCommands(
  role: string,
  inline: readonly string[],
  attached: readonly string[],
): string[] {
  return [
    ...inline.map((policy) =>
      awsCommand("iam", "delete-role-policy", "--role-name", role, "--policy-name", policy),
    ),
    ...attached.map((policy) =>
      awsCommand("iam", "detach-role-policy", "--role-name", role, "--policy-arn", policy),
    ),
  ];
}
