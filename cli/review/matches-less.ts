import { EC2_INSTANCE_STATES } from "../../aws/values";
import { deploymentNames } from "../../config";
import { type Detection, detectionsOf, PRESET_NAMES } from "../../detections";
import { eventOfRecord } from "../../local/event-of-record";
import {
  type FilterPattern,
  PatternSyntaxError,
  parseEventPattern,
  parseFilterPattern,
} from "../../patterns";
import { isRecord } from "./tree";

/**
 * What a pattern that is changed still matches of the events that are known: `same` if nothing is lost, more or not;
 * `unknown` if they say nothing about it; or those that it doesn't match any more, for people.
 */
export type MatchesLess = "same" | "unknown" | { readonly lost: readonly string[] };

/**
 * Runs two filter patterns of CloudWatch Logs over the examples of every detection of the catalogue, and over the same as
 * if they were of the calls that the pattern before names. Examples of tampering are about the names of a deployment where
 * nothing is configured.
 */
export function filterMatchesLess(before: string, after: string): MatchesLess {
  return before === after
    ? "same"
    : compared(before, after, { testOf: filterTest, examples: records, calls: () => callsOfFilter(before) });
}

/** The same of two event patterns of EventBridge, with what EC2 tells of instances besides. */
export function eventPatternMatchesLess(before: string, after: string): MatchesLess {
  return before === after || isSameJson(before, after)
    ? "same"
    : compared(before, after, {
        testOf: eventTest,
        examples: events,
        calls: () => callsOfEventPattern(before),
      });
}

/** Whether an event pattern matches one of these events. One that can't be read matches none. */
export function matchesAnyExample(eventPattern: string): boolean {
  const test = eventTest(eventPattern);
  return test !== undefined && events().some(({ value }) => test(value));
}

type Test = (value: unknown) => boolean;

interface Example {
  /** What happens, such as `DeleteTrail`. */
  readonly call: string;
  /** The detection that it is an example of. */
  readonly of?: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface How {
  readonly testOf: (pattern: string) => Test | undefined;
  readonly examples: () => readonly Example[];
  /** That the pattern before names. */
  readonly calls: () => readonly string[];
}

function compared(before: string, after: string, { testOf, examples, calls }: How): MatchesLess {
  const wasMatched = testOf(before);
  const isMatched = testOf(after);
  if (wasMatched === undefined || isMatched === undefined) {
    return "unknown";
  }
  const all = examples();
  const named = calls();
  const matched = [...all, ...all.flatMap((example) => asCalls(example, named))].filter(({ value }) =>
    wasMatched(value),
  );
  if (matched.length === 0) {
    return "unknown";
  }
  const lost = matched.filter(({ value }) => !isMatched(value));
  return lost.length === 0 ? "same" : { lost: namesOf(lost) };
}

/** The same event as if another call had been made. */
function asCalls({ value }: Example, calls: readonly string[]): Example[] {
  const { detail } = value;
  return calls.map((eventName) => {
    const changed = isRecord(detail)
      ? { ...value, detail: { ...detail, eventName } }
      : { ...value, eventName };
    return { call: callOf(isRecord(detail) ? { ...detail, eventName } : changed), value: changed };
  });
}

/** Each call once, with the detection that it is an example of; a refused one only where the same, carried out, isn't lost. */
function namesOf(examples: readonly Example[]): string[] {
  const byCall = new Map<string, string | undefined>();
  for (const { call, of } of examples) {
    byCall.set(call, byCall.get(call) ?? of);
  }
  return [...byCall]
    .filter(([call]) => !call.includes(", ") || !byCall.has(call.replace(/, .*$/, "")))
    .map(([call, of]) => (of === undefined ? call : `${call} (${of})`));
}

/** `$.eventName = X` and `$.eventName = "X"`, whatever stands around them. */
function callsOfFilter(pattern: string): string[] {
  return distinct([...pattern.matchAll(/eventName\s*=\s*"?(\w+)(?![\w*])/g)].map(([, call = ""]) => call));
}

function callsOfEventPattern(pattern: string): string[] {
  const lists = pattern.matchAll(/"eventName"\s*:\s*\[([^\]]*)\]/g);
  return distinct(
    [...lists]
      .flatMap(([, list = ""]) => list.match(/(?<=^|,\s*)"\w+"/g) ?? [])
      .map((call) => call.slice(1, -1)),
  );
}

/** No pattern that fits into AWS's limits names more. */
const MOST_CALLS = 100;

function distinct(calls: readonly string[]): string[] {
  return [...new Set(calls)].slice(0, MOST_CALLS);
}

function filterTest(text: string): Test | undefined {
  const pattern: FilterPattern | undefined = readable(() => parseFilterPattern(text));
  return pattern && ((value) => pattern.matches(value));
}

function eventTest(text: string): Test | undefined {
  const pattern = readable(() => parseEventPattern(text));
  return pattern && ((value) => pattern.matches(value));
}

function readable<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof PatternSyntaxError) {
      return undefined;
    }
    throw error;
  }
}

/** JSON's objects have no order. */
function isSameJson(one: string, other: string): boolean {
  try {
    return sorted(JSON.parse(one)) === sorted(JSON.parse(other));
  } catch {
    return false;
  }
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

/** The review of a plan that changes no pattern doesn't pay for it. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const records = once((): readonly Example[] => {
  const names = deploymentNames({ region: "us-east-1" });
  const detections = PRESET_NAMES.flatMap((preset) => detectionsOf(preset, names));
  const examples = detections.flatMap(examplesOf);
  // Presets share detections.
  return [...new Map(examples.map((example) => [JSON.stringify(example), example])).values()];
});

function examplesOf({ title, examples }: Detection): Example[] {
  const { matches, ignores, tuned } = examples;
  return [
    ...[...matches, ...(tuned?.matches ?? []), ...(tuned?.ignores ?? [])].map((value) => ({
      call: callOf(value),
      of: title,
      value,
    })),
    ...ignores.map((value) => ({ call: callOf(value), value })),
  ];
}

function callOf({ eventName, errorCode }: Readonly<Record<string, unknown>>): string {
  return `${eventName}${errorCode === undefined ? "" : `, ${errorCode}`}`;
}

const events = once((): readonly Example[] => [
  ...records().flatMap((example) => {
    const event = eventOfRecord(example.value);
    return event === undefined ? [] : [{ ...example, value: { ...event } }];
  }),
  ...EC2_INSTANCE_STATES.map((state) => ({ call: `EC2 instance ${state}`, value: instanceEvent(state) })),
]);

function instanceEvent(state: string) {
  const [account, region, id] = ["111122223333", "us-east-1", "i-1234567890abcdef0"];
  return {
    version: "0",
    id: "7bf73129-1428-4cd3-a780-95db273d1602",
    "detail-type": "EC2 Instance State-change Notification",
    source: "aws.ec2",
    account,
    time: "2026-03-02T09:14:27Z",
    region,
    resources: [`arn:aws:ec2:${region}:${account}:instance/${id}`],
    detail: { "instance-id": id, state },
  };
}
