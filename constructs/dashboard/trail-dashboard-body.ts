import { GUARD_METRIC_NAMESPACE } from "../../lambda-src/guard/metrics";
import type { FunctionParts } from "../function-alarms";
import { insightsQueryOf } from "../insights-query";
import { type DashboardBody, MOST_ALARMS, MOST_WIDGETS, type WidgetContent } from "./body";
import { placeOnGrid } from "./grid";

/** What a trail's dashboard is made of; texts may hold references that Terraform fills in. */
export interface DashboardContent {
  /** e.g. `ap-northeast-2` */
  readonly region: string;
  readonly trailName: string;
  readonly logGroupName: string;
  readonly detections: readonly ShownDetection[];
  readonly guard?: FunctionParts | undefined;
  readonly notifier?: FunctionParts | undefined;
  readonly topicNames: readonly string[];
}

export interface ShownDetection {
  readonly title: string;
  readonly alarmArn: string;
  /** Whether the alarm tells people. */
  readonly tells: boolean;
  readonly filterPattern: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly statistic: string;
  readonly periodSeconds: number;
  readonly threshold: number;
}

/**
 * Queries that run at once. All of a dashboard's are started when it is opened, and each is paid for by what it reads
 * (CloudWatch Logs API reference, "StartQuery"; its user guide has since come to say 100).
 */
const MOST_QUERIES = 30;

const PERIOD_SECONDS = 300;

/**
 * Lays out a trail's dashboard: is everything alive, alarms, what is wrong with the guard and the notifier, counts of
 * matches, latest events.
 *
 * @throws if so many detections take more widgets than a dashboard may have
 */
export function trailDashboardBody(content: DashboardContent): DashboardBody {
  const { detections } = content;
  const widgets = placeOnGrid([
    [heading(`# Trail ${content.trailName}`)],
    pulse(content),
    chunksOf(alarmArnsOf(content), MOST_ALARMS).map(alarmStates),
    faults(content),
    ...(detections.length === 0
      ? []
      : [
          [heading("## Matches of each detection")],
          detections.map((detection) => matchCount(content.region, detection)),
          [heading("## Latest matching events")],
          ...latestEvents(content),
        ]),
  ]);
  if (widgets.length > MOST_WIDGETS) {
    throw new Error(
      `a dashboard has at most ${MOST_WIDGETS} widgets, and ${detections.length} detections take ${widgets.length}`,
    );
  }
  return { start: "-PT24H", periodOverride: "inherit", widgets };
}

function heading(markdown: string, height = 1): WidgetContent {
  return { type: "text", width: 24, height, properties: { markdown } };
}

/** Does the trail write, does the guard look, and what has it repaired. */
function pulse({ region, logGroupName, guard }: DashboardContent): WidgetContent[] {
  const events = graph(region, "Events that the trail delivered", [
    ["AWS/Logs", "IncomingLogEvents", "LogGroupName", logGroupName],
  ]);
  if (guard === undefined) {
    return [events];
  }
  const ofGuard = (metricName: string) => [
    [GUARD_METRIC_NAMESPACE, metricName, "FunctionName", guard.functionName],
  ];
  return [
    events,
    graph(region, "Regular looks of the guard", ofGuard("Looks")),
    graph(region, "Repairs by the guard", ofGuard("Repairs")),
  ];
}

/** Those of the functions first: while one is set off, the others may tell nobody. */
function alarmArnsOf({ guard, notifier, detections }: DashboardContent): string[] {
  return [
    ...(guard?.alarmArns ?? []),
    ...(notifier?.alarmArns ?? []),
    ...detections.map(({ alarmArn }) => alarmArn),
  ];
}

function alarmStates(alarms: readonly string[]): WidgetContent {
  return {
    type: "alarm",
    width: 24,
    height: 2 + Math.ceil(alarms.length / 6),
    properties: {
      title: "Alarms",
      alarms,
      sortBy: "stateUpdatedTimestamp",
    },
  };
}

/** What kept a function from doing its work, and a message from arriving. */
function faults({ region, guard, notifier, topicNames }: DashboardContent): WidgetContent[] {
  const functions = [guard, notifier].filter((parts) => parts !== undefined);
  const topics = chunksOf([...new Set(topicNames)], 100);
  return [
    ...(functions.length === 0
      ? []
      : [
          graph(
            region,
            "Errors and throttles of the functions",
            functions.flatMap(({ functionName }) => [
              ["AWS/Lambda", "Errors", "FunctionName", functionName],
              ["AWS/Lambda", "Throttles", "FunctionName", functionName],
            ]),
          ),
          graph(
            region,
            "Dead letters",
            functions.map(({ queueName }) => [
              "AWS/SQS",
              "ApproximateNumberOfMessagesVisible",
              "QueueName",
              queueName,
            ]),
            { stat: "Maximum" },
          ),
        ]),
    ...topics.map((names) =>
      graph(
        region,
        "Messages that topics could not deliver",
        names.map((name) => ["AWS/SNS", "NumberOfNotificationsFailed", "TopicName", name]),
      ),
    ),
  ];
}

function matchCount(region: string, detection: ShownDetection): WidgetContent {
  const { title, namespace, metricName, statistic, periodSeconds, threshold } = detection;
  return {
    ...graph(region, title, [[namespace, metricName]], {
      stat: statistic,
      period: periodSeconds,
      annotations: { horizontal: [{ label: `alarm at ${threshold}`, value: threshold, color: "#d13212" }] },
    }),
    width: 6,
    height: 5,
  };
}

function graph(
  region: string,
  title: string,
  metrics: readonly (readonly string[])[],
  settings: Partial<Extract<WidgetContent, { readonly type: "metric" }>["properties"]> = {},
): Extract<WidgetContent, { readonly type: "metric" }> {
  return {
    type: "metric",
    width: 8,
    height: 6,
    properties: {
      title,
      region,
      view: "timeSeries",
      stat: "Sum",
      period: PERIOD_SECONDS,
      metrics,
      yAxis: { left: { min: 0 } },
      ...settings,
    },
  };
}

/** Tables of the latest events that people are told of, and a text that says which detections have none. */
function latestEvents({ region, logGroupName, detections }: DashboardContent): WidgetContent[][] {
  const tables: WidgetContent[] = [];
  const left: string[] = [];
  const untranslated: string[] = [];
  for (const { title, filterPattern } of detections.filter(({ tells }) => tells)) {
    const query = insightsQueryOf(filterPattern);
    if (query === undefined) {
      untranslated.push(title);
    } else if (tables.length === MOST_QUERIES) {
      left.push(title);
    } else {
      tables.push(eventTable(region, title, logGroupName, query));
    }
  }
  const notes = [
    ...(left.length === 0
      ? []
      : [
          `Only ${MOST_QUERIES} tables of events fit, since so many queries run at once. None has: ${listed(left)}.`,
        ]),
    ...(untranslated.length === 0
      ? []
      : [`Logs Insights can't search by the patterns of: ${listed(untranslated)}.`]),
  ];
  const text = notes.join("\n\n");
  return [tables, notes.length === 0 ? [] : [heading(text, 2 + Math.ceil(text.length / 150))]];
}

function eventTable(region: string, title: string, logGroupName: string, query: string): WidgetContent {
  return {
    type: "log",
    width: 24,
    height: 6,
    properties: { title, region, query: `SOURCE '${logGroupName}'\n| ${query}\n| limit 20`, view: "table" },
  };
}

function listed(titles: readonly string[]): string {
  return titles.map(markdownText).join("; ");
}

/** A text that stands for itself in Markdown. */
function markdownText(text: string): string {
  return text.replace(/[\\`*_~[\](){}<>#|!]/g, "\\$&").replace(/\s+/g, " ");
}

function chunksOf<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
}
