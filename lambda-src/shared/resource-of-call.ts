import type { ApiCall } from "./api-call";
import { oneLine } from "./text";

/** What is read of a call's parameters at most, however large they are. */
const MOST_ENTRIES = 500;
const MOST_DEPTH = 6;
const MOST_RESOURCES = 3;
const MOST_VALUES = 3;

/** Names, then ids, then ARNs: people know a thing by the first that it has. */
const KEYS: readonly RegExp[] = [
  /^(?:name|names|bucket|resource|target|topic|function|rule)$|(?:Name|Names|NamePrefix)$/i,
  /^ids?$|(?:Id|ID|Ids|IDs|IdSet|Identifier|Identifiers|Url)$/,
  /^arns?$|(?:Arn|ARN|Arns|ARNs)$/,
];

/** They name no resource, though they are called like one. */
const OTHERS: ReadonlySet<string> = new Set(["attributeName", "deviceName", "roleSessionName", "requestId"]);

/** CloudTrail writes them for what it hides. */
const HIDDEN: ReadonlySet<string> = new Set(["HIDDEN_DUE_TO_SECURITY_REASONS", "<sensitiveDataRemoved>"]);

interface Named {
  readonly key: string;
  readonly depth: number;
  readonly rank: number;
  readonly values: string[];
}

/**
 * The resources that a call's parameters name, or its record, e.g. `groupId sg-0123` or `userName alice`: at most three, each
 * one short line. Empty where nothing is named.
 */
export function resourcesOf({ parameters, resourceArns }: ApiCall): string[] {
  const named = namedIn(parameters).sort((a, b) => a.depth - b.depth || a.rank - b.rank);
  const found =
    named.length > 0 ? named.slice(0, MOST_RESOURCES) : [{ key: "", values: resourceArns.filter(isName) }];
  return found.filter(({ values }) => values.length > 0).map(({ key, values }) => lineOf(key, values));
}

function lineOf(key: string, values: readonly string[]): string {
  const shown = values.slice(0, MOST_VALUES).map((value) => oneLine(value, 120));
  const more = values.length > MOST_VALUES ? ` and ${values.length - MOST_VALUES} more` : "";
  return `${oneLine(key, 40)} ${shown.join(", ")}${more}`.trim();
}

/** Looks level by level: what stands higher is what the call is about. */
function namedIn(parameters: object): Named[] {
  const found = new Map<string, Named>();
  let left = MOST_ENTRIES;
  let level: (readonly [key: string, value: unknown])[] = [["", parameters]];
  for (let depth = 0; depth < MOST_DEPTH && level.length > 0; depth += 1) {
    const next: (readonly [string, unknown])[] = [];
    for (const [key, value] of level) {
      const rank = OTHERS.has(key) ? -1 : KEYS.findIndex((known) => known.test(key));
      const values = rank === -1 ? [] : scalarsOf(value);
      if (values.length > 0) {
        const named = found.get(key) ?? { key, depth, rank, values: [] };
        found.set(key, named);
        named.values.push(...values.filter((text) => !named.values.includes(text)));
      } else if (left > 0) {
        left -= addEntries(next, key, value, left);
      }
    }
    level = next;
  }
  return [...found.values()];
}

/** Entries of an object, or of a list under the list's key. @returns how many were added */
function addEntries(to: (readonly [string, unknown])[], key: string, value: unknown, most: number): number {
  if (typeof value !== "object" || value === null) {
    return 0;
  }
  const before = to.length;
  for (const name in value) {
    if (to.length - before === most) {
      break;
    }
    if (Object.hasOwn(value, name)) {
      to.push([Array.isArray(value) ? key : name, Reflect.get(value, name)]);
    }
  }
  return to.length - before;
}

/** Whether anything of it is left to be shown. */
function isName(value: string): boolean {
  return oneLine(value) !== "" && !HIDDEN.has(value);
}

function scalarsOf(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.slice(0, MOST_ENTRIES).flatMap((one) => (Array.isArray(one) ? [] : scalarsOf(one)));
  }
  if (typeof value === "string") {
    return isName(value) ? [value] : [];
  }
  if (typeof value === "number") {
    return [String(value)];
  }
  // EC2 writes `{"FlowLogId": {"content": "fl-0123", "tag": 1}}`.
  return typeof value === "object" &&
    value !== null &&
    "content" in value &&
    typeof value.content === "string"
    ? scalarsOf(value.content)
    : [];
}
