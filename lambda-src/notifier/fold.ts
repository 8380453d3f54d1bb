import type { UpdateItemInput } from "@aws-sdk/client-dynamodb";
import { oneLine } from "../shared/text";
import type { Aws } from "./aws";
import { changeLine, type InstanceChange } from "./instance-change";
import { KEPT_SECONDS, LEASE_SECONDS } from "./told";

/** Changes that fall into one such span are told of together. */
const WINDOW_MS = 15_000;
/** How long after its end events of a window are waited for. */
const GRACE_MS = 2000;
/** Changes that an error names. */
const MOST_NAMED = 100;

export interface FoldOptions {
  readonly aws: Aws;
  readonly tableName: string;
  readonly invocationId: string;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** What is told of at once. */
export interface Folded {
  readonly changes: readonly InstanceChange[];
  /** Where they have arrived in earlier tries. */
  readonly arrived: ReadonlySet<string>;
}

/**
 * Folds a storm of changes into one message for each span of fifteen seconds: each event is noted in an item of its span,
 * the invocation that noted the first one waits until the span is over, and tells of all.
 *
 * An item of DynamoDB holds 400 KB: more than 2,000 changes. What is beyond is refused, and goes the way of what fails.
 *
 * @param tell tells of them; throws, with what arrived noted, if not everywhere
 * @throws naming what may not have been told: others have left theirs to this invocation
 */
export async function fold(
  change: InstanceChange,
  tell: (folded: Folded, note: (arrived: ReadonlySet<string>) => Promise<void>) => Promise<void>,
  options: FoldOptions,
): Promise<"told" | "folded"> {
  const { now, sleep } = options;
  let left: readonly InstanceChange[] = [change];
  const windowStart = Math.floor(timeOf(change, now()) / WINDOW_MS) * WINDOW_MS;
  const item = new WindowItem(`ec2-state-change ${new Date(windowStart).toISOString()}`, options);
  try {
    if (!(await item.join(change))) {
      return "folded";
    }
    await sleep(
      Math.max(0, Math.min(windowStart + WINDOW_MS + GRACE_MS - now().getTime(), WINDOW_MS + GRACE_MS)),
    );
    let hasTold = false;
    for (;;) {
      const { untold, seen, arrived } = await item.read();
      left = untold;
      if (untold.length > 0) {
        await tell({ changes: untold, arrived }, (places) => item.note(places, seen));
        hasTold = true;
      }
      if (await item.leave(untold, seen)) {
        return hasTold ? "told" : "folded";
      }
    }
  } catch (error) {
    await item.release();
    throw new Error(`${mayBeUntold(left, item.id)}: ${(error as Error).name}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** In the end people get this text, from Lambda itself. */
function mayBeUntold(changes: readonly InstanceChange[], item: string): string {
  const named = changes.slice(0, MOST_NAMED).map((change) => oneLine(changeLine(change)));
  return `changes of EC2 instances may be untold, ${[...named, `and what else the table's item "${item}" holds`].join("; ")}`;
}

/** What an event says of another day is taken for now. */
function timeOf({ time }: InstanceChange, now: Date): number {
  const at = Date.parse(time);
  return Math.abs(at - now.getTime()) < 24 * 3600_000 ? at : now.getTime();
}

/** The item of one span: the changes in it, those that were told, and the invocation that tells them. */
class WindowItem {
  constructor(
    readonly id: string,
    private readonly options: FoldOptions,
  ) {}

  /** Notes a change. @returns whether this invocation is the one that tells */
  async join(change: InstanceChange): Promise<boolean> {
    const { invocationId } = this.options;
    const now = this.unixSeconds();
    const { Attributes: item } = await this.update({
      UpdateExpression:
        "ADD changes :change SET invocation = if_not_exists(invocation, :me), leaseUntil = if_not_exists(leaseUntil, :lease), expiresAt = :expires",
      ExpressionAttributeValues: {
        ":change": { SS: [JSON.stringify(change)] },
        ":me": { S: invocationId },
        ":lease": { N: String(now + LEASE_SECONDS) },
        ":expires": { N: String(now + KEPT_SECONDS) },
      },
      ReturnValues: "ALL_NEW",
    });
    const other = item?.invocation?.S ?? "";
    if (other === invocationId || Number(item?.leaseUntil?.N) >= now) {
      return other === invocationId;
    }
    return this.succeeds({
      // The client of the SDK tries again where an answer is lost: the second try must not fail for the first.
      ConditionExpression: "invocation IN (:other, :me)",
      UpdateExpression: "SET invocation = :me, leaseUntil = :lease",
      ExpressionAttributeValues: {
        ":other": { S: other },
        ":me": { S: invocationId },
        ":lease": { N: String(now + LEASE_SECONDS) },
      },
    });
  }

  async read(): Promise<{ untold: InstanceChange[]; seen: number; arrived: ReadonlySet<string> }> {
    const { aws, tableName } = this.options;
    const { Item: item } = await aws("dynamodb:GetItem", {
      TableName: tableName,
      Key: { id: { S: this.id } },
      ConsistentRead: true,
    });
    const changes = (item?.changes?.SS ?? []).map((text) => JSON.parse(text) as InstanceChange);
    if (changes.length === 0) {
      // It could never be left, and the next try makes it again.
      throw new Error("the table's item is gone");
    }
    const told = new Set(item?.told?.SS);
    const untold = changes.filter(({ eventId }) => !told.has(eventId)).sort(byTime);
    const seen = changes.length;
    const arrived = (item?.arrived?.SS ?? []).flatMap((note) =>
      note.startsWith(`${seen} `) ? [note.slice(`${seen} `.length)] : [],
    );
    return { untold, seen, arrived: new Set(arrived) };
  }

  /** Notes where those that are untold have arrived so far: with how many there are, since what comes later has not. */
  async note(arrived: ReadonlySet<string>, seen: number): Promise<void> {
    if (arrived.size > 0) {
      await this.update({
        UpdateExpression: "SET arrived = :arrived",
        ExpressionAttributeValues: { ":arrived": { SS: [...arrived].map((place) => `${seen} ${place}`) } },
      });
    }
  }

  /** Notes what was told. @returns false if there is more by now, which this invocation has to tell as well */
  async leave(told: readonly InstanceChange[], seen: number): Promise<boolean> {
    const ids = { ":told": { SS: told.map(({ eventId }) => eventId) } };
    const isOver = await this.succeeds({
      ConditionExpression: "size(changes) = :seen",
      UpdateExpression: `${told.length > 0 ? "ADD told :told " : ""}REMOVE invocation, leaseUntil, arrived`,
      ExpressionAttributeValues: { ":seen": { N: String(seen) }, ...(told.length > 0 ? ids : {}) },
    });
    if (!isOver && told.length > 0) {
      await this.update({
        UpdateExpression: "ADD told :told REMOVE arrived",
        ExpressionAttributeValues: ids,
      });
    }
    return isOver;
  }

  /** Lets whoever comes next tell: this invocation may have been at its last try. The lease ends anyway. */
  async release(): Promise<void> {
    await this.succeeds({
      ConditionExpression: "invocation = :me",
      UpdateExpression: "REMOVE invocation, leaseUntil",
      ExpressionAttributeValues: { ":me": { S: this.options.invocationId } },
    }).catch(() => false);
  }

  private async succeeds(update: Update): Promise<boolean> {
    try {
      await this.update(update);
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === "ConditionalCheckFailedException") {
        return false;
      }
      throw error;
    }
  }

  private update(update: Update) {
    const { aws, tableName } = this.options;
    return aws("dynamodb:UpdateItem", { TableName: tableName, Key: { id: { S: this.id } }, ...update });
  }

  private unixSeconds(): number {
    return Math.floor(this.options.now().getTime() / 1000);
  }
}

type Update = Omit<UpdateItemInput, "TableName" | "Key">;

/** Events tell the second only: those of one instance in the order that states follow each other. */
function byTime(a: InstanceChange, b: InstanceChange): number {
  return a.time.localeCompare(b.time) || STATES.indexOf(a.state) - STATES.indexOf(b.state);
}

/** EC2 user guide, "Amazon EC2 instance state changes". */
const STATES = ["pending", "running", "stopping", "stopped", "shutting-down", "terminated"];
