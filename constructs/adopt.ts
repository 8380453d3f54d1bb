import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import {
  DefaultTokenResolver,
  StringConcat,
  TerraformResource,
  type TerraformStack,
  Tokenization,
} from "cdktf";
import type { BucketSetting } from "../aws/values";
import { lastPart, rolePath } from "./arn";
import { ImportBlock } from "./import-block";

/**
 * What exists in the account and Terraform takes over as it is, by import, and then changes in place. Names and ARNs are text,
 * not references: Terraform 1.5 takes nothing else as an import's id.
 *
 * It stays once it is applied: Terraform passes over imports of what it manages already, and without it the trail, its bucket,
 * log group and role would get other names, by which Terraform replaces them.
 */
export interface AdoptSettings {
  /** ARN of the trail, which keeps its name. */
  readonly trail?: string | undefined;
  /** Name of the trail's bucket. */
  readonly bucket?: string | undefined;
  /**
   * Which settings of that bucket exist.
   * @default - none: all are made
   */
  readonly bucketSettings?: readonly BucketSetting[] | undefined;
  /** ARN of the key that becomes the stack's own. */
  readonly key?: string | undefined;
  /** Name of the log group that the trail delivers to. */
  readonly logGroup?: string | undefined;
  /** ARN of the role that delivers to the log group. */
  readonly deliveryRole?: string | undefined;
  /**
   * Name of that role's inline policy that becomes the one by which it writes.
   * @default - a policy is made
   */
  readonly deliveryRolePolicy?: string | undefined;
  /** Names of metric filters, as the stack has them: prefix included. */
  readonly metricFilters?: readonly string[] | undefined;
  /** Names of alarms. */
  readonly alarms?: readonly string[] | undefined;
  /** ARNs of topics, whose policies are taken over with them. */
  readonly topics?: readonly string[] | undefined;
  /** Names of event rules on the default bus. */
  readonly eventRules?: readonly string[] | undefined;
  /** `RULE/TARGET_ID` of targets: the stack's one target of the rule becomes it. */
  readonly eventTargets?: readonly string[] | undefined;
  /** Names of functions. */
  readonly functions?: readonly string[] | undefined;
  /** Names of the functions' log groups. */
  readonly logGroups?: readonly string[] | undefined;
  /** ARNs of roles other than the one that delivers. */
  readonly roles?: readonly string[] | undefined;
  /** Aliases of keys, with `alias/`. */
  readonly keyAliases?: readonly string[] | undefined;
}

/** Path of an adopted role, e.g. `/service-role/`; undefined for a role that isn't adopted. */
export function adoptedRolePath(adopt: AdoptSettings, roleName: string): string | undefined {
  const arn = adopt.roles?.find((arn) => lastPart(arn) === roleName);
  return arn === undefined ? undefined : rolePath(arn);
}

/**
 * Imports what has its name from the stack: everything in `adopt` that is a list of resources. To be called once all of the
 * stack is composed.
 *
 * @throws if an entry names nothing of the stack, or something that can't become part of it without being replaced
 */
export function importByName(stack: TerraformStack, adopt: AdoptSettings): void {
  const resources = stack.node.findAll().filter(TerraformResource.isTerraformResource);
  const all = <Resource extends TerraformResource>(type: ResourceClass<Resource>): Resource[] =>
    resources.filter((resource): resource is Resource => resource instanceof type);
  const written = (text: string | undefined) => resolved(stack, text);

  const rules = all(CloudwatchEventRule);
  const logGroups = all(CloudwatchLogGroup);
  const importAsNamed = (resource: TerraformResource, entry: string): void => {
    new ImportBlock(resource, entry);
  };

  forEachEntry(stack, "metricFilters", adopt.metricFilters, {
    kind: "metric filter",
    resources: all(CloudwatchLogMetricFilter),
    nameOf: ({ nameInput }) => nameInput,
    adopt(filter, entry) {
      const logGroup = logGroups.find(({ name }) => written(name) === written(filter.logGroupNameInput));
      new ImportBlock(filter, `${logGroup?.nameInput ?? filter.logGroupNameInput}:${entry}`);
    },
  });
  forEachEntry(stack, "alarms", adopt.alarms, {
    kind: "alarm",
    resources: all(CloudwatchMetricAlarm),
    nameOf: ({ alarmNameInput }) => alarmNameInput,
    adopt: importAsNamed,
  });
  forEachEntry(stack, "topics", adopt.topics, {
    kind: "topic",
    resources: all(SnsTopic),
    nameOf: ({ nameInput }) => nameInput,
    namedBy: lastPart,
    adopt(topic, entry) {
      const policies = all(SnsTopicPolicy).filter(({ arnInput }) => written(arnInput) === written(topic.arn));
      // Every topic has a policy, and the plan is to show which of its statements go.
      for (const resource of [topic, ...policies]) {
        new ImportBlock(resource, entry);
      }
    },
  });
  forEachEntry(stack, "eventRules", adopt.eventRules, {
    kind: "event rule",
    resources: rules,
    nameOf: ({ nameInput }) => nameInput,
    adopt: importAsNamed,
  });
  forEachEntry(stack, "eventTargets", adopt.eventTargets, {
    kind: "event rule with a target",
    resources: all(CloudwatchEventTarget),
    nameOf: ({ ruleInput }) =>
      rules.find(({ name }) => written(name) === written(ruleInput))?.nameInput ?? ruleInput,
    namedBy: (entry) => entry.split("/")[0] ?? "",
    isOnly: true,
    adopt(target, entry) {
      target.targetId = lastPart(entry);
      new ImportBlock(target, entry);
    },
  });
  forEachEntry(stack, "functions", adopt.functions, {
    kind: "function",
    resources: all(LambdaFunction),
    nameOf: ({ functionNameInput }) => functionNameInput,
    adopt: importAsNamed,
  });
  forEachEntry(stack, "logGroups", adopt.logGroups, {
    kind: "log group",
    resources: logGroups,
    nameOf: ({ nameInput }) => nameInput,
    adopt: importAsNamed,
  });
  forEachEntry(stack, "roles", adopt.roles, {
    kind: "role",
    resources: all(IamRole),
    nameOf: ({ nameInput }) => nameInput,
    namedBy: lastPart,
    adopt(role, entry, setting) {
      const path = role.pathInput ?? "/";
      if (rolePath(entry) !== path) {
        throw new Error(
          `${setting}: ${JSON.stringify(entry)} would be replaced: the path of this stack's role is ${path}`,
        );
      }
      new ImportBlock(role, lastPart(entry));
    },
  });
  forEachEntry(stack, "keyAliases", adopt.keyAliases, {
    kind: "alias",
    resources: all(KmsAlias),
    nameOf: ({ nameInput }) => nameInput,
    adopt: importAsNamed,
  });
}

type ResourceClass<Resource> = abstract new (...args: never[]) => Resource;

interface Adoption<Resource extends TerraformResource> {
  /** What an entry names, for people. */
  readonly kind: string;
  /** What of the stack it can name. */
  readonly resources: readonly Resource[];
  readonly nameOf: (resource: Resource) => string | undefined;
  /**
   * The name within an entry.
   * @default - the entry itself
   */
  readonly namedBy?: (entry: string) => string;
  /** Whether an entry must leave no choice. */
  readonly isOnly?: boolean;
  /** @param setting the entry's path, e.g. `adopt.alarms[0]` */
  readonly adopt: (resource: Resource, entry: string, setting: string) => void;
}

function forEachEntry<Resource extends TerraformResource>(
  stack: TerraformStack,
  list: keyof AdoptSettings,
  entries: readonly string[] = [],
  { kind, resources, nameOf, namedBy = (entry) => entry, isOnly = false, adopt }: Adoption<Resource>,
): void {
  entries.forEach((entry, index) => {
    const setting = `adopt.${list}[${index}]`;
    const found = resources.filter((resource) => nameOf(resource) === namedBy(entry));
    const [resource] = found;
    if (resource === undefined) {
      const names = [...new Set(resources.map(nameOf))].join(", ");
      throw new Error(
        `${setting}: ${JSON.stringify(entry)} is no ${kind} of the stack ${stack.node.id}; there is ${names || "none"}`,
      );
    }
    if (isOnly && found.length > 1) {
      throw new Error(
        `${setting}: ${JSON.stringify(entry)} could be any of the ${found.length} targets that this stack has for the rule`,
      );
    }
    if (ImportBlock.isOf(resource)) {
      throw new Error(
        `${setting}: ${JSON.stringify(entry)} is taken over by another setting of adopt already`,
      );
    }
    adopt(resource, entry, setting);
  });
}

/** A text as the stack's JSON has it: with references to resources by their addresses. */
function resolved(stack: TerraformStack, text: string | undefined): unknown {
  return Tokenization.resolve(text, {
    scope: stack,
    resolver: new DefaultTokenResolver(new StringConcat()),
    preparing: false,
  });
}
