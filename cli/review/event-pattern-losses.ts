import { apiCall } from "../../detections/examples";
import { tamper } from "../../detections/tamper";
import { eventOfRecord, isOffered, type RuleState } from "../../local/event-of-record";
import { type EventPattern, parseEventPattern } from "../../patterns";
import { isRecord, valueAt } from "./tree";

/** What an event rule is made of that decides which events it passes on. */
export interface EventRuleFilter {
  /** JSON. */
  readonly pattern: string;
  readonly state: RuleState;
}

/**
 * Events that a rule matched and no longer matches. Patterns can't be compared as such, so both are run over events of
 * tampering and over events that are made of what the patterns name: each is a proof; that there is none isn't.
 *
 * @returns names of the API calls whose events they are, as far as they have one; `unknown` where a pattern can't be read, or
 *   no event is found that the first one matches, or they name too much
 */
export function eventsLost(before: EventRuleFilter, after: EventRuleFilter): readonly string[] | "unknown" {
  if (before.pattern === after.pattern && before.state === after.state) {
    return [];
  }
  const [was, is] = [parsed(before.pattern), parsed(after.pattern)];
  if (was === undefined || is === undefined) {
    return "unknown";
  }
  const made = samples(was, is);
  const matched = [...TAMPERING, ...(made ?? [])].filter((event) => passes(was, before, event));
  const lost = matched.filter((event) => !passes(is, after, event));
  return lost.length === 0 && (matched.length === 0 || made === undefined)
    ? "unknown"
    : [...new Set(lost.map((event) => nameOf(event, was, is)))].sort();
}

/** Whether a pattern matches the event of a StopLogging call, whoever made it and whatever trail it names. */
export function matchesStopLogging(pattern: string): boolean {
  const read = parsed(pattern);
  if (read === undefined) {
    return pattern.includes("StopLogging");
  }
  return (samples(read) ?? [])
    .map((event) =>
      FIXED.reduce((changed, path) => withValue(changed, path, valueAt(STOP_LOGGING, path)), event),
    )
    .concat(STOP_LOGGING)
    .some((event) => read.pattern.matches(event));
}

/** Whether some event that the one pattern matches is one that the other matches. */
export function mayMatchTheSame(one: string, other: string): boolean {
  const [first, second] = [parsed(one), parsed(other)];
  return (
    first !== undefined &&
    second !== undefined &&
    [...TAMPERING, ...(samples(first, second) ?? [])].some(
      (event) => first.pattern.matches(event) && second.pattern.matches(event),
    )
  );
}

type SampleEvent = Readonly<Record<string, unknown>>;

interface ReadPattern {
  readonly pattern: EventPattern;
  /** Each is a way to match: all that it asks for together. */
  readonly ways: readonly (readonly Requirement[])[];
  readonly text: string;
}

interface Requirement {
  readonly path: readonly string[];
  readonly matchers: readonly unknown[];
}

const STOP_LOGGING = eventOf(
  apiCall({
    eventSource: "cloudtrail.amazonaws.com",
    eventName: "StopLogging",
    requestParameters: { name: "trail" },
  }),
);

/** What makes the event one of a StopLogging call. */
const FIXED = [["source"], ["detail-type"], ["detail", "eventSource"], ["detail", "eventName"]];

const TAMPERING: readonly SampleEvent[] = [
  ...["DeleteTrail", "UpdateTrail", "PutEventSelectors", "PutInsightSelectors", "RemoveTags"].map((call) =>
    withValue(STOP_LOGGING, ["detail", "eventName"], call),
  ),
  ...tamper({
    namePrefix: "",
    trailName: "trail",
    bucketName: "*",
    logGroupName: "trail",
    functionNames: ["guard"],
    roleNames: ["guard"],
  }).flatMap(({ examples }) => examples.matches.map(eventOf)),
];

/** More ways, or more of what they name, than any real pattern has. */
const MOST_WAYS = 100;
const MOST_SAMPLES = 50_000;

function parsed(text: string): ReadPattern | undefined {
  try {
    const pattern = parseEventPattern(text);
    return { pattern, ways: waysOf(JSON.parse(text), []), text };
  } catch {
    return undefined;
  }
}

function waysOf(node: unknown, path: readonly string[]): (readonly Requirement[])[] {
  let ways: (readonly Requirement[])[] = [[]];
  for (const [key, value] of Object.entries(isRecord(node) ? node : {})) {
    const choices =
      key === "$or" && Array.isArray(value)
        ? value.flatMap((choice) => waysOf(choice, path))
        : Array.isArray(value)
          ? [[{ path: [...path, key], matchers: value }]]
          : waysOf(value, [...path, key]);
    ways = ways.flatMap((way) => choices.map((choice) => [...way, ...choice]));
  }
  return ways;
}

/**
 * Events that a pattern asks for, each of which differs from a usual one in as little as it can, and the same with each value
 * that another pattern names; undefined for a pattern with too many.
 */
function samples(pattern: ReadPattern, other?: ReadPattern): readonly SampleEvent[] | undefined {
  const others = new Map(
    (other?.ways.flat() ?? []).flatMap(({ path, matchers }) =>
      candidates(matchers).map((value) => [JSON.stringify([path, value]), { path, value }]),
    ),
  );
  if (pattern.ways.length > MOST_WAYS || pattern.ways.length * others.size > MOST_SAMPLES) {
    return undefined;
  }
  return pattern.ways.flatMap((way) => {
    const fitting = way.map(({ path, matchers }) => ({ path, values: fittingValues(path, matchers) }));
    const usual = fitting.reduce((event, { path, values }) => {
      const [value] = values.includes(valueAt(event, path)) ? [valueAt(event, path)] : values;
      return values.length === 0 ? event : withValue(event, path, value);
    }, STOP_LOGGING);
    return [
      usual,
      ...fitting.flatMap(({ path, values }) => values.map((value) => withValue(usual, path, value))),
      ...[...others.values()].map(({ path, value }) => withValue(usual, path, value)),
    ];
  });
}

function fittingValues(path: readonly string[], matchers: readonly unknown[]): unknown[] {
  const nested = (leaf: unknown) => path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), leaf);
  const { pattern } = parsed(JSON.stringify(nested(matchers))) ?? {};
  return candidates(matchers).filter((value) => pattern?.matches(nested(value)) ?? false);
}

/** Values that a field's matchers match, or just don't: those that they name, others, and none. */
function candidates(matchers: readonly unknown[]): unknown[] {
  const found: unknown[] = [];
  const pending: unknown[] = [...matchers];
  while (pending.length > 0) {
    const next = pending.shift();
    if (typeof next === "string") {
      found.push(next, next.replaceAll("*", ""), `${next}x`, `x${next}`, next.replace(/\/\d+$/, ""));
    } else if (typeof next === "number") {
      found.push(next, next + 1, next - 1);
    } else if (typeof next === "object" && next !== null) {
      pending.push(...Object.values(next));
    } else {
      found.push(next);
    }
  }
  return [...new Set([...found, "another", undefined])];
}

function passes({ pattern }: ReadPattern, { state }: EventRuleFilter, event: SampleEvent): boolean {
  return pattern.matches(event) && (!isRecord(event.detail) || isOffered(event.detail, state));
}

/** A made-up name tells nobody anything. */
function nameOf(event: SampleEvent, ...patterns: readonly ReadPattern[]): string {
  const name = valueAt(event, ["detail", "eventName"]);
  const isReal =
    TAMPERING.concat(STOP_LOGGING).some((known) => valueAt(known, ["detail", "eventName"]) === name) ||
    patterns.some(({ text }) => text.includes(JSON.stringify(name)));
  return typeof name === "string" && isReal ? name : "other events";
}

function eventOf(record: Readonly<Record<string, unknown>>): SampleEvent {
  return { ...eventOfRecord(record) };
}

function withValue(event: SampleEvent, [key = "", ...rest]: readonly string[], value: unknown): SampleEvent {
  const own = Object.hasOwn(event, key) ? event[key] : undefined;
  const inner = rest.length === 0 ? value : withValue(isRecord(own) ? own : {}, rest, value);
  if (inner !== undefined) {
    return { ...event, [key]: inner };
  }
  const { [key]: _, ...others } = event;
  return others;
}
