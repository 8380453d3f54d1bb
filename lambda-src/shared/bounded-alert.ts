import { type Alert, MOST_CALLS } from "./alert";
import type { ApiCall } from "./api-call";

/** A link that is cut leads nowhere: a longer one is left out. */
const LONGEST_URL = 8192;
const MOST_DEPTH = 6;

/**
 * An alert of which no text has more than so many characters, no list more than an eighth as many entries, and a call's
 * parameters no more than a sixteenth as many.
 */
export function boundedAlert(alert: Alert, most: number): Alert {
  const cut = (text: string) => text.slice(0, most);
  const few = <Entry>(entries: readonly Entry[]) => entries.slice(0, most / 8);
  const { callCount, items } = alert;
  return {
    subject: cut(alert.subject),
    title: cut(alert.title),
    severity: alert.severity,
    detection: cut(alert.detection),
    summary: cut(alert.summary),
    calls: few(alert.calls.slice(0, MOST_CALLS)).map((call) => boundedCall(call, most)),
    ...(callCount === undefined ? {} : { callCount: cut(callCount) }),
    facts: few(alert.facts).map(({ label, lines }) => ({ label: cut(label), lines: few(lines).map(cut) })),
    items: [
      ...few(items).map(cut),
      ...(items.length > few(items).length ? [`and ${items.length - few(items).length} more`] : []),
    ],
    notices: few(alert.notices).map(cut),
    steps: few(alert.steps).map(cut),
    links: few(alert.links)
      .filter(({ url }) => url.length <= LONGEST_URL)
      .map(({ label, url }) => ({ label: cut(label), url })),
  };
}

function boundedCall(call: ApiCall, most: number): ApiCall {
  const cut = (text: string) => text.slice(0, most);
  const { principal, errorCode, errorMessage, resourceArns } = call;
  return {
    eventId: cut(call.eventId),
    time: cut(call.time),
    eventSource: cut(call.eventSource),
    eventName: cut(call.eventName),
    region: cut(call.region),
    accountId: cut(call.accountId),
    errorCode: errorCode === undefined ? undefined : cut(errorCode),
    errorMessage: errorMessage === undefined ? undefined : cut(errorMessage),
    sourceIpAddress: cut(call.sourceIpAddress),
    userAgent: cut(call.userAgent),
    principal: {
      type: cut(principal.type),
      arn: cut(principal.arn),
      roleOrUserArn: cut(principal.roleOrUserArn),
      userName: cut(principal.userName),
      accountId: cut(principal.accountId),
      mfa: principal.mfa,
      invokedBy: principal.invokedBy === undefined ? undefined : cut(principal.invokedBy),
    },
    parameters: boundedObject(call.parameters, { most, left: most / 16, depth: MOST_DEPTH }),
    resourceArns: resourceArns.slice(0, most / 8).map(cut),
  };
}

/** How much is taken of an object; `left` counts down. */
interface Bounds {
  readonly most: number;
  left: number;
  readonly depth: number;
}

function boundedObject(value: object, bounds: Bounds): Record<string, unknown> {
  return Object.fromEntries(boundedEntries(value, bounds));
}

/** What is no object comes first, since a resource's name often stands behind what is large. */
function boundedEntries(value: object, bounds: Bounds): [string, unknown][] {
  const entries: [string, unknown][] = [];
  const nested: [string, object][] = [];
  for (const key of ownKeys(value)) {
    const inner: unknown = Reflect.get(value, key);
    if (typeof inner === "object" && inner !== null) {
      nested.push([key, inner]);
    } else if (bounds.left > 0) {
      bounds.left -= 1;
      entries.push([
        key.slice(0, bounds.most),
        typeof inner === "string" ? inner.slice(0, bounds.most) : inner,
      ]);
    }
  }
  for (const [key, inner] of nested) {
    if (bounds.left > 0 && bounds.depth > 0) {
      bounds.left -= 1;
      const deeper = { most: bounds.most, left: bounds.left, depth: bounds.depth - 1 };
      const taken = boundedEntries(inner, deeper);
      bounds.left = deeper.left;
      const copy = Array.isArray(inner) ? taken.map(([, one]) => one) : Object.fromEntries(taken);
      entries.push([key.slice(0, bounds.most), copy]);
    }
  }
  return entries;
}

/** The first thousand, however many there are. */
function ownKeys(value: object): string[] {
  const keys: string[] = [];
  for (const key in value) {
    if (keys.length === 1000) {
      break;
    }
    if (Object.hasOwn(value, key)) {
      keys.push(key);
    }
  }
  return keys;
}
