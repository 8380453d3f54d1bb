import { type Aws, unless } from "../aws";
import type { Difference } from "../difference";

/** The trail's key: that it can be used. */
export async function observeKey(aws: Aws, { arn }: { readonly arn: string }): Promise<Difference[]> {
  const id = arn.slice(arn.lastIndexOf("/") + 1);
  const found = await unless(aws("kms:DescribeKey", { KeyId: id }), "NotFoundException");
  const state = found?.KeyMetadata?.KeyState;
  if (state === "Enabled") {
    return [];
  }
  if (state === "Disabled" || state === "PendingDeletion") {
    return [
      {
        id: "key.state",
        row: "key",
        kind: "weaker",
        what: state === "Disabled" ? "the key is disabled" : "the key is about to be deleted",
        async repair(aws) {
          if (state === "PendingDeletion") {
            // It is disabled then.
            await aws("kms:CancelKeyDeletion", { KeyId: id });
          }
          await aws("kms:EnableKey", { KeyId: id });
        },
      },
    ];
  }
  return [
    {
      id: "key",
      row: "irreparable",
      kind: state === undefined ? "missing" : "weaker",
      what: state === undefined ? "the key is deleted" : `the key's state is ${state}`,
    },
  ];
}
