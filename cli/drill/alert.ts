import type { Account, Metric } from "./account";
import { messageOf } from "./aws-error";
import type { Clock } from "./clock";
import type { GuardFound } from "./look-around";

/** What CloudWatch has counted since the minute of the stop. It doesn't tell what a message was about. */
export interface AlertCounts {
  readonly invocations: number;
  readonly errors: number;
  readonly messagesPublished: number;
  readonly notificationsFailed: number;
}

export interface AlertOptions {
  readonly account: Pick<Account, "sums">;
  readonly guard: GuardFound;
  /** When the trail was stopped. */
  readonly since: Date;
  readonly limitSeconds: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly tell: (detail: string) => void;
}

const MINUTE_MS = 60_000;

/** By so much this machine's clock may be ahead of CloudWatch's. */
const CLOCK_DIFFERENCE_MS = 5000;

/**
 * Milliseconds until a stop falls into a minute that is new enough: CloudWatch counts by the minute, and what was
 * published earlier in that of the stop would be taken for its alert.
 */
export function untilNewMinute(date: Date): number {
  const intoMinute = date.getTime() % MINUTE_MS;
  return (CLOCK_DIFFERENCE_MS - intoMinute + MINUTE_MS) % MINUTE_MS;
}

/**
 * Waits until CloudWatch knows that the guard function ran and that a message was published to its topic. CloudWatch
 * gets these metrics minutes late.
 *
 * Sources: AWS Lambda developer guide, "Types of metrics for Lambda functions"; Amazon SNS developer guide, "Monitoring
 * Amazon SNS topics using CloudWatch".
 *
 * @returns the counts at last, or why they aren't known
 */
export async function awaitAlert({
  account,
  guard,
  since,
  limitSeconds,
  clock,
  signal,
  tell,
}: AlertOptions): Promise<AlertCounts | string> {
  const ofFunction = { name: "FunctionName", value: guard.functionName };
  const ofTopic = { name: "TopicName", value: guard.topicName };
  const metrics: Metric[] = [
    { namespace: "AWS/Lambda", name: "Invocations", dimension: ofFunction },
    { namespace: "AWS/Lambda", name: "Errors", dimension: ofFunction },
    { namespace: "AWS/SNS", name: "NumberOfMessagesPublished", dimension: ofTopic },
    { namespace: "AWS/SNS", name: "NumberOfNotificationsFailed", dimension: ofTopic },
  ];
  const minute = new Date(Math.floor(since.getTime() / MINUTE_MS) * MINUTE_MS);
  const deadline = clock.now() + limitSeconds * 1000;
  let pause = 1000;
  for (;;) {
    let seen: AlertCounts | string;
    try {
      const [invocations = 0, errors = 0, messagesPublished = 0, notificationsFailed = 0] =
        await account.sums(metrics, minute);
      seen = { invocations, errors, messagesPublished, notificationsFailed };
    } catch (error) {
      seen = messageOf(error);
    }
    const isThere = typeof seen === "object" && seen.invocations > 0 && seen.messagesPublished > 0;
    if (isThere || clock.now() >= deadline) {
      return seen;
    }
    if (signal.aborted) {
      return messageOf(signal.reason);
    }
    tell(typeof seen === "string" ? seen : describeCounts(seen));
    await clock.sleep(pause, signal);
    pause = Math.min(2 * pause, 10_000);
  }
}

/** e.g. `runs: 1, failed: 0; messages published: 1, notifications failed: 0` */
export function describeCounts(counts: AlertCounts): string {
  const { invocations, errors, messagesPublished, notificationsFailed } = counts;
  return `runs: ${invocations}, failed: ${errors}; messages published: ${messagesPublished}, notifications failed: ${notificationsFailed}`;
}
