import { EC2_RULE_NAME } from "../alert-topics";
import { defineDetection } from "../define";
import type { DeploymentNames } from "../deployment-names";
import type { Detection } from "../detection";
import { apiCall, assumedRole, deniedCall } from "../examples";
import { allOf, concerns, exampleName, isEvent, isFrom, otherName } from "./pattern";

const SOURCE = "events.amazonaws.com";

/** Whoever cuts the wire between an event and the function or topic that it wakes. */
export function eventRuleTampering({ namePrefix, functionNames }: DeploymentNames): Detection {
  // With a prefix one name is enough for all that begin so; a pattern has little room.
  const unprefixed = functionNames.filter((name) => namePrefix === "" || !name.startsWith(namePrefix));
  const rules = [
    ...unprefixed.map((name) => `${name}*`),
    namePrefix === "" ? EC2_RULE_NAME : `${namePrefix}*`,
  ];
  const rule = exampleName(functionNames[0] ?? `${namePrefix}${EC2_RULE_NAME}`);
  const other = otherName(rules);
  const call = (eventName: string, requestParameters: Readonly<Record<string, unknown>>) =>
    apiCall({ eventSource: SOURCE, eventName, requestParameters });
  return defineDetection({
    id: "tamper-event-rules",
    title: "Event rule tampering",
    description: "Raises alarms if someone disables, deletes or redirects an event rule, or tries to",
    severity: "critical",
    controls: {},
    attack: ["T1562.001"],
    filterPattern: allOf(
      isFrom(SOURCE),
      isEvent("DisableRule", "DeleteRule", "RemoveTargets", "PutRule", "PutTargets"),
      // Targets name their rule in `rule`, rules themselves in `name`.
      concerns({ name: rules, rule: rules }),
    ),
    periodSeconds: 60,
    runbook: [
      "See whether the rule is there and enabled: aws events describe-rule.",
      "Compare pattern and targets with the code; another target gets the events instead of ours.",
      "See whether the trail was touched right after: the rule is what wakes its guard.",
    ],
    examples: {
      matches: [
        call("DisableRule", { name: rule }),
        call("RemoveTargets", { rule, ids: ["target"] }),
        call("PutRule", { name: rule, eventPattern: '{"source":["nothing"]}', state: "ENABLED" }),
        deniedCall({ eventSource: SOURCE, eventName: "DeleteRule", by: assumedRole() }),
      ],
      ignores: [
        call("DisableRule", { name: other }),
        call("PutTargets", { rule: other, targets: [{ id: "target" }] }),
        call("DescribeRule", { name: rule }),
      ],
    },
  });
}
