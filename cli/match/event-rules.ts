import { App } from "cdktf";
import type { StackSettings } from "../../config";
import { TrailwardenStack } from "../../constructs";
import { CLOUDTRAIL_DETAIL_TYPES, type RuleState } from "../../local/event-of-record";
import type { WatchedPattern } from "./record-matcher";

/** What the Terraform JSON has of a rule. */
interface RuleResource {
  readonly name: string;
  readonly event_pattern?: string;
  readonly state?: RuleState;
}

/** The event rules that an environment deploys and that events made from records can match. Nothing is written. */
export function eventRules(name: string, settings: StackSettings): WatchedPattern[] {
  const stack = new TrailwardenStack(new App(), name, settings);
  const { resource } = stack.toTerraform() as { resource: Record<string, Record<string, RuleResource>> };
  return Object.values(resource.aws_cloudwatch_event_rule ?? {}).flatMap((rule): WatchedPattern[] => {
    const { event_pattern: pattern, state = "ENABLED" } = rule;
    return pattern === undefined || !mayBeOfRecord(pattern)
      ? []
      : [{ kind: "rule", id: rule.name, pattern, state }];
  });
}

/** A rule that lists `detail-type`s of other events only, such as an instance's change of state, is left out. */
function mayBeOfRecord(pattern: string): boolean {
  const { "detail-type": types } = JSON.parse(pattern) as { "detail-type"?: unknown };
  return (
    !Array.isArray(types) ||
    types.some((type) => typeof type !== "string" || CLOUDTRAIL_DETAIL_TYPES.includes(type))
  );
}
