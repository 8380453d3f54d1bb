import { REPLACED } from "../support";
import { foundInGuard, type GuardAddress, type GuardChange, QUEUE_ARN } from "./guard-stack";

const OTHER_QUEUE = `${QUEUE_ARN}-2`;
const lost = "blocks guard-queue-removed: What doesn't reach the guard is no longer kept in a queue";
const unknown =
  "unknown guard-queue-removed: What keeps events that don't reach the guard is known after apply only: whether the rule is broken can't be judged";

describe("judgeQueues", () => {
  it.each<[string, GuardAddress, GuardChange, string[]]>([
    [
      "destroyed",
      "aws_sqs_queue.dead_letters",
      { is: undefined },
      ["blocks guard-queue-removed: The queue of what doesn't reach the guard is destroyed"],
    ],
    [
      "replaced",
      "aws_sqs_queue.dead_letters",
      { is: {}, options: REPLACED },
      ["blocks guard-queue-removed: The queue of what doesn't reach the guard is replaced"],
    ],
    [
      "kept shorter",
      "aws_sqs_queue.dead_letters",
      { is: { message_retention_seconds: 60 } },
      ["blocks guard-queue-removed: The guard's queue keeps events 60 seconds instead of 1209600"],
    ],
    [
      "kept shorter in secret",
      "aws_sqs_queue.dead_letters",
      {
        is: { message_retention_seconds: 60 },
        options: { sensitive: { message_retention_seconds: true } },
      },
      ["blocks guard-queue-removed: The guard's queue keeps events for a shorter time"],
    ],
    [
      "kept longer",
      "aws_sqs_queue.dead_letters",
      { was: { message_retention_seconds: 60 }, is: { message_retention_seconds: 61 } },
      [],
    ],
    [
      "kept who knows how long",
      "aws_sqs_queue.dead_letters",
      { is: { message_retention_seconds: "60" } },
      ["unknown guard-queue-removed: How long the guard's queue keeps events can't be judged"],
    ],
    [
      "closed",
      "aws_sqs_queue_policy.dead_letters",
      { is: undefined },
      ["blocks guard-queue-removed: The policy by which events come into the guard's queue is destroyed"],
    ],
    ["left by a target", "aws_cloudwatch_event_target.stop", { is: { dead_letter_config: [] } }, [lost]],
    ["left by another target", "aws_cloudwatch_event_target.other", { is: { dead_letter_config: [] } }, []],
    [
      "exchanged by a target",
      "aws_cloudwatch_event_target.stop",
      { is: { dead_letter_config: [{ arn: OTHER_QUEUE }] } },
      [],
    ],
    [
      "unknown to a target",
      "aws_cloudwatch_event_target.stop",
      {
        is: { dead_letter_config: [{}] },
        options: { unknown: { dead_letter_config: [{ arn: true }] } },
      },
      [unknown],
    ],
    [
      "left by the function",
      "aws_lambda_function.guard",
      { was: { dead_letter_config: [{ target_arn: QUEUE_ARN }] }, is: { dead_letter_config: [] } },
      [lost],
    ],
    [
      "given to the function",
      "aws_lambda_function.guard",
      { is: { dead_letter_config: [{ target_arn: QUEUE_ARN }] } },
      [],
    ],
    [
      "left by a schedule",
      "aws_scheduler_schedule.look",
      { is: { target: [{ arn: "arn:aws:lambda:eu-west-1:123456789012:function:enable_trail" }] } },
      [lost],
    ],
    [
      "left by the invoke config",
      "aws_lambda_function_event_invoke_config.guard",
      { is: { destination_config: [] } },
      [lost],
    ],
    [
      "left with the invoke config",
      "aws_lambda_function_event_invoke_config.guard",
      { is: undefined },
      ["blocks guard-queue-removed: What the guard can't handle is no longer kept"],
    ],
  ])("judges a queue that is %s", (_, address, made, found) => {
    expect(foundInGuard({ [address]: made })).toEqual(found);
  });
});
