import { observeKey } from "../../../../../lambda-src/guard/parts/key";
import { KEY_ARN } from "../support/deployment";
import { deployment, repair, summary } from "../support/seen";

describe("observeKey", () => {
  it.each([
    ["Enabled", {}, []],
    ["Disabled", { "key.state": "weaker: the key is disabled" }, ["kms:EnableKey"]],
    [
      "PendingDeletion",
      { "key.state": "weaker: the key is about to be deleted" },
      ["kms:CancelKeyDeletion", "kms:EnableKey"],
    ],
    ["PendingImport", { key: "weaker: the key's state is PendingImport" }, []],
  ] as const)("sees a key that is %s", async (state, told, repairs) => {
    const { scene, cloud, aws } = deployment();
    Object.assign(cloud.key ?? {}, { state });

    const seen = await observeKey(aws, { arn: KEY_ARN });
    await repair(seen, aws);

    expect(summary(seen)).toEqual(told);
    expect(scene.fake.takeWrites()).toEqual(repairs);
    if (repairs.length > 0) expect(cloud.key?.state).toBe("Enabled");
  });

  it("sees a key that is gone, and throws what AWS answers with otherwise", async () => {
    const { scene, cloud, aws } = deployment();
    cloud.key = undefined;
    expect(summary(await observeKey(aws, { arn: KEY_ARN }))).toEqual({ key: "missing: the key is deleted" });

    scene.fake.fail("kms:DescribeKey", "throttled");
    await expect(observeKey(aws, { arn: KEY_ARN })).rejects.toMatchObject({ name: "ThrottlingException" });
  });
});
