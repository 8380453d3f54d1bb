import { type Condition, type Expression, type FilterPattern, parseFilterPattern } from "../patterns";
import type { Detection, Judgements } from "./detection";
import { LIMITS } from "./limits";

export interface CheckOptions {
  /**
   * Which forms get a metric filter: the standard's text, the tuned pattern where there is one, or both.
   * @default "standard"
   */
  readonly forms?: "standard" | "tuned" | "both" | undefined;
  /**
   * Stands before the names of filters, metrics, alarms and topics.
   * @default - no prefix
   */
  readonly namePrefix?: string | undefined;
}

/**
 * Looks for what would make detections fail at AWS, or fail in silence.
 *
 * @returns a line for each problem, which begins with the detection's id; none if all is well
 */
export function checkDetections(detections: readonly Detection[], options: CheckOptions = {}): string[] {
  return [
    ...nameProblems(detections, options),
    ...detections.flatMap((detection) => [
      ...alarmProblems(detection),
      ...patternProblems(detection),
      ...exampleProblems(detection),
    ]),
    ...quotaProblems(detections, options),
  ];
}

/** Names that two detections share, and names that AWS refuses. */
export function nameProblems(
  detections: readonly Detection[],
  { namePrefix = "" }: CheckOptions = {},
): string[] {
  return [
    ...clashes(detections, "id", (detection) => detection.id),
    ...clashes(detections, "filter name", (detection) => detection.filterName),
    ...clashes(detections, "metric name", (detection) => detection.metricName),
    ...clashes(detections, "alarm name", (detection) => detection.alarmName),
    ...detections.flatMap(({ id, filterName, metricName, alarmName, topicName }) => [
      ...refusal(id, "filter name", namePrefix + filterName, LIMITS.filterNameCharacters, /[:*]/),
      ...refusal(id, "metric name", namePrefix + metricName, LIMITS.nameCharacters, /[:*$]/),
      ...refusal(id, "alarm name", namePrefix + alarmName, LIMITS.nameCharacters),
      ...refusal(id, "topic name", namePrefix + topicName, LIMITS.topicNameCharacters, /[^A-Za-z0-9_-]/),
    ]),
  ];
}

function clashes(
  detections: readonly Detection[],
  what: string,
  nameOf: (detection: Detection) => string,
): string[] {
  const owners = new Map<string, string>();
  return detections.flatMap((detection) => {
    const name = nameOf(detection);
    const owner = owners.get(name);
    if (owner === undefined) {
      owners.set(name, detection.id);
      return [];
    }
    return [`${detection.id}: ${what} ${JSON.stringify(name)} is already that of ${owner}`];
  });
}

function refusal(id: string, what: string, name: string, characters: number, refused?: RegExp): string[] {
  if (name === "" || name.length > characters) {
    return [`${id}: ${what} must have 1 to ${characters} characters, has ${name.length}`];
  }
  const character = refused?.exec(name)?.[0];
  return character === undefined
    ? []
    : [`${id}: ${what} ${JSON.stringify(name)} must not contain ${JSON.stringify(character)}`];
}

/** Conditions that are never or always met, and periods that CloudWatch refuses. */
export function alarmProblems({ id, statistic, threshold, periodSeconds }: Detection): string[] {
  const problems: string[] = [];
  if (!Number.isFinite(threshold)) {
    problems.push(`${id}: threshold must be a number, is ${threshold}`);
  } else if (threshold <= 0) {
    problems.push(`${id}: threshold ${threshold} is always reached; it must be more than 0`);
  } else if (threshold > 1 && statistic !== "Sum" && statistic !== "SampleCount") {
    problems.push(
      `${id}: threshold ${threshold} is never reached: each match counts 1, so ${statistic} is 1; take Sum or a threshold of 1`,
    );
  }
  if (!(periodSeconds > 0 && periodSeconds % 60 === 0 && periodSeconds <= LIMITS.periodSeconds)) {
    problems.push(
      `${id}: periodSeconds must be a multiple of 60 up to ${LIMITS.periodSeconds}, is ${periodSeconds}`,
    );
  }
  return problems;
}

/** Patterns that CloudWatch Logs refuses, or that lean on what its documentation leaves open. */
export function patternProblems(detection: Detection): string[] {
  return patternsOf(detection).flatMap(([form, text]) => {
    if (text.length > LIMITS.patternCharacters) {
      return [
        `${detection.id}: ${form} has ${text.length} characters, ${text.length - LIMITS.patternCharacters} more than CloudWatch Logs allows`,
      ];
    }
    const pattern = parsed(text);
    if (typeof pattern === "string") {
      return [`${detection.id}: ${form}: ${pattern}`];
    }
    if (pattern.ast.kind !== "json") {
      return [`${detection.id}: ${form} must have the form { … }: CloudTrail records are JSON`];
    }
    return textsOf(pattern.ast.expression)
      .filter((value) => value.slice(1, -1).includes("*"))
      .map(
        (value) =>
          `${detection.id}: ${form}: ${JSON.stringify(value)} has "*" in the middle, where its meaning isn't settled`,
      );
  });
}

/** The texts that the conditions of an expression compare with. */
function textsOf(expression: Expression<Condition>): string[] {
  switch (expression.kind) {
    case "and":
    case "or":
      return expression.operands.flatMap(textsOf);
    case "comparison":
      return expression.operand.kind === "string" ? [expression.operand.text] : [];
    default:
      return [];
  }
}

/** Examples that a form of the pattern judges wrongly. */
export function exampleProblems(detection: Detection): string[] {
  const { tuned = { matches: [], ignores: [] }, ...general } = detection.examples;
  return patternsOf(detection).flatMap(([form, text]) => {
    const pattern = parsed(text);
    if (typeof pattern === "string") {
      return [];
    }
    return [
      ...misjudged(detection.id, form, pattern, "examples", general),
      ...(form === "tunedPattern"
        ? misjudged(detection.id, form, pattern, "examples.tuned", tuned)
        : misjudged(detection.id, form, pattern, "examples.tuned", {
            matches: tuned.ignores,
            ignores: tuned.matches,
          })),
    ];
  });
}

function misjudged(
  id: string,
  form: string,
  pattern: FilterPattern,
  where: string,
  { matches, ignores }: Judgements,
): string[] {
  const complaints = (records: Judgements["matches"], expected: boolean) =>
    records.flatMap((record, index) =>
      pattern.matches(record) === expected
        ? []
        : [
            `${id}: ${form} ${expected ? "misses" : "matches"} ${record.eventName} of ${record.eventSource} (number ${index + 1} in ${where})`,
          ],
    );
  return [...complaints(matches, true), ...complaints(ignores, false)];
}

/** More filters than a log group takes. */
export function quotaProblems(
  detections: readonly Detection[],
  { forms = "standard" }: CheckOptions = {},
): string[] {
  const filters = detections.flatMap(({ id, filterPattern, tunedPattern }) => {
    const tuned = tunedPattern === undefined ? [] : [tunedPattern];
    const patterns = {
      standard: [filterPattern],
      tuned: [tunedPattern ?? filterPattern],
      both: [filterPattern, ...tuned],
    }[forms];
    return patterns.map((text) => ({ id, text }));
  });
  const withRegularExpression = filters.filter(({ text }) => {
    const pattern = parsed(text);
    return typeof pattern !== "string" && pattern.usesRegularExpression;
  });
  return [
    ...excess(filters, LIMITS.filtersPerLogGroup, "metric filter"),
    ...excess(
      withRegularExpression,
      LIMITS.regularExpressionFiltersPerLogGroup,
      "metric filter with a regular expression",
    ),
  ];
}

function excess(filters: readonly { readonly id: string }[], limit: number, what: string): string[] {
  const first = filters[limit];
  return first === undefined
    ? []
    : [`${first.id}: is the first ${what} too many: there are ${filters.length}, a log group takes ${limit}`];
}

function patternsOf({ filterPattern, tunedPattern }: Detection): [form: string, text: string][] {
  return [
    ["filterPattern", filterPattern],
    ...(tunedPattern === undefined ? [] : ([["tunedPattern", tunedPattern]] as [string, string][])),
  ];
}

/** The pattern, or what is wrong with it. */
function parsed(text: string): FilterPattern | string {
  try {
    return parseFilterPattern(text);
  } catch (error) {
    // The message's first line says it all; the others point at the place.
    return String(error instanceof Error ? error.message : error)
      .split("\n", 1)
      .join();
  }
}
