import fc from "fast-check";
import { AlarmNotifier, AlertTopic, AuditTrail, DetectionAlarm, TrailGuard } from "../../../constructs";
import type { DashboardBody, Widget } from "../../../constructs/dashboard/body";
import {
  type DashboardContent,
  type ShownDetection,
  trailDashboardBody,
} from "../../../constructs/dashboard/trail-dashboard-body";
import { TrailDashboard, type TrailDashboardProps } from "../../../constructs/trail-dashboard";
import { type Detection, detectionsOf, formsOf, PRESET_NAMES, PRESETS } from "../../../detections";
import { foreignStack } from "../../support/app";
import { Template } from "../../support/template";

const DETECTION: ShownDetection = {
  title: "IAM policy changes",
  alarmArn: "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:IAM Policy Changes",
  tells: true,
  filterPattern: "{ $.eventName = PutRolePolicy || $.eventName = PutUserPolicy }",
  namespace: "CloudTrailMetrics",
  metricName: "IAMPolicyEventCount",
  statistic: "Sum",
  periodSeconds: 600,
  threshold: 3,
};

const partsOf = (functionName: string) => ({
  functionName,
  queueName: `${functionName}_dead_letters`,
  alarmArns: [`arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${functionName}_errors`],
});
const GUARD = partsOf("enable_trail");
const NOTIFIER = partsOf("alarm_notifier");

const CONTENT: DashboardContent = {
  region: "eu-west-1",
  trailName: "audit",
  logGroupName: "/aws/cloudtrail/audit",
  detections: [DETECTION],
  guard: GUARD,
  notifier: NOTIFIER,
  topicNames: ["alerts", "TrailGuard_Alerts_Topic"],
};

const alarmArnsOf = (parts: { readonly alarmArns: readonly string[] } | undefined) => parts?.alarmArns ?? [];

const bodyOf = (content: Partial<DashboardContent> = {}) => trailDashboardBody({ ...CONTENT, ...content });

describe("trailDashboardBody", () => {
  it("overlaps no widgets, keeps them in 24 columns and their number in 500, whatever is shown", () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryDetection, { maxLength: 100 }),
        fc.option(fc.constant(GUARD), { nil: undefined }),
        fc.option(fc.constant(NOTIFIER), { nil: undefined }),
        fc.integer({ min: 0, max: 101 }),
        (detections, guard, notifier, topics) => {
          const { widgets } = bodyOf({
            detections,
            guard,
            notifier,
            topicNames: Array.from({ length: topics }, (_, index) => `topic-${index}`),
          });

          expect(widgets.length).toBeLessThanOrEqual(500);
          expectOneCellEach(widgets);
          expect(ofType(widgets, "alarm").flatMap(({ properties }) => properties.alarms)).toEqual([
            ...alarmArnsOf(guard),
            ...alarmArnsOf(notifier),
            ...detections.map(({ alarmArn }) => alarmArn),
          ]);
          expect(ofType(widgets, "log").length).toBeLessThanOrEqual(30);
          for (const { properties } of ofType(widgets, "metric")) {
            expect(properties.metrics.length).toBeGreaterThan(0);
            expect(properties.metrics.length).toBeLessThanOrEqual(500);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it("shows what trail and guard do", () => {
    const body = bodyOf();

    expect(metricsOf(body, "Events that the trail delivered")).toEqual([
      ["AWS/Logs", "IncomingLogEvents", "LogGroupName", "/aws/cloudtrail/audit"],
    ]);
    expect(metricsOf(body, "Regular looks of the guard")).toEqual([
      ["Trailwarden", "Looks", "FunctionName", "enable_trail"],
    ]);
    expect(metricsOf(body, "Repairs by the guard")).toEqual([
      ["Trailwarden", "Repairs", "FunctionName", "enable_trail"],
    ]);
  });

  it("shows what goes wrong with functions, queues and topics", () => {
    const body = bodyOf({ topicNames: ["alerts", "other", "alerts"] });

    expect(metricsOf(body, "Errors and throttles of the functions")).toEqual([
      ["AWS/Lambda", "Errors", "FunctionName", "enable_trail"],
      ["AWS/Lambda", "Throttles", "FunctionName", "enable_trail"],
      ["AWS/Lambda", "Errors", "FunctionName", "alarm_notifier"],
      ["AWS/Lambda", "Throttles", "FunctionName", "alarm_notifier"],
    ]);
    expect(metricsOf(body, "Dead letters")).toEqual([
      ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "enable_trail_dead_letters"],
      ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "alarm_notifier_dead_letters"],
    ]);
    expect(titled(body, "Dead letters").properties.stat).toBe("Maximum");
    expect(metricsOf(body, "Messages that topics could not deliver")).toEqual([
      ["AWS/SNS", "NumberOfNotificationsFailed", "TopicName", "alerts"],
      ["AWS/SNS", "NumberOfNotificationsFailed", "TopicName", "other"],
    ]);
  });

  it("shows the matches of a detection as its alarm counts them, and where that is raised", () => {
    expect(titled(bodyOf(), "IAM policy changes").properties).toMatchObject({
      region: "eu-west-1",
      stat: "Sum",
      period: 600,
      metrics: [["CloudTrailMetrics", "IAMPolicyEventCount"]],
      annotations: { horizontal: [{ label: "alarm at 3", value: 3 }] },
    });
  });

  it("shows the latest events that match", () => {
    const [table] = ofType(bodyOf().widgets, "log");

    expect(table?.properties).toEqual({
      title: "IAM policy changes",
      region: "eu-west-1",
      view: "table",
      query: [
        "SOURCE '/aws/cloudtrail/audit'",
        "| fields @timestamp, userIdentity.arn, eventName, sourceIPAddress, awsRegion, errorCode",
        '| filter eventName = "PutRolePolicy" or eventName = "PutUserPolicy"',
        "| sort @timestamp desc",
        "| limit 20",
      ].join("\n"),
    });
  });

  it("shows a hundred alarms in a widget, the others in another", () => {
    // With the one of the guard and that of the notifier.
    const detections = Array.from({ length: 101 - 2 }, () => DETECTION);

    expect(
      ofType(bodyOf({ detections }).widgets, "alarm").map(({ properties }) => properties.alarms.length),
    ).toEqual([100, 1]);
  });

  it("says which detections that people are told of have no table of events", () => {
    const detections = [
      { ...DETECTION, title: "quiet", tells: false },
      ...Array.from({ length: 30 }, (_, index) => ({ ...DETECTION, title: `loud ${index}` })),
      { ...DETECTION, title: "late [x](https://evil.example)" },
      { ...DETECTION, title: "columns", filterPattern: "[a, b]" },
      { ...DETECTION, title: "unknown", filterPattern: "{ $.a EXISTS }" },
    ];
    const { widgets } = bodyOf({ detections });

    expect(ofType(widgets, "log").map(({ properties }) => properties.title)).toEqual(
      detections.slice(1, 31).map(({ title }) => title),
    );
    expect(widgets.at(-1)).toMatchObject({
      type: "text",
      properties: {
        markdown:
          "Only 30 tables of events fit, since so many queries run at once. None has: late \\[x\\]\\(https://evil.example\\).\n\n" +
          "Logs Insights can't search by the patterns of: columns; unknown.",
      },
    });
  });

  it("refuses more detections than a dashboard has room for", () => {
    const detections = Array.from({ length: 500 }, () => DETECTION);

    expect(() => bodyOf({ detections })).toThrow(
      "a dashboard has at most 500 widgets, and 500 detections take 546",
    );
  });

  it("shows every preset in both dialects, each detection with its count, and as many tables as there may be", () => {
    const names = {
      namePrefix: "blue-",
      trailName: "audit",
      bucketName: "*",
      logGroupName: "group",
      functionNames: ["enable_trail"],
      roleNames: ["enable_trail"],
    };
    const all = PRESET_NAMES.flatMap((preset) => detectionsOf(preset, names));
    const detections = formsOf(all, { dialect: "both", ignoredPrincipals: () => [] }).map(
      ({ title, pages, filterPattern }): ShownDetection => ({
        ...DETECTION,
        title,
        tells: pages,
        filterPattern,
      }),
    );
    const { widgets } = bodyOf({ detections });

    expectOneCellEach(widgets);
    expect(ofType(widgets, "metric").filter(({ properties }) => properties.annotations)).toHaveLength(
      detections.length,
    );
    expect(ofType(widgets, "log")).toHaveLength(30);
    expect(JSON.stringify(widgets)).not.toContain("can't search");
  });
});

describe("TrailDashboard", () => {
  it("shows the parts of a deployment, by the references that Terraform fills in", () => {
    const body = synthesized();

    expect(metricsOf(body, "Events that the trail delivered")).toEqual([
      ["AWS/Logs", "IncomingLogEvents", "LogGroupName", "/aws/cloudtrail/audit"],
    ]);
    const alarms = ofType(body.widgets, "alarm")[0]?.properties.alarms ?? [];
    // Four of the guard, three of the notifier, one of the trail.
    expect(new Set(alarms).size).toBe(8);
    for (const alarm of alarms) {
      expect(alarm).toMatch(/^\$\{aws_cloudwatch_metric_alarm\.[\w-]+\.arn\}$/);
    }
    expect(titled(body, "Security groups").properties).toMatchObject({
      region: expect.stringMatching(/^\$\{data\.aws_region\.[\w-]+\.id\}$/),
      metrics: [["CloudTrailMetrics", "SecurityGroupEventCount"]],
      period: 300,
      stat: "Sum",
      annotations: { horizontal: [{ value: 1 }] },
    });
    expect(metricsOf(body, "Dead letters")?.map((metric) => metric[3])).toEqual([
      "enable_trail_dead_letters",
      "alarm_notifier_dead_letters",
    ]);
    expect(ofType(body.widgets, "log")[0]?.properties.query).toContain(
      'filter eventName = "AuthorizeSecurityGroupIngress" or ',
    );
  });

  it("takes for text what Terraform would take for its own", () => {
    const reference = "${";
    const title = `"}]\\ ${reference}aws_secret.x} %{ if true } $${reference}x}\n`;
    const body = synthesized({ title });
    const raw = JSON.stringify(body);

    expect(raw).not.toMatch(/(?<!\$)\$\{aws_secret/);
    expect(raw).not.toMatch(/(?<!%)%\{ if/);
    const escaped = `"}]\\ $${reference}aws_secret.x} %%{ if true } $$${reference}x}\n`;
    expect(titled(body, escaped)).toBeDefined();
  });

  it("shows a trail by itself", () => {
    const body = synthesized({ alarms: [], guard: undefined, notifier: undefined, topics: [] });

    expect(body.widgets.map(({ type }) => type)).toEqual(["text", "metric"]);
  });

  it.each(["", "my dashboard", "x".repeat(256)])("refuses the name %j", (dashboardName) => {
    expect(() => synthesized({ dashboardName })).toThrow("dashboardName must be 1 to 255");
  });
});

const arbitraryDetection: fc.Arbitrary<ShownDetection> = fc
  .record({
    title: fc.string({ maxLength: 60 }),
    alarmArn: fc.string(),
    tells: fc.boolean(),
    filterPattern: fc.constantFrom("{ $.a = b }", "{ $.a.* = b }", "ERROR", "[a]", "{"),
    threshold: fc.integer({ min: 1, max: 100 }),
  })
  .map((parts) => ({ ...DETECTION, ...parts }));

/** Every cell of the grid belongs to one widget at most. */
function expectOneCellEach(widgets: readonly Widget[]): void {
  const taken = new Set<number>();
  let cells = 0;
  for (const { x, y, width, height } of widgets) {
    expect(x + width).toBeLessThanOrEqual(24);
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++) {
        taken.add(row * 24 + column);
        cells += 1;
      }
    }
  }
  expect(taken.size).toBe(cells);
}

function ofType<T extends Widget["type"]>(widgets: readonly Widget[], type: T) {
  return widgets.filter((widget): widget is Extract<Widget, { type: T }> => widget.type === type);
}

function titled({ widgets }: DashboardBody, title: string) {
  const found = ofType(widgets, "metric").find(({ properties }) => properties.title === title);
  if (found === undefined) {
    throw new Error(`no graph ${title}`);
  }
  return found;
}

function metricsOf(body: DashboardBody, title: string) {
  return titled(body, title).properties.metrics;
}

function synthesized(props: Partial<TrailDashboardProps> & { title?: string } = {}): DashboardBody {
  const { title = "Security groups", ...others } = props;
  const stack = foreignStack();
  const trail = new AuditTrail(stack, "audit", { trailName: "audit" });
  const topic = new AlertTopic(stack, "alerts", { topicName: "alerts" });
  const detection = PRESETS["aws-guide"][0] as Detection;
  const alarm = new DetectionAlarm(stack, "alarm", { detection, trail, topic });
  const notifier = new AlarmNotifier(stack, "notifier", {
    trail,
    alarmTopic: topic,
    alarms: [{ alarm, detection, topic }],
    topic,
  });
  const guard = new TrailGuard(stack, "guard", { trail, alarms: [alarm], topic, notifier });
  new TrailDashboard(stack, "dashboard", {
    dashboardName: "audit",
    trail,
    alarms: [{ alarm, title }],
    guard,
    notifier,
    topics: [topic],
    ...others,
  });
  const dashboard = Template.fromStack(stack).resource("aws_cloudwatch_dashboard", {
    dashboard_name: "audit",
  });
  return JSON.parse(String(dashboard.dashboard_body));
}
