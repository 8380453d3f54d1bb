import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListRuleNamesByTargetCommand,
  type ListRuleNamesByTargetCommandOutput,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  type ListTargetsByRuleCommandOutput,
  type Target,
} from "@aws-sdk/client-eventbridge";
import type { AdoptAccount, ExistingTarget } from "../existing";
import { askFor, askForAll, type ClientSettings } from "./ask";
import { askForTags } from "./tags";

/** Event rules of the default bus and their targets. */
export function eventsOf(settings: ClientSettings): Pick<AdoptAccount, "eventRule" | "eventRulesOfTarget"> {
  const events = new EventBridgeClient(settings);

  // The SDK has no paginator for it, nor for the next.
  async function* pagesOfTargets(Rule: string): AsyncGenerator<ListTargetsByRuleCommandOutput> {
    let NextToken: string | undefined;
    do {
      const page: ListTargetsByRuleCommandOutput = await events.send(
        new ListTargetsByRuleCommand({ Rule, ...(NextToken === undefined ? {} : { NextToken }) }),
      );
      yield page;
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  }

  async function* pagesOfRules(TargetArn: string): AsyncGenerator<ListRuleNamesByTargetCommandOutput> {
    let NextToken: string | undefined;
    do {
      const page: ListRuleNamesByTargetCommandOutput = await events.send(
        new ListRuleNamesByTargetCommand({ TargetArn, ...(NextToken === undefined ? {} : { NextToken }) }),
      );
      yield page;
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  }

  return {
    eventRulesOfTarget(arn) {
      return askForAll(
        "events:ListRuleNamesByTarget",
        () => pagesOfRules(arn),
        ({ RuleNames }) => RuleNames,
      );
    },

    async eventRule(name) {
      const rule = await askFor("events:DescribeRule", ["ResourceNotFoundException"], () =>
        events.send(new DescribeRuleCommand({ Name: name })),
      );
      if (rule === undefined) {
        return undefined;
      }
      const targets = await askForAll(
        "events:ListTargetsByRule",
        () => pagesOfTargets(name),
        ({ Targets }) => Targets,
      );
      const tags = await askForTags("events:ListTagsForResource", async () => {
        const { Tags = [] } = await events.send(new ListTagsForResourceCommand({ ResourceARN: rule.Arn }));
        return Tags;
      });
      return {
        managedBy: rule.ManagedBy,
        targets: targets.map(targetOf),
        arguments: {
          name,
          description: rule.Description,
          event_pattern: rule.EventPattern,
          schedule_expression: rule.ScheduleExpression,
          state: rule.State,
          role_arn: rule.RoleArn,
        },
        ...tags,
      };
    },
  };
}

function targetOf(target: Target): ExistingTarget {
  const { InputTransformer: transformer, DeadLetterConfig: deadLetters } = target;
  return {
    id: target.Id ?? "",
    arn: target.Arn ?? "",
    arguments: {
      arn: target.Arn,
      role_arn: target.RoleArn,
      input: target.Input,
      input_path: target.InputPath,
      ...(transformer === undefined
        ? {}
        : {
            input_transformer: {
              input_paths: transformer.InputPathsMap ?? {},
              input_template: transformer.InputTemplate,
            },
          }),
      ...(deadLetters?.Arn === undefined ? {} : { dead_letter_config: { arn: deadLetters.Arn } }),
    },
  };
}
