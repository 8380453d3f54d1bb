import { alertTopicNames, SHARED_TOPIC_STEM } from "../alert-topics";
import { defineDetection } from "../define";
import type { DeploymentNames } from "../deployment-names";
import type { Detection } from "../detection";
import { apiCall, assumedRole, deniedCall, EXAMPLE_ACCOUNT, EXAMPLE_REGION } from "../examples";
import { allOf, concerns, isEvent, isFrom } from "./pattern";

const SOURCE = "sns.amazonaws.com";

/**
 * Whoever keeps alerts from people.
 *
 * Topics of detections are known by how their names end, the others by their whole names; a subscription's ARN goes on
 * after the topic's. Those of routes begin as the shared one does.
 */
export function topicTampering({ namePrefix }: DeploymentNames): Detection {
  const topics = [...alertTopicNames(namePrefix, {}), `${namePrefix}${SHARED_TOPIC_STEM}`].map((name) =>
    name.startsWith("*") ? `${name}*` : `*:${name}*`,
  );
  const arn = (topicName: string) => `arn:aws:sns:${EXAMPLE_REGION}:${EXAMPLE_ACCOUNT}:${topicName}`;
  const topicArn = arn(`${namePrefix}IAM_Policy_Changes_CloudWatch_Alarms_Topic`);
  const call = (eventName: string, requestParameters: Readonly<Record<string, unknown>>) =>
    apiCall({ eventSource: SOURCE, eventName, requestParameters });
  return defineDetection({
    id: "tamper-topics",
    title: "Alert topic tampering",
    description: "Raises alarms if someone deletes an alert topic or takes a subscriber away, or tries to",
    severity: "high",
    controls: {},
    attack: ["T1562.001"],
    filterPattern: allOf(
      isFrom(SOURCE),
      isEvent("DeleteTopic", "SetTopicAttributes", "Unsubscribe", "RemovePermission"),
      concerns({ topicArn: topics, subscriptionArn: topics }),
    ),
    periodSeconds: 60,
    runbook: [
      "Unsubscribe: ask the subscriber; a link in every mail does it, on purpose or not.",
      "SetTopicAttributes: compare Policy and KmsMasterKeyId with the code; either can silence it.",
      "Subscribe those who are missing again, and send a test message.",
    ],
    examples: {
      matches: [
        call("DeleteTopic", { topicArn }),
        call("SetTopicAttributes", {
          topicArn: arn(`${namePrefix}trailwarden-alerts`),
          attributeName: "Policy",
        }),
        call("Unsubscribe", { subscriptionArn: `${topicArn}:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0` }),
        deniedCall({ eventSource: SOURCE, eventName: "RemovePermission", by: assumedRole() }),
      ],
      ignores: [
        call("DeleteTopic", { topicArn: arn("orders") }),
        call("Unsubscribe", { subscriptionArn: `${arn("orders")}:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0` }),
        call("GetTopicAttributes", { topicArn }),
      ],
    },
  });
}
