import type { Mend } from "./call";
import { inTurn } from "./in-turn";

/** DynamoDB's calls that write items (API reference, "Actions"); a statement may write, too. */
const WRITES = [
  ...["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"],
  ...["ExecuteStatement", "ExecuteTransaction", "BatchExecuteStatement"],
];

/** One write of items at a time: of two on one condition the emulator would let both pass. */
export function writesOfItems(): [operation: string, mend: Mend][] {
  const mend = inTurn((call, send) => send(call));
  return WRITES.map((operation) => [`DynamoDB_20120810.${operation}`, mend]);
}
