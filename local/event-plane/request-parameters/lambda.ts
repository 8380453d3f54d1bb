import { partitionOf } from "../partition";
import { lowerFirst, type Parameters, spelled } from "./spelling";

/** What CloudTrail doesn't tell: code, and the environment variables, of which an empty object is left. */
const OMITTED: readonly string[] = ["code", "zipFile", "content"];

/** The parameters of a call of Lambda. */
export function lambdaParameters(
  operation: string,
  input: Parameters,
  place: { readonly accountId: string; readonly region: string },
): Parameters {
  const given = Object.fromEntries(
    Object.entries(input)
      .map(([member, value]) => [lowerFirst(member), value] as const)
      .filter(([name]) => !OMITTED.includes(name))
      .map(([name, value]) => [name, name === "environment" ? {} : spelled(name, value)]),
  );
  switch (operation) {
    case "UpdateFunctionConfiguration":
      return { environment: {}, ...given };
    case "UpdateFunctionCode":
      return {
        fullyQualifiedArn: fullyQualifiedArnOf(String(input.FunctionName), place),
        dryRun: false,
        publish: false,
        ...given,
      };
    default:
      return given;
  }
}

/** @param named name of a function, or ARN of one, whole or from the account on */
function fullyQualifiedArnOf(
  named: string,
  { accountId, region }: { readonly accountId: string; readonly region: string },
): Parameters {
  const [, functionName = "", qualifier] = /^(?:.*:?function:)?([^:]+)(?::([^:]+))?$/.exec(named) ?? [];
  return {
    arnPrefix: { partition: partitionOf(region), region, account: accountId },
    relativeId: { functionName },
    functionQualifier: qualifier === undefined ? {} : { qualifier },
  };
}
