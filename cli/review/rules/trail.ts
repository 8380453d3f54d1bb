import { attributeOf, isDestroyed, isSensitive, type Side } from "../change";
import { type Finding, finding, unknownFinding } from "../finding";
import type { ResourceChange } from "../plan";
import type { ReviewContext } from "../review-context";
import type { RuleId } from "../rules";
import { isRecord, textsOf } from "../tree";
import { switchFindings } from "./settings";
import { fromTo, shownValue } from "./wording";

const SWITCHES: readonly (readonly [attribute: string, rule: RuleId, what: string])[] = [
  ["enable_logging", "trail-logging-off", "Whether the trail logs"],
  ["is_multi_region_trail", "trail-single-region", "Whether the trail covers all regions"],
  [
    "include_global_service_events",
    "trail-global-events-off",
    "Whether the trail records events of global services",
  ],
  ["is_organization_trail", "trail-organization-off", "Whether the trail covers the organization's accounts"],
  ["enable_log_file_validation", "trail-validation-off", "Whether log files are validated"],
];

const DELIVERIES: readonly (readonly [attribute: string, what: string])[] = [
  ["s3_bucket_name", "The trail's bucket"],
  ["cloud_watch_logs_group_arn", "The trail's log group"],
  ["cloud_watch_logs_role_arn", "The role by which the trail delivers to its log group"],
];

/** Trails that the plan destroys, stops, or lets record or deliver less. */
export function judgeTrails({ parts }: ReviewContext): Finding[] {
  return parts.trails
    .filter(({ before }) => before !== undefined)
    .flatMap((trail) => [
      ...(isDestroyed(trail)
        ? [
            finding(
              "trail-destroyed",
              trail,
              trail.action === "replace" ? "The trail is replaced" : "The trail is destroyed",
            ),
          ]
        : []),
      ...(trail.after === undefined
        ? []
        : [...switches(trail), ...managementEvents(trail), ...deliveries(trail), ...encryption(trail)]),
    ]);
}

function switches(trail: ResourceChange): readonly Finding[] {
  return SWITCHES.flatMap(([attribute, rule, what]) =>
    switchFindings(
      rule,
      trail,
      [attributeOf(trail, "before", attribute), attributeOf(trail, "after", attribute)],
      { what },
    ),
  );
}

function deliveries(trail: ResourceChange): readonly Finding[] {
  return DELIVERIES.flatMap(([attribute, what]) =>
    changedTarget("trail-delivery-changed", trail, attribute, what, {
      other: `${what} changes ${fromTo(trail, attribute)}`,
      none: `${what} is taken away`,
    }),
  );
}

function encryption(trail: ResourceChange): readonly Finding[] {
  return changedTarget("key-destroyed", trail, "kms_key_id", "The key of the trail's log files", {
    other: `The trail's log files are encrypted with another key: it changes ${fromTo(trail, "kms_key_id")}`,
    none: "The trail's log files are no longer encrypted with the key",
  });
}

function changedTarget(
  rule: RuleId,
  trail: ResourceChange,
  attribute: string,
  what: string,
  messages: { readonly other: string; readonly none: string },
): readonly Finding[] {
  const before = targetOf(attributeOf(trail, "before", attribute));
  const after = targetOf(attributeOf(trail, "after", attribute));
  if (before === undefined || before === after) {
    return [];
  }
  if (after === undefined) {
    return [finding(rule, trail, messages.none)];
  }
  return typeof after === "string"
    ? [finding(rule, trail, messages.other)]
    : [unknownFinding(rule, trail, what)];
}

/** Log groups' ARNs are written with and without `:*`. */
function targetOf(value: unknown): unknown {
  return value === undefined || value === null || value === ""
    ? undefined
    : typeof value === "string"
      ? value.replace(/:\*$/, "")
      : value;
}

type Kind = "read" | "write";

/** Management events of one kind that a selector selects, but for those that it leaves out. */
interface Selected {
  readonly kind: Kind;
  readonly restrictions: ReadonlySet<string>;
}

const KINDS: readonly Kind[] = ["read", "write"];
const ALL: readonly Selected[] = KINDS.map((kind) => ({ kind, restrictions: new Set() }));

function managementEvents(trail: ResourceChange): readonly Finding[] {
  const rule = "trail-management-events-deselected";
  const before = selectedBy(trail, "before");
  const after = selectedBy(trail, "after");
  if (after === undefined) {
    return [unknownFinding(rule, trail, "What management events the trail records")];
  }
  // What was there before and can't be read may have been all.
  const lost = (before ?? ALL).flatMap((one) => lostOf(one, after));
  const isHidden = isSensitive(trail, "event_selector") || isSensitive(trail, "advanced_event_selector");
  return lost.length === 0 ? [] : [finding(rule, trail, undefined, isHidden ? [] : lost)];
}

function lostOf(before: Selected, after: readonly Selected[]): readonly string[] {
  const left = after
    .filter(({ kind }) => kind === before.kind)
    .map(({ restrictions }) => [...restrictions].filter((one) => !before.restrictions.has(one)));
  if (left.some((restrictions) => restrictions.length === 0)) {
    return [];
  }
  return left[0] === undefined
    ? [`no ${before.kind} events`]
    : left[0].map((restriction) => `${before.kind} events ${shownValue(restriction)}`);
}

/**
 * Undefined where that can't be said.
 *
 * Source: CloudTrail API reference, "EventSelector" and "AdvancedEventSelector"; a trail without either records all
 * management events.
 */
function selectedBy(trail: ResourceChange, side: Side): readonly Selected[] | undefined {
  const basic = selectorsOf(attributeOf(trail, side, "event_selector"));
  const advanced = selectorsOf(attributeOf(trail, side, "advanced_event_selector"));
  if (basic === undefined || advanced === undefined || (basic.length > 0 && advanced.length > 0)) {
    return undefined;
  }
  if (basic.length === 0 && advanced.length === 0) {
    return ALL;
  }
  const each = [...basic.map(ofBasic), ...advanced.map(ofAdvanced)];
  return each.includes(undefined) ? undefined : each.flatMap((one) => one ?? []);
}

function selectorsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] | undefined {
  if (value === null || value === undefined) {
    return [];
  }
  if (!Array.isArray(value)) {
    return undefined;
  }
  const selectors = value.filter(isRecord);
  return selectors.length === value.length ? selectors : undefined;
}

function ofBasic(selector: Readonly<Record<string, unknown>>): readonly Selected[] | undefined {
  const {
    include_management_events: isIncluded = true,
    read_write_type: readWriteType = "All",
    exclude_management_event_sources: excluded,
  } = selector;
  const sources = textsOf(excluded);
  const kinds = isIncluded === false ? [] : kindsOf(readWriteType ?? "All");
  if (
    (typeof isIncluded !== "boolean" && isIncluded !== null) ||
    kinds === undefined ||
    sources === undefined
  ) {
    return undefined;
  }
  const restrictions = new Set(sources.map((source) => restriction("eventSource", "not_equals", source)));
  return kinds.map((kind) => ({ kind, restrictions }));
}

function kindsOf(readWriteType: unknown): readonly Kind[] | undefined {
  switch (readWriteType) {
    case "All":
      return KINDS;
    case "ReadOnly":
      return ["read"];
    case "WriteOnly":
      return ["write"];
    default:
      return undefined;
  }
}

const OPERATORS = ["equals", "starts_with", "ends_with", "not_equals", "not_starts_with", "not_ends_with"];

function ofAdvanced(selector: Readonly<Record<string, unknown>>): readonly Selected[] | undefined {
  const fields = selectorsOf(selector.field_selector);
  const restrictions = new Set<string>();
  let kinds: readonly Kind[] = KINDS;
  let isManagement = false;
  for (const { field, ...operators } of fields ?? []) {
    if (typeof field !== "string") {
      return undefined;
    }
    for (const operator of OPERATORS) {
      const values = textsOf(operators[operator]);
      if (values === undefined) {
        return undefined;
      }
      if (values.length === 0) {
        continue;
      }
      if (field === "eventCategory" && operator === "equals") {
        isManagement = values.includes("Management");
      } else if (field === "readOnly" && operator === "equals") {
        kinds = KINDS.filter((kind) => values.includes(String(kind === "read")));
      } else if (operator.startsWith("not_")) {
        for (const value of values) {
          restrictions.add(restriction(field, operator, value));
        }
      } else {
        restrictions.add(restriction(field, operator, [...values].sort().join(", ")));
      }
    }
  }
  return fields === undefined
    ? undefined
    : (isManagement ? kinds : []).map((kind) => ({ kind, restrictions }));
}

function restriction(field: string, operator: string, value: string): string {
  return `only where ${field} ${operator.replace("_", " ")} ${value}`;
}
