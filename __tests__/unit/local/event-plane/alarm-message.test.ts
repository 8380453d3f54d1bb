import { alarmNotification } from "../../../../local/event-plane/alarm-message";
import type { AlarmDefinition } from "../../../../local/event-plane/alarm-state";

const ARN = "arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:console_signin_failures";
const TOPIC = "arn:aws:sns:ap-northeast-2:111122223333:signin";

const ALARM: AlarmDefinition = {
  AlarmName: "console_signin_failures",
  AlarmArn: ARN,
  AlarmDescription: "Someone may be guessing passwords",
  AlarmConfigurationUpdatedTimestamp: new Date("2026-11-20T00:00:00.250Z"),
  OKActions: [],
  AlarmActions: [TOPIC],
  MetricName: "SignInFailures",
  Namespace: "CloudTrailMetrics",
  Statistic: "Sum",
  Dimensions: [],
  Period: 300,
  EvaluationPeriods: 1,
  Threshold: 3,
  ComparisonOperator: "GreaterThanOrEqualToThreshold",
  TreatMissingData: "notBreaching",
};

const REASON =
  "Threshold Crossed: 1 datapoint [3.0 (22/11/26 05:37:00)] was greater than or equal to the threshold (3.0).";
const AT = new Date("2026-11-22T05:42:00Z");
const ACCOUNT = { accountId: "111122223333", region: "ap-northeast-2" };

function notificationOf(fields: Partial<AlarmDefinition> = {}, region = ACCOUNT.region) {
  return alarmNotification({ ...ALARM, ...fields }, "OK", { state: "ALARM", reason: REASON }, AT, {
    ...ACCOUNT,
    region,
  });
}

describe("alarmNotification", () => {
  it("has the JSON that CloudWatch publishes", () => {
    expect(JSON.parse(notificationOf().message)).toEqual({
      AlarmName: "console_signin_failures",
      AlarmDescription: "Someone may be guessing passwords",
      AWSAccountId: "111122223333",
      AlarmConfigurationUpdatedTimestamp: "2026-11-20T00:00:00.250+0000",
      NewStateValue: "ALARM",
      NewStateReason: REASON,
      StateChangeTime: "2026-11-22T05:42:00.000+0000",
      Region: "Asia Pacific (Seoul)",
      AlarmArn: ARN,
      OldStateValue: "OK",
      OKActions: [],
      AlarmActions: [TOPIC],
      InsufficientDataActions: [],
      Trigger: {
        MetricName: "SignInFailures",
        Namespace: "CloudTrailMetrics",
        StatisticType: "Statistic",
        Statistic: "SUM",
        Unit: null,
        Dimensions: [],
        Period: 300,
        EvaluationPeriods: 1,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        Threshold: 3,
        TreatMissingData: "notBreaching",
        EvaluateLowSampleCountPercentile: "",
      },
    });
  });

  it("has in it what only some alarms have", () => {
    const fields: Partial<AlarmDefinition> = {
      AlarmDescription: undefined,
      Statistic: "SampleCount",
      Dimensions: [{ Name: "FunctionName", Value: "f" }],
      DatapointsToAlarm: 1,
      TreatMissingData: undefined,
    };
    expect(JSON.parse(notificationOf(fields).message)).toMatchObject({
      AlarmDescription: null,
      Trigger: {
        Statistic: "SAMPLE_COUNT",
        Dimensions: [{ value: "f", name: "FunctionName" }],
        DatapointsToAlarm: 1,
        TreatMissingData: "",
      },
    });
  });

  it("has the mail that people get", () => {
    const trailing = " ";
    expect(notificationOf().email).toBe(
      `You are receiving this email because your Amazon CloudWatch Alarm "console_signin_failures" in the Asia Pacific (Seoul) region has entered the ALARM state, because "${REASON}" at "Sunday 22 November, 2026 05:42:00 UTC".

View this alarm in the AWS Management Console:
https://ap-northeast-2.console.aws.amazon.com/cloudwatch/deeplink.js?region=ap-northeast-2#alarmsV2:alarm/console_signin_failures

Alarm Details:
- Name:                       console_signin_failures
- Description:                Someone may be guessing passwords
- State Change:               OK -> ALARM
- Reason for State Change:    ${REASON}
- Timestamp:                  Sunday 22 November, 2026 05:42:00 UTC
- AWS Account:                111122223333
- Alarm Arn:                  ${ARN}

Threshold:
- The alarm is in the ALARM state when the metric is GreaterThanOrEqualToThreshold 3.0 for at least 1 of the last 1 period(s) of 300 seconds.

Monitored Metric:
- MetricNamespace:                     CloudTrailMetrics
- MetricName:                          SignInFailures
- Dimensions:                          ${""}
- Period:                              300 seconds
- Statistic:                           Sum
- Unit:                                not specified
- TreatMissingData:                    notBreaching


State Change Actions:
- OK:${trailing}
- ALARM: [${TOPIC}]
- INSUFFICIENT_DATA:${trailing}
`,
    );
  });

  it("has in the mail what only some alarms have", () => {
    const { email } = notificationOf({
      AlarmName: "sign ins/failed",
      Dimensions: [
        { Name: "FunctionName", Value: "f" },
        { Name: "Resource", Value: "r" },
      ],
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: undefined,
      OKActions: [TOPIC, "arn:2"],
    });
    expect(email).toContain("#alarmsV2:alarm/sign%20ins%2Ffailed\n");
    expect(email).toContain("- Dimensions:                          [FunctionName = f] [Resource = r]\n");
    expect(email).toContain("for at least 2 of the last 3 period(s) of 300 seconds.");
    expect(email).toContain("not specified\n\n\n\nState Change Actions:\n");
    expect(email).toContain(`- OK: [${TOPIC}, arn:2]\n`);
  });

  it("says that all periods count where the alarm doesn't say how many", () => {
    expect(notificationOf({ EvaluationPeriods: 3 }).email).toContain("at least 3 of the last 3 period(s)");
  });

  it("pads days and names months by UTC", () => {
    const at = new Date("2027-01-01T00:00:05.900Z");
    const { email } = alarmNotification(ALARM, "ALARM", { state: "OK", reason: "r" }, at, ACCOUNT);
    expect(email).toContain(
      'has entered the OK state, because "r" at "Friday 01 January, 2027 00:00:05 UTC".',
    );
  });

  it.each([
    ["ap-northeast-2", 'ALARM: "console_signin_failures" in Asia Pacific (Seoul)'],
    ["us-east-1", 'ALARM: "console_signin_failures" in US East (N. Virginia)'],
    ["xx-north-9", 'ALARM: "console_signin_failures" in xx-north-9'],
  ])("has the name of %s in its subject", (region, expected) => {
    expect(notificationOf({}, region).subject).toBe(expected);
  });

  it.each([
    [66, /^ALARM: "a{66}" in Asia Pacific \(Seoul\)$/, 99],
    [67, /^ALARM: "a{67}" in Asia Pacific \(Seoul\)$/, 100],
    [68, /^ALARM: "a{64}\.\.\." in Asia Pacific \(Seoul\)$/, 100],
    [255, /^ALARM: "a{64}\.\.\." in Asia Pacific \(Seoul\)$/, 100],
  ])(
    "keeps the subject with a name of %d characters within what SNS takes",
    (length, expected, characters) => {
      const { subject } = notificationOf({ AlarmName: "a".repeat(length) });
      expect(subject).toMatch(expected);
      expect(subject).toHaveLength(characters);
    },
  );
});
