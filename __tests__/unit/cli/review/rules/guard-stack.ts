import type { Attributes } from "../../../../../cli/review/plan";
import { judgeGuard } from "../../../../../cli/review/rules/guard";
import { change, judged, type PlanChange, unchanged } from "../support";

const ARN = "arn:aws:lambda:eu-west-1:123456789012:function:enable_trail";
export const ROLE_ARN = "arn:aws:iam::123456789012:role/service-role/enable_trail";
export const QUEUE_ARN = "arn:aws:sqs:eu-west-1:123456789012:dead-letters";
export const ruleArn = (name: string): string => `arn:aws:events:eu-west-1:123456789012:rule/${name}`;

export const STOP_LOGGING = {
  source: ["aws.cloudtrail"],
  "detail-type": ["AWS API Call via CloudTrail"],
  detail: { eventSource: ["cloudtrail.amazonaws.com"], eventName: ["StopLogging", "DeleteTrail"] },
};

/** A home-made guard, as a provider tells of it. */
export const GUARD_STACK = {
  "aws_lambda_function.guard": {
    function_name: "enable_trail",
    arn: ARN,
    role: ROLE_ARN,
    handler: "index.handler",
    reserved_concurrent_executions: -1,
    dead_letter_config: [],
    environment: [],
  },
  "aws_lambda_function.other": {
    function_name: "other",
    arn: ARN.replace("enable_trail", "other"),
    role: ROLE_ARN.replace("enable_trail", "other"),
    reserved_concurrent_executions: -1,
    dead_letter_config: [],
    environment: [],
  },
  "aws_iam_role.guard": {
    name: "enable_trail",
    arn: ROLE_ARN,
    inline_policy: [{ name: "start-logging", policy: "{}" }],
    managed_policy_arns: ["arn:aws:iam::123456789012:policy/keep"],
  },
  "aws_iam_role_policy.guard": { name: "start-logging", role: "enable_trail", policy: "{}" },
  "aws_iam_role_policy_attachment.guard": {
    role: "enable_trail",
    policy_arn: "arn:aws:iam::123456789012:policy/keep",
  },
  "aws_iam_policy.keep": { arn: "arn:aws:iam::123456789012:policy/keep", policy: "{}" },
  "aws_cloudwatch_event_rule.stop": {
    name: "enable_trail",
    arn: ruleArn("enable_trail"),
    event_pattern: JSON.stringify(STOP_LOGGING),
    schedule_expression: "",
    state: "ENABLED",
    is_enabled: true,
  },
  "aws_cloudwatch_event_rule.look": {
    name: "look",
    arn: ruleArn("look"),
    event_pattern: "",
    schedule_expression: "rate(5 minutes)",
    state: "ENABLED",
    is_enabled: null,
  },
  "aws_cloudwatch_event_rule.other": {
    name: "other",
    arn: ruleArn("other"),
    event_pattern: JSON.stringify({ source: ["aws.ec2"] }),
    schedule_expression: "",
    state: "ENABLED",
    is_enabled: null,
  },
  "aws_cloudwatch_event_target.stop": target("enable_trail", ARN),
  "aws_cloudwatch_event_target.look": target("look", ARN),
  "aws_cloudwatch_event_target.other": target("other", ARN.replace("enable_trail", "other")),
  "aws_lambda_permission.stop": permission("enable_trail", ruleArn("enable_trail")),
  "aws_lambda_permission.other": permission("other", ruleArn("other")),
  "aws_scheduler_schedule.look": {
    name: "look",
    schedule_expression: "rate(1 hour)",
    state: "ENABLED",
    end_date: "",
    target: [
      {
        arn: ARN,
        role_arn: "arn:aws:iam::123456789012:role/scheduler",
        dead_letter_config: [{ arn: QUEUE_ARN }],
      },
    ],
  },
  "aws_iam_role_policy.scheduler": { name: "invoke", role: "scheduler", policy: "{}" },
  "aws_sqs_queue.dead_letters": {
    arn: QUEUE_ARN,
    url: "https://sqs.eu-west-1.amazonaws.com/123456789012/dead-letters",
    message_retention_seconds: 1_209_600,
  },
  "aws_sqs_queue_policy.dead_letters": {
    queue_url: "https://sqs.eu-west-1.amazonaws.com/123456789012/dead-letters",
    policy: "{}",
  },
  "aws_lambda_function_event_invoke_config.guard": {
    function_name: "enable_trail",
    destination_config: [{ on_failure: [{ destination: QUEUE_ARN }], on_success: [] }],
  },
  // Brings home, from the region of global services, what the guard's rule waits for.
  "aws_cloudwatch_event_rule.global": {
    name: "global",
    arn: ruleArn("global"),
    event_pattern: JSON.stringify({ source: ["aws.cloudtrail"] }),
    schedule_expression: "",
    state: "ENABLED",
    is_enabled: null,
  },
  "aws_cloudwatch_event_target.global": target(
    "global",
    "arn:aws:events:eu-west-1:123456789012:event-bus/default",
  ),
} satisfies Readonly<Record<string, Attributes>>;

export type GuardAddress = keyof typeof GUARD_STACK;

function target(rule: string, arn: string) {
  return {
    rule,
    arn,
    event_bus_name: "default",
    target_id: "guard",
    input: "",
    dead_letter_config: [{ arn: QUEUE_ARN }],
  };
}

function permission(functionName: string, sourceArn: string | null) {
  return {
    function_name: functionName,
    action: "lambda:InvokeFunction",
    principal: "events.amazonaws.com",
    source_arn: sourceArn,
    source_account: null,
    qualifier: "",
  };
}

type Options = Parameters<typeof change>[3];

/** A change of one resource of the stack: of what it was before, and of what it will be. Undefined: it is destroyed. */
export interface GuardChange {
  readonly was?: Attributes;
  readonly is: Attributes | undefined;
  readonly options?: Options;
}

export function guardChanges(changes: Partial<Record<GuardAddress, GuardChange>>): PlanChange[] {
  return Object.entries(GUARD_STACK).map(([address, attributes]) => {
    const made = Object.entries(changes).find(([changed]) => changed === address)?.[1];
    if (made === undefined) {
      return unchanged(address, attributes);
    }
    const before: Attributes = { ...attributes, ...made.was };
    return change(address, before, made.is && { ...before, ...made.is }, made.options);
  });
}

/** `SEVERITY RULE: MESSAGE` of what is found, with the details after it. */
export function foundInGuard(changes: Partial<Record<GuardAddress, GuardChange>>): string[] {
  return judged(judgeGuard, guardChanges(changes)).map(({ severity, rule, message, details }) =>
    [`${severity} ${rule}: ${message}`, ...details].join("; "),
  );
}
