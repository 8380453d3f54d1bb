import { KEPT_SECONDS, LEASE_SECONDS, toldInTable } from "../../../../lambda-src/notifier/told";
import { LOG_GROUP, SETTINGS } from "./support/deployment";
import { START } from "./support/events";
import { FakeAws } from "./support/fake-aws";
import { FakeTime } from "./support/fake-time";

function scene() {
  const time = new FakeTime(START);
  const fake = new FakeAws(time, LOG_GROUP, SETTINGS.tableName);
  const told = (invocationId: string) => toldInTable(fake.aws, SETTINGS.tableName, invocationId, time.now);
  return { time, fake, told };
}

describe("toldInTable", () => {
  it("lets one invocation tell an alert, and any tell another", async () => {
    const { told } = scene();

    await expect(told("i1").begin("a")).resolves.toEqual(new Set());
    await expect(told("i2").begin("a")).resolves.toBeUndefined();
    await expect(told("i2").begin("b")).resolves.toEqual(new Set());
  });

  it("lets one of two that begin at once", async () => {
    const { told, fake, time } = scene();
    fake.latency = () => 10;

    const begun = await time.run(Promise.all(["i1", "i2", "i3"].map((id) => told(id).begin("a"))));

    expect(begun.filter((arrived) => arrived !== undefined)).toHaveLength(1);
  });

  it("lets nobody tell what was told, not even who told it", async () => {
    const { told, time } = scene();
    await told("i1").begin("a");
    await told("i1").end("a", new Set(["p"]), true);
    time.time += 3600_000;

    await expect(told("i1").begin("a")).resolves.toBeUndefined();
    await expect(told("i2").begin("a")).resolves.toBeUndefined();
  });

  it("tells the next try where it has arrived", async () => {
    const { told } = scene();
    await told("i1").begin("a");
    await told("i1").end("a", new Set(["p", "q"]), false);

    await expect(told("i1").begin("a")).resolves.toEqual(new Set(["p", "q"]));
    await expect(told("i2").begin("a")).resolves.toBeUndefined();
  });

  it("lets another take on what an invocation has left behind, once", async () => {
    const { told, time } = scene();
    await told("i1").begin("a");
    await told("i1").end("a", new Set(["p"]), false);
    time.time += LEASE_SECONDS * 1000;
    await expect(told("i2").begin("a")).resolves.toBeUndefined();
    time.time += 1000;

    await expect(told("i2").begin("a")).resolves.toEqual(new Set(["p"]));
    await expect(told("i3").begin("a")).resolves.toBeUndefined();
    await expect(told("i1").begin("a")).resolves.toBeUndefined();
  });

  it("takes an alert on whose own first answer was lost", async () => {
    const { told, fake } = scene();
    fake.faultOf = () => "made twice";

    await expect(told("i1").begin("a")).resolves.toEqual(new Set());
  });

  it("writes nothing where nothing has arrived", async () => {
    const { told, fake } = scene();
    await told("i1").begin("a");
    fake.takeCalls();
    await told("i1").end("a", new Set(), false);

    expect(fake.takeCalls()).toEqual([]);
  });

  it("notes what went nowhere, since no route takes it", async () => {
    const { told } = scene();
    await told("i1").begin("a");
    await told("i1").end("a", new Set(), true);

    await expect(told("i1").begin("a")).resolves.toBeUndefined();
  });

  it("lets DynamoDB forget it after two days", async () => {
    const { told, fake } = scene();
    await told("i1").begin("a");

    expect(KEPT_SECONDS).toBe(172_800);
    expect(fake.table.get("a")?.expiresAt).toEqual({ N: String(START / 1000 + KEPT_SECONDS) });
  });

  it("throws what AWS answers with otherwise", async () => {
    const { told, fake } = scene();
    fake.faultOf = () => "failed";

    await expect(told("i1").begin("a")).rejects.toThrow("dynamodb:UpdateItem failed");
  });
});
