import { resourceName } from "../arn";
import { adopted, left, type NamedContext, type OfOne } from "./decide-one";
import { type DeclaredPart, partNamed } from "./declared";
import type { ExistingFunction } from "./existing";
import { awsCommand, type Draft } from "./item";
import { removeCommands } from "./remove-policies";

/** Decides about a function, who may invoke it, and the role that it had. */
export function decideFunction(name: string, part: ExistingFunction, context: NamedContext): OfOne {
  const { declared, region } = context;
  const onFunction = ["--region", region, "--function-name", name];
  if (part.packageType === "Image") {
    return left("function", name, "runs a container image, and importing it would have to replace it", [
      `remove it, since this deployment needs its name: ${awsCommand("lambda", "delete-function", ...onFunction)}`,
    ]);
  }
  return adopted({ kind: "function", name, type: "aws_lambda_function" }, part, {
    before: [
      `its code is replaced; for a copy, fetch what this names: ${awsCommand(...["lambda", "get-function", ...onFunction, "--query", "Code.Location", "--output", "text"])}`,
    ],
    others: [
      ...part.permissions.map((statement) => decidePermission(name, statement, context)),
      ...formerRole(name, part, declared),
    ],
  });
}

function decidePermission(
  name: string,
  { Sid, Effect: _, Resource: _function, ...allows }: ExistingFunction["permissions"][number],
  { declared, region }: NamedContext,
): Draft {
  const statementId = typeof Sid === "string" ? Sid : "";
  const isNameOfOurs = declared.some(
    ({ type, arguments: values }) =>
      type === "aws_lambda_permission" &&
      values.function_name === name &&
      values.statement_id === statementId,
  );
  const remove = awsCommand(
    ...["lambda", "remove-permission", "--region", region],
    ...["--function-name", name, "--statement-id", statementId],
  );
  return {
    kind: "function permission",
    name: `${name}/${statementId}`,
    decision: "leave",
    before: isNameOfOurs
      ? [`remove it right before, since this deployment makes one of its name: ${remove}`]
      : [],
    notes: [
      `allows ${JSON.stringify(allows)}`,
      ...(isNameOfOurs ? [] : ["stays. After terraform apply, unless it is needed:", remove]),
    ],
  };
}

/** The role that the function had, if it gets another. */
function formerRole(
  name: string,
  { roleArn, role: look }: ExistingFunction,
  declared: readonly DeclaredPart[],
): Draft[] {
  const roleName = resourceName(roleArn);
  if (roleArn === "" || partNamed(declared, "aws_iam_role", roleName) !== undefined) {
    return [];
  }
  const item = { kind: "role", name: roleName, decision: "leave" as const };
  if ("problem" in look) {
    return [
      {
        ...item,
        notes: [`stays, while ${name} gets a role of its own; couldn't be looked at: ${look.problem}`],
      },
    ];
  }
  const role = look.found;
  return role === undefined
    ? []
    : [
        {
          ...item,
          notes: [
            `stays, while ${name} gets a role of its own. After terraform apply, unless anything else uses it:`,
            ...removeCommands(roleName, Object.keys(role.inlinePolicies), role.attachedPolicies),
            awsCommand("iam", "delete-role", "--role-name", roleName),
          ],
        },
      ];
}
