import { AlertTopic, AuditTrail, DetectionAlarm } from "../../../constructs";
import { type Detection, PRESETS } from "../../../detections";
import { foreignStack } from "../../support/app";
import { statement, Template } from "../../support/template";

const detection = PRESETS["aws-guide"][0] as Detection;

function alarmTemplate(namePrefix?: string): Template {
  const stack = foreignStack();
  const trail = new AuditTrail(stack, "audit", { trailName: "audit" });
  const topic = new AlertTopic(stack, "alerts", { topicName: "alerts" });
  new DetectionAlarm(stack, "alarm", { detection, trail, topic, namePrefix });
  return Template.fromStack(stack);
}

describe("DetectionAlarm", () => {
  it("counts matches in the trail's log group, with no value where nothing matches", () => {
    const filter = alarmTemplate().resource("aws_cloudwatch_log_metric_filter");

    expect(filter).toMatchObject({
      name: "SecurityGroupEvents",
      pattern: detection.filterPattern,
      log_group_name: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\./),
      metric_transformation: { namespace: "CloudTrailMetrics", name: "SecurityGroupEventCount", value: "1" },
    });
    expect(filter.metric_transformation).not.toHaveProperty("default_value");
  });

  it("raises an alarm at the threshold, and takes silence for a good sign", () => {
    expect(alarmTemplate().resource("aws_cloudwatch_metric_alarm")).toMatchObject({
      alarm_name: "Security group configuration changes",
      alarm_description: "Raises alarms if security group configuration changes occur",
      namespace: "CloudTrailMetrics",
      metric_name: "SecurityGroupEventCount",
      statistic: "Sum",
      period: 300,
      evaluation_periods: 1,
      threshold: 1,
      comparison_operator: "GreaterThanOrEqualToThreshold",
      treat_missing_data: "notBreaching",
      alarm_actions: [expect.stringMatching(/^\$\{aws_sns_topic\./)],
    });
  });

  it("may publish to its topic", () => {
    const policy = alarmTemplate().resource("aws_sns_topic_policy");

    expect(statement(policy, "AlarmsPublish").Condition?.ArnEquals).toEqual({
      "aws:SourceArn": [expect.stringMatching(/^\$\{aws_cloudwatch_metric_alarm\..+\.arn\}$/)],
    });
  });

  it("tells nobody without a topic", () => {
    const stack = foreignStack();
    const trail = new AuditTrail(stack, "audit", { trailName: "audit" });
    new DetectionAlarm(stack, "alarm", { detection, trail });

    expect(Template.fromStack(stack).resource("aws_cloudwatch_metric_alarm")).not.toHaveProperty(
      "alarm_actions",
    );
  });

  it("takes the prefix before filter, metric and alarm", () => {
    const template = alarmTemplate("blue-");

    expect(template.resource("aws_cloudwatch_log_metric_filter")).toMatchObject({
      name: "blue-SecurityGroupEvents",
      metric_transformation: { name: "blue-SecurityGroupEventCount" },
    });
    expect(template.resource("aws_cloudwatch_metric_alarm")).toMatchObject({
      alarm_name: "blue-Security group configuration changes",
      metric_name: "blue-SecurityGroupEventCount",
    });
  });
});
