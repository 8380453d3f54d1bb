import { defineDetection } from "../define";
import { apiCall, assumedRole, deniedCall } from "../examples";

const config = (eventName: string, requestParameters: Readonly<Record<string, unknown>> | null) =>
  apiCall({ eventSource: "config.amazonaws.com", eventName, by: assumedRole(), requestParameters });

export const configChanges = defineDetection({
  id: "config-changes",
  title: "AWS Config configuration changes",
  description: "Raises alarms if recorder or delivery channel of AWS Config changes",
  severity: "medium",
  controls: { cis12: "3.9", cis14: "4.9", cis30: "4.9", securityHub: "CloudWatch.9" },
  attack: ["T1562.001"],
  filterPattern:
    "{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)||($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)||($.eventName=PutConfigurationRecorder)) }",
  runbook: [
    "See whether the recorder records: aws configservice describe-configuration-recorder-status.",
    "Compare its resource types and its delivery bucket with their code.",
    "Start it again; what changed meanwhile is in CloudTrail only.",
  ],
  examples: {
    matches: [
      config("StopConfigurationRecorder", { configurationRecorderName: "default" }),
      config("PutDeliveryChannel", { deliveryChannel: { name: "default", s3BucketName: "example-bucket" } }),
      deniedCall({ eventSource: "config.amazonaws.com", eventName: "DeleteDeliveryChannel" }),
    ],
    ignores: [
      config("DescribeConfigurationRecorderStatus", null),
      config("StartConfigurationRecorder", { configurationRecorderName: "default" }),
    ],
  },
});
