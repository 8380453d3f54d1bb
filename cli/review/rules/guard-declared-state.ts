import {
  type DeclaredBucket,
  type DeclaredLogGroup,
  type DeclaredState,
  type DeclaredTrailSettings,
  readDeclaredState,
} from "../../../lambda-src/guard/declared-state";
import { gainsOfPolicy, UnreadablePolicy } from "../../iam-policy/policy-changes";
import { attributeOf, isSensitive, type Side, UNKNOWN } from "../change";
import { type Finding, finding } from "../finding";
import { filterMatchesLess } from "../matches-less";
import type { ResourceChange } from "../plan";
import { known, notJudged, textOf } from "./guard-outcome";

const RULE = "guard-declared-state-loosened";

/** What Trailwarden's guard keeps: the parameter that Terraform writes it to. */
export function judgeDeclaredState(change: ResourceChange): Finding[] {
  const { before = {}, type } = change;
  if (type !== "aws_ssm_parameter" || !textOf(before.name).endsWith("/declared-state")) {
    return [];
  }
  if (change.after === undefined) {
    return [finding(RULE, change, "What the guard keeps is destroyed")];
  }
  const [was, is] = [parameterText(change, "before"), parameterText(change, "after")];
  const moved = known(change, "after", "name");
  if (moved !== before.name) {
    return [notJudged(RULE, change, "Whether the guard finds what it keeps under the other name", moved)];
  }
  if (was.text === is.text && is.text !== UNKNOWN) {
    return [];
  }
  const after = stateOf(is.text);
  const old = stateOf(was.text);
  if (after === undefined) {
    return [notJudged(RULE, change, "What the guard is to keep", is.text)];
  }
  // A guard that couldn't read it kept nothing.
  const losses = old === undefined ? [] : lossesOf(old, after);
  const isSecret = [was.from, is.from].some((attribute) => isSensitive(change, attribute));
  return losses.length === 0
    ? []
    : [finding(RULE, change, "What the guard keeps is less", isSecret ? [] : losses)];
}

interface ParameterText {
  /** {@link UNKNOWN} where it is known after apply only. */
  readonly text: unknown;
  readonly from: string;
}

/** A parameter is set by one of two attributes. `value` is always sensitive, and computed from the other where that is set. */
function parameterText(change: ResourceChange, side: Side): ParameterText {
  const from = known(change, side, "insecure_value") === null ? "value" : "insecure_value";
  return { text: attributeOf(change, side, from), from };
}

function stateOf(text: unknown): DeclaredState | undefined {
  try {
    return typeof text === "string" ? readDeclaredState(text) : undefined;
  } catch {
    return undefined;
  }
}

/** What the one declared state keeps and the other doesn't, a line each. Tags aren't part of auditing. */
export function lossesOf(before: DeclaredState, after: DeclaredState): string[] {
  return [
    ...changed("trail", before.trail.arn, after.trail.arn),
    ...ofSection("settings of the trail", before.trail.settings, after.trail.settings, ofTrail),
    ...ofSection("bucket", before.bucket, after.bucket, ofBucket),
    ...ofSection("key", before.key, after.key, (was, is) => changed("key", was.arn, is.arn)),
    ...ofLogGroup(before.logGroup, after.logGroup),
    ...before.alarms.flatMap(({ name, tells }) => {
      const kept = after.alarms.find((alarm) => alarm.name === name);
      return kept === undefined
        ? [`alarm no longer kept: ${name}`]
        : tells && !kept.tells
          ? [`alarm no longer tells anybody: ${name}`]
          : [];
    }),
    ...before.rules
      .filter((name) => !after.rules.includes(name))
      .map((name) => `event rule no longer kept: ${name}`),
  ];
}

function ofSection<Section>(
  name: string,
  before: Section | undefined,
  after: Section | undefined,
  losses: (before: Section, after: Section) => string[],
): string[] {
  if (before === undefined) {
    return [];
  }
  return after === undefined ? [`${name} no longer kept`] : losses(before, after);
}

function ofTrail(before: DeclaredTrailSettings, after: DeclaredTrailSettings): string[] {
  const switches = {
    "all regions": "multiRegion",
    "events of global services": "globalServiceEvents",
    "validation of log files": "logFileValidation",
  } as const;
  const reads = (settings: DeclaredTrailSettings) => selects(settings, "ReadOnly");
  const writes = (settings: DeclaredTrailSettings) => selects(settings, "WriteOnly");
  return [
    ...Object.entries(switches).flatMap(([what, name]) =>
      before[name] && !after[name] ? [`trail: no longer ${what}`] : [],
    ),
    ...(reads(before) && !reads(after) ? ["trail: no longer management events that read"] : []),
    ...(writes(before) && !writes(after) ? ["trail: no longer management events that write"] : []),
    ...before.insightSelectors
      .filter((selector) => !after.insightSelectors.includes(selector))
      .map((selector) => `trail: no longer ${selector}`),
    ...changed("trail's bucket", before.bucketName, after.bucketName),
    ...changed("trail's key", before.keyArn, after.keyArn),
    ...changed("trail's log group", before.logGroupArn, after.logGroupArn),
    ...changed("trail's role", before.roleArn, after.roleArn),
  ];
}

function selects({ eventSelectors }: DeclaredTrailSettings, type: "ReadOnly" | "WriteOnly"): boolean {
  return eventSelectors.some(
    ({ readWriteType, includeManagementEvents }) =>
      includeManagementEvents && (readWriteType === "All" || readWriteType === type),
  );
}

function ofBucket(before: DeclaredBucket, after: DeclaredBucket): string[] {
  return [
    ...changed("bucket", before.name, after.name),
    ...changed("bucket's key", before.encryptionKeyArn, after.encryptionKeyArn),
    ...ofPolicy(before, after),
    ...shorter("log files", before.lifecycle.expiration, after.lifecycle.expiration),
    ...shorter(
      "older versions of log files",
      before.lifecycle.noncurrentVersionExpiration,
      after.lifecycle.noncurrentVersionExpiration,
    ),
  ];
}

function ofPolicy(before: DeclaredBucket, after: DeclaredBucket): string[] {
  try {
    return gainsOfPolicy(before.policy, after.policy).map(({ text }) => `bucket policy: ${text}`);
  } catch (error) {
    if (error instanceof UnreadablePolicy) {
      return [`bucket policy that can't be compared: ${error.message}`];
    }
    throw error;
  }
}

function ofLogGroup(before: DeclaredLogGroup, after: DeclaredLogGroup): string[] {
  return [
    ...changed("log group", before.name, after.name),
    ...(before.keyArn === undefined ? [] : changed("log group's key", before.keyArn, after.keyArn)),
    ...(before.retentionDays === undefined
      ? []
      : shorter("events in the log group", before.retentionDays, after.retentionDays)),
    ...before.metricFilters.flatMap(({ name, pattern, namespace, metricName }) => {
      const kept = after.metricFilters.find((filter) => filter.name === name);
      return kept === undefined
        ? [`metric filter no longer kept: ${name}`]
        : [
            ...lessMatched(name, pattern, kept.pattern),
            ...changed(
              `metric of filter ${name}`,
              `${namespace}/${metricName}`,
              `${kept.namespace}/${kept.metricName}`,
            ),
          ];
    }),
  ];
}

/** Where no known event tells the patterns apart, what becomes of the filter itself is judged by its own rule. */
function lessMatched(name: string, before: string, after: string): string[] {
  const matches = filterMatchesLess(before, after);
  return typeof matches === "string"
    ? []
    : [`metric filter ${name} matches less: no longer ${matches.lost.join(", ")}`];
}

function changed(what: string, before: string, after: string | undefined): string[] {
  return before === after ? [] : [`${what}: ${after ?? "none"} instead of ${before}`];
}

function shorter(what: string, before: number, after: number | undefined): string[] {
  return after === undefined
    ? [`${what}: no longer kept ${before} days`]
    : after < before
      ? [`${what}: kept ${after} days instead of ${before}`]
      : [];
}
