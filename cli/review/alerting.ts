import { METRIC_NAMESPACE } from "../../detections";
import type { AuditParts } from "./audit-parts";
import { matchesAnyExample } from "./matches-less";
import type { Attributes, Plan, ResourceChange } from "./plan";
import { isRecord, listOf, valueAt } from "./tree";

/**
 * What of a plan tells people of events: metric filters on a trail's log group, alarms on their metrics, event rules on
 * what CloudTrail and EC2 tell, the functions and queues behind them, and the topics that these publish to. Worked out
 * from what is known before or after; only as far as it is asked for.
 */
export class Alerting {
  private readonly byType = new Map<string, Attributes[]>();
  private readonly asked = new Map<string, ReadonlySet<string>>();
  private readonly patterns = new Map<string, boolean>();

  constructor(plan: Plan, parts: AuditParts) {
    for (const resource of plan.resources) {
      const { type, attributes } = resource;
      if (
        type === "aws_cloudwatch_log_metric_filter" &&
        !parts.logGroups.isNamedBy(resource, "log_group_name")
      ) {
        continue;
      }
      const ofType = this.byType.get(type) ?? [];
      ofType.push(attributes);
      this.byType.set(type, ofType);
    }
  }

  isAlarm(change: ResourceChange): boolean {
    return (
      change.type === "aws_cloudwatch_metric_alarm" &&
      sidesOf(change).some(
        (attributes) => this.isAlarmOfFilter(attributes) || this.isAlarmOfFunction(attributes),
      )
    );
  }

  /** A composite alarm that counts one of these alarms. */
  isCompositeAlarm(change: ResourceChange): boolean {
    return (
      change.type === "aws_cloudwatch_composite_alarm" &&
      sidesOf(change).some((attributes) => this.countsAlarm(attributes))
    );
  }

  /** A rule with an event pattern that reaches a topic, function or queue, and is about calls or instances. */
  isEventRule(change: ResourceChange): boolean {
    return (
      change.type === "aws_cloudwatch_event_rule" &&
      sidesOf(change).some(
        ({ name, event_pattern }) =>
          typeof name === "string" && this.ruleReachesPeople(name) && this.isAboutEvents(event_pattern),
      )
    );
  }

  /** Whether a rule of that name is one of these. */
  isEventRuleName(name: unknown): boolean {
    return typeof name === "string" && this.ruleNames.has(name);
  }

  /** Whether alerts go to a topic of that ARN. */
  isTopic(arn: unknown): boolean {
    return typeof arn === "string" && this.topics.has(arn);
  }

  /** Names of the alarms that a composite alarm's rule counts, of those that are of auditing. */
  alarmsIn(alarmRule: string): string[] {
    return namesIn(alarmRule).filter((name) => this.alarmNames.has(name));
  }

  private of(type: string): readonly Attributes[] {
    return this.byType.get(type) ?? [];
  }

  private remembered(name: string, find: () => Iterable<unknown>): ReadonlySet<string> {
    const found = this.asked.get(name) ?? new Set([...find()].filter((value) => typeof value === "string"));
    this.asked.set(name, found);
    return found;
  }

  /** `NAMESPACE NAME` */
  private get filterMetrics() {
    return this.remembered("metrics", () =>
      this.of("aws_cloudwatch_log_metric_filter").flatMap(({ metric_transformation }) =>
        listOf(metric_transformation).map((to) =>
          metricKey(valueAt(to, ["namespace"]), valueAt(to, ["name"])),
        ),
      ),
    );
  }

  private isAlarmOfFilter(alarm: Attributes): boolean {
    return metricsOf(alarm).some(({ namespace, name }) => this.filterMetrics.has(metricKey(namespace, name)));
  }

  private isAlarmOfFunction(alarm: Attributes): boolean {
    return metricsOf(alarm).some(({ namespace, dimensions }) => {
      const of = (dimension: string) => valueAt(dimensions, [dimension]);
      switch (namespace) {
        case "AWS/Lambda":
          return has(this.functionNames, of("FunctionName"));
        case "AWS/SQS":
          return has(this.queueNames, of("QueueName"));
        default:
          return (
            namespace === METRIC_NAMESPACE ||
            (typeof namespace === "string" && namespace.startsWith("Trailwarden"))
          );
      }
    });
  }

  private get alarmNames() {
    return this.remembered("alarms", () =>
      this.of("aws_cloudwatch_metric_alarm")
        .filter((alarm) => this.isAlarmOfFilter(alarm) || this.isAlarmOfFunction(alarm))
        .map(({ alarm_name }) => alarm_name),
    );
  }

  private countsAlarm({ alarm_rule }: Attributes): boolean {
    return typeof alarm_rule === "string" && this.alarmsIn(alarm_rule).length > 0;
  }

  private get ruleNames() {
    return this.remembered("rules", () =>
      this.of("aws_cloudwatch_event_rule")
        .filter(
          ({ name, event_pattern }) =>
            typeof name === "string" && this.ruleReachesPeople(name) && this.isAboutEvents(event_pattern),
        )
        .map(({ name }) => name),
    );
  }

  private ruleReachesPeople(name: string): boolean {
    return this.remembered("rules with targets", () =>
      this.of("aws_cloudwatch_event_target")
        .filter(
          ({ arn }) => typeof arn === "string" && /^arn:[^:]*:(?:sns|lambda|sqs):|:event-bus\//.test(arn),
        )
        .map(({ rule }) => rule),
    ).has(name);
  }

  private isAboutEvents(pattern: unknown): boolean {
    if (typeof pattern !== "string") {
      return false;
    }
    const found =
      this.patterns.get(pattern) ??
      // A pattern for one account, bucket or instance matches no example.
      (/via CloudTrail|EC2 Instance State-change/.test(pattern) || matchesAnyExample(pattern));
    this.patterns.set(pattern, found);
    return found;
  }

  private get targets(): readonly Attributes[] {
    return this.of("aws_cloudwatch_event_target").filter(({ rule }) => has(this.ruleNames, rule));
  }

  /** What events reach at once: targets of rules, actions of alarms on filters, and who has subscribed to such topics. */
  private get reached() {
    return this.remembered("reached", () => {
      const first = new Set([
        ...this.targets.map(({ arn }) => arn),
        ...this.of("aws_cloudwatch_metric_alarm")
          .filter((alarm) => this.isAlarmOfFilter(alarm))
          .flatMap(({ alarm_actions }) => listOf(alarm_actions)),
      ]);
      return [
        ...first,
        ...this.of("aws_sns_topic_subscription")
          .filter(({ topic_arn }) => first.has(topic_arn))
          .map(({ endpoint }) => endpoint),
      ];
    });
  }

  private get functionNames() {
    return this.remembered("functions", () =>
      [...this.reached].filter((arn) => service(arn) === "lambda").map(functionName),
    );
  }

  private get functions(): readonly Attributes[] {
    return this.of("aws_lambda_function").filter(({ function_name }) =>
      has(this.functionNames, function_name),
    );
  }

  /** ARNs of what gets that which couldn't be handled. */
  private get leftOver() {
    return this.remembered("left over", () => [
      ...this.targets.map((target) => valueAt(target, ["dead_letter_config", 0, "arn"])),
      ...this.functions.map((one) => valueAt(one, ["dead_letter_config", 0, "target_arn"])),
      ...this.of("aws_lambda_function_event_invoke_config")
        .filter(({ function_name }) => has(this.functionNames, functionName(function_name)))
        .map((config) => valueAt(config, ["destination_config", 0, "on_failure", 0, "destination"])),
      ...this.of("aws_sns_topic_subscription")
        .filter(({ endpoint }) => has(this.reached, endpoint))
        .map(
          ({ redrive_policy }) => /"deadLetterTargetArn"\s*:\s*"([^"]*)"/.exec(String(redrive_policy))?.[1],
        ),
    ]);
  }

  private get queueNames() {
    return this.remembered("queues", () =>
      [...this.reached, ...this.leftOver]
        .filter((arn) => service(arn) === "sqs")
        .map((arn) => arn.slice(arn.lastIndexOf(":") + 1)),
    );
  }

  private get topics() {
    return this.remembered("topics", () => [
      ...[...this.reached, ...this.leftOver].filter((arn) => service(arn) === "sns"),
      ...this.of("aws_cloudwatch_metric_alarm")
        .filter((alarm) => this.isAlarmOfFunction(alarm))
        .flatMap(({ alarm_actions }) => listOf(alarm_actions)),
      ...this.of("aws_cloudwatch_composite_alarm")
        .filter((alarm) => this.countsAlarm(alarm))
        .flatMap(({ alarm_actions }) => listOf(alarm_actions)),
      ...this.publishedTo(),
    ]);
  }

  /** Topics that the functions are told of, or may publish to. */
  private publishedTo(): string[] {
    const roles = new Set(this.functions.map(({ role }) => roleName(role)));
    const texts = [
      ...this.functions.map(({ environment }) => JSON.stringify(environment ?? null)),
      ...this.of("aws_iam_role_policy")
        .filter(({ role }) => roles.has(roleName(role)))
        .map(({ policy }) => String(policy)),
    ];
    return texts.flatMap((text) => text.match(/arn:[\w-]+:sns:[\w-]+:\d+:[\w.-]+/g) ?? []);
  }
}

interface Metric {
  readonly namespace: unknown;
  readonly name: unknown;
  readonly dimensions: unknown;
}

/** Metrics that an alarm is about: one, or those that it computes with. */
function metricsOf(alarm: Attributes): Metric[] {
  const queries = listOf(alarm.metric_query).flatMap((query) => listOf(valueAt(query, ["metric"])));
  return [alarm, ...queries].filter(isRecord).map(({ namespace, metric_name, dimensions }) => ({
    namespace,
    name: metric_name,
    dimensions,
  }));
}

function metricKey(namespace: unknown, name: unknown): string {
  return `${namespace} ${name}`;
}

/** Names of alarms in the rule of a composite alarm (CloudWatch user guide, "Create a composite alarm"). */
export function namesIn(alarmRule: string): string[] {
  return [
    ...alarmRule.matchAll(
      /\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]*)"\s*|'([^']*)'\s*|([^()"'\s][^()"']*))\)/g,
    ),
  ].map(([, double, single, bare = ""]) =>
    (double ?? single ?? bare).trim().replace(/^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:/, ""),
  );
}

function sidesOf(change: ResourceChange): Attributes[] {
  return [change.before, change.after].filter((attributes) => attributes !== undefined);
}

function has(names: ReadonlySet<string>, name: unknown): boolean {
  return typeof name === "string" && names.has(name);
}

function service(arn: unknown): string | undefined {
  return typeof arn === "string" && arn.startsWith("arn:") ? arn.split(":", 3)[2] : undefined;
}

/** From a function's ARN, with a version or an alias or without. */
function functionName(nameOrArn: unknown): string {
  return String(nameOrArn)
    .replace(/^arn:.*?:function:/, "")
    .replace(/:.*$/s, "");
}

function roleName(nameOrArn: unknown): string | undefined {
  return typeof nameOrArn === "string" ? nameOrArn.replace(/^.*\//s, "") : undefined;
}
