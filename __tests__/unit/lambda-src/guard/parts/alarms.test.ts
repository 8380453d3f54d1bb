import { observeAlarms } from "../../../../../lambda-src/guard/parts/alarms";
import { DECLARED } from "../support/deployment";
import { deployment, repair, summary } from "../support/seen";

describe("observeAlarms", () => {
  it("sees alarms that are gone, that tell nobody, and whose actions are disabled", async () => {
    const { cloud, aws } = deployment();
    const { alarms } = cloud;
    alarms.delete("root-account-usage");
    Object.assign(alarms.get("cloudtrail-changes") ?? {}, { actions: [], isEnabled: false });
    Object.assign(alarms.get("enable_trail_errors") ?? {}, { isEnabled: false });

    const seen = await observeAlarms(aws, DECLARED.alarms);
    expect(summary(seen)).toEqual({
      "alarm.root-account-usage": 'missing: the alarm "root-account-usage" is deleted',
      "alarm.cloudtrail-changes.actions": 'weaker: the alarm "cloudtrail-changes" tells nobody any more',
      "alarms.actions": "weaker: actions of alarms are disabled: cloudtrail-changes, enable_trail_errors",
    });
    expect(seen.filter(({ repair }) => repair !== undefined).map(({ id }) => id)).toEqual(["alarms.actions"]);
    await repair(seen, aws);

    expect([...alarms.values()].every(({ isEnabled }) => isEnabled)).toBe(true);
  });

  it("asks for a hundred at a time, and enables as many at once", async () => {
    const { scene, cloud, aws } = deployment();
    const declared = Array.from({ length: 250 }, (_, index) => ({ name: `alarm-${index}`, tells: false }));
    for (const { name } of declared) cloud.alarms.set(name, { isEnabled: false, actions: [] });

    await repair(await observeAlarms(aws, declared), aws);

    await expect(observeAlarms(aws, declared)).resolves.toEqual([]);
    expect(scene.fake.calls.map(({ name }) => name.replace("cloudwatch:", ""))).toEqual([
      ...Array(3).fill("DescribeAlarms"),
      ...Array(3).fill("EnableAlarmActions"),
      ...Array(3).fill("DescribeAlarms"),
    ]);
  });

  it("asks for nothing where no alarm is declared", async () => {
    const { scene, aws } = deployment();

    await expect(observeAlarms(aws, [])).resolves.toEqual([]);

    expect(scene.fake.calls).toEqual([]);
  });
});
