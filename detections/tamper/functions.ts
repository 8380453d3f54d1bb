import { defineDetection } from "../define";
import type { DeploymentNames } from "../deployment-names";
import type { Detection } from "../detection";
import { apiCall, assumedRole, deniedCall, EXAMPLE_ACCOUNT, EXAMPLE_REGION } from "../examples";
import { allOf, concerns, exampleName, isEvent, isFrom, otherName } from "./pattern";

const SOURCE = "lambda.amazonaws.com";

/**
 * Whoever deletes the guard or another function of the deployment, or replaces what it does.
 *
 * Lambda's event names end in the version of its API, such as DeleteFunction20150331. A function may be named by its
 * name, its ARN or a part of it, each with a version or an alias behind.
 */
export function functionTampering({ functionNames }: DeploymentNames): Detection {
  const functionName = exampleName(functionNames[0] ?? "");
  const functionArn = `arn:aws:lambda:${EXAMPLE_REGION}:${EXAMPLE_ACCOUNT}:function:${functionName}`;
  const call = (eventName: string, requestParameters: Readonly<Record<string, unknown>>) =>
    apiCall({ eventSource: SOURCE, eventName, requestParameters });
  return defineDetection({
    id: "tamper-functions",
    title: "Function tampering",
    description: "Raises alarms if someone deletes, replaces or throttles the guard's function, or tries to",
    severity: "critical",
    controls: {},
    attack: ["T1562.001", "T1648"],
    filterPattern: allOf(
      isFrom(SOURCE),
      isEvent(
        // And DeleteFunctionEventInvokeConfig.
        "DeleteFunction*",
        "UpdateFunctionCode*",
        "UpdateFunctionConfiguration*",
        "PutFunctionConcurrency*",
        "RemovePermission*",
        "PutFunctionEventInvokeConfig*",
        "UpdateFunctionEventInvokeConfig*",
      ),
      concerns({ functionName: functionNames.flatMap((name) => [`*${name}`, `*${name}:*`]) }),
    ),
    periodSeconds: 60,
    runbook: [
      "Compare CodeSha256, environment and reserved concurrency with the code: 0 means it never runs.",
      "RemovePermission: without it the event rule can't wake the function.",
      "See whether the trail was touched right after; apply the code again.",
    ],
    examples: {
      matches: [
        call("UpdateFunctionCode20150331v2", { functionName: functionArn, dryRun: false, publish: true }),
        call("PutFunctionConcurrency20171031", { functionName, reservedConcurrentExecutions: 0 }),
        call("RemovePermission20150331v2", { functionName, statementId: "EventRuleInvokes" }),
        call("DeleteFunctionEventInvokeConfig", { functionName: `${functionArn}:live` }),
        deniedCall({ eventSource: SOURCE, eventName: "DeleteFunction20150331", by: assumedRole() }),
      ],
      ignores: [
        call("UpdateFunctionCode20150331v2", { functionName: otherName(functionNames) }),
        call("GetFunctionConfiguration20150331v2", { functionName }),
        call("PublishVersion20150331", { functionName }),
      ],
    },
  });
}
