import type { Aws } from "./aws";

/** What is kept of each alert: who tells it, where it has arrived, and whether all of it is done. */
export interface Told {
  /**
   * Takes an alert on.
   *
   * @returns where it has arrived in earlier tries; undefined if it was told, or another invocation is at it
   */
  begin(id: string): Promise<ReadonlySet<string> | undefined>;
  /** @param arrived where it has arrived by now */
  end(id: string, arrived: ReadonlySet<string>, isDone: boolean): Promise<void>;
}

/** Longer than one invocation may take: then whoever took it on has failed. */
export const LEASE_SECONDS = 300;
/** EventBridge and SNS try for hours, Lambda for six. */
export const KEPT_SECONDS = 2 * 24 * 3600;

/**
 * Makes one message of an event that is delivered twice, which SNS, EventBridge and Lambda may all do.
 *
 * @param invocationId the same in each try of one event (AWS Lambda developer guide, "Error handling and automatic retries")
 */
export function toldInTable(aws: Aws, tableName: string, invocationId: string, now: () => Date): Told {
  return {
    async begin(id) {
      const seconds = unixSeconds(now());
      try {
        const { Attributes } = await aws("dynamodb:UpdateItem", {
          TableName: tableName,
          Key: { id: { S: id } },
          ConditionExpression:
            "attribute_not_exists(id) OR (attribute_not_exists(toldAt) AND (invocation = :me OR leaseUntil < :now))",
          UpdateExpression: "SET invocation = :me, leaseUntil = :lease, expiresAt = :expires",
          ExpressionAttributeValues: {
            ":me": { S: invocationId },
            ":now": { N: String(seconds) },
            ":lease": { N: String(seconds + LEASE_SECONDS) },
            ":expires": { N: String(seconds + KEPT_SECONDS) },
          },
          ReturnValues: "ALL_NEW",
        });
        return new Set(Attributes?.arrived?.SS ?? []);
      } catch (error) {
        if (error instanceof Error && error.name === "ConditionalCheckFailedException") {
          return undefined;
        }
        throw error;
      }
    },

    async end(id, arrived, isDone) {
      const sets = [
        ...(arrived.size > 0 ? ["arrived = :arrived"] : []),
        ...(isDone ? ["toldAt = :now"] : []),
      ];
      if (sets.length === 0) {
        return;
      }
      await aws("dynamodb:UpdateItem", {
        TableName: tableName,
        Key: { id: { S: id } },
        UpdateExpression: `SET ${sets.join(", ")}`,
        ExpressionAttributeValues: {
          ...(arrived.size > 0 ? { ":arrived": { SS: [...arrived] } } : {}),
          ...(isDone ? { ":now": { N: String(unixSeconds(now())) } } : {}),
        },
      });
    },
  };
}

function unixSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
