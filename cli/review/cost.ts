import { type Attributes, leftOut, type Plan } from "./plan";
import { isRecord, listOf, valueAt } from "./tree";

/** What a plan's resources cost a month at list prices, before and after it, in US dollars. */
export interface Cost {
  readonly beforeDollars: number;
  readonly afterDollars: number;
  /** What costs anything on either side. */
  readonly lines: readonly CostLine[];
  /** What isn't counted, in a sentence or more. */
  readonly note: string;
}

export interface CostLine {
  readonly what: string;
  readonly before: number;
  readonly after: number;
}

/** What some types of resource cost a month each, whatever is done with them. */
interface Price {
  readonly what: string;
  readonly types: readonly string[];
  readonly dollars: (attributes: Attributes, type: string) => number;
}

/** AWS list prices in US dollars a month, us-east-1. */
const PRICES: readonly Price[] = [
  {
    // Amazon CloudWatch pricing, "Alarms": by the metrics that an alarm is about, three times as much below a minute
    what: "Alarms",
    types: ["aws_cloudwatch_metric_alarm"],
    dollars: (alarm) => metricsOf(alarm) * (isHighResolution(alarm) ? 0.3 : 0.1),
  },
  {
    // Amazon CloudWatch pricing, "Alarms"
    what: "Composite alarms",
    types: ["aws_cloudwatch_composite_alarm"],
    dollars: () => 0.5,
  },
  {
    // Amazon CloudWatch pricing, "Metrics": at most, since a metric is charged only while its filter matches
    what: "Metrics of metric filters",
    types: ["aws_cloudwatch_log_metric_filter"],
    dollars: () => 0.3,
  },
  {
    // Amazon CloudWatch pricing, "Dashboards"
    what: "Dashboards",
    types: ["aws_cloudwatch_dashboard"],
    dollars: () => 3,
  },
  {
    // AWS Key Management Service pricing, "Key storage", without what rotation adds
    what: "KMS keys",
    types: ["aws_kms_key", "aws_kms_replica_key", "aws_kms_external_key", "aws_kms_replica_external_key"],
    dollars: () => 1,
  },
  {
    // AWS Systems Manager pricing, "Parameter Store"
    what: "Advanced parameters",
    types: ["aws_ssm_parameter"],
    dollars: ({ tier }) => (tier === "Advanced" ? 0.05 : 0),
  },
  {
    // AWS Secrets Manager pricing
    what: "Secrets",
    types: ["aws_secretsmanager_secret"],
    dollars: () => 0.4,
  },
];

const NOTE =
  "At list prices of us-east-1, with no free allowances taken off and metric filters as if each matched all month. What is charged by volume isn't counted: events, logs, storage, requests, messages and calls of functions";

/** A trail's first copy of management events is free (AWS CloudTrail pricing). */
const NOTE_OF_TRAILS =
  "; with more than one trail, further copies of management events are charged by volume, too";

/** The fixed monthly cost of what has one. What Terraform no longer manages is still there, and costs. */
export function costOf(plan: Plan): Cost {
  const states = [
    ...plan.changes.map(({ type, action, before, after }) => ({
      type,
      before,
      after: action === "forget" ? before : after,
    })),
    ...leftOut(plan).map(({ type, attributes }) => ({ type, before: attributes, after: attributes })),
  ];
  const lines = PRICES.map(({ what, types, dollars }) => {
    const ofTypes = states.filter(({ type }) => types.includes(type));
    const sum = (side: "before" | "after") =>
      cents(
        ofTypes.reduce((total, state) => {
          const attributes = state[side];
          return total + (attributes === undefined ? 0 : dollars(attributes, state.type));
        }, 0),
      );
    return { what, before: sum("before"), after: sum("after") };
  }).filter(({ before, after }) => before > 0 || after > 0);
  const trails = states.filter(({ type, after }) => type === "aws_cloudtrail" && after !== undefined);
  return {
    beforeDollars: cents(lines.reduce((total, { before }) => total + before, 0)),
    afterDollars: cents(lines.reduce((total, { after }) => total + after, 0)),
    lines,
    note: `${NOTE}${trails.length > 1 ? NOTE_OF_TRAILS : ""}`,
  };
}

/** Not with the dollar sign, between two of which Markdown has formulas. */
export function inDollars(amount: number): string {
  return `${amount.toFixed(2)} USD`;
}

function cents(dollars: number): number {
  return Math.round(dollars * 100) / 100;
}

/** Metrics that an alarm is about: one, or those that its queries name. */
function metricsOf({ metric_query }: Attributes): number {
  const metrics = listOf(metric_query).filter((query) => listOf(valueAt(query, ["metric"])).some(isRecord));
  return Math.max(1, metrics.length);
}

function isHighResolution({ period, metric_query }: Attributes): boolean {
  const periods = [period, ...listOf(metric_query).map((query) => valueAt(query, ["metric", 0, "period"]))];
  return periods.some((seconds) => typeof seconds === "number" && seconds > 0 && seconds < 60);
}
