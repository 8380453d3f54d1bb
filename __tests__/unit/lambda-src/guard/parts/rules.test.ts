import { observeRules } from "../../../../../lambda-src/guard/parts/rules";
import { deployment, repair, summary } from "../support/seen";

describe("observeRules", () => {
  it("sees rules that are gone or disabled, on whichever page, and leaves others alone", async () => {
    const { cloud, aws } = deployment();
    const { rules } = cloud;
    rules.clear();
    const declared = Array.from({ length: 10 }, (_, index) => `guard_${index}`);
    for (const name of declared) rules.set(name, "ENABLED");
    rules.set("guard_of_another", "DISABLED");
    rules.set("guard_9", "DISABLED");
    rules.delete("guard_4");

    const seen = await observeRules(aws, declared);
    expect(summary(seen)).toEqual({
      "rule.guard_4": "missing: the event rule guard_4 is deleted",
      "rule.guard_9.state": "weaker: the event rule guard_9 is disabled",
    });
    await repair(seen, aws);

    expect(rules.get("guard_9")).toBe("ENABLED");
    expect(rules.get("guard_of_another")).toBe("DISABLED");
  });

  it("sees rules whose names have nothing in common", async () => {
    const { cloud, aws } = deployment();
    cloud.rules.set("a", "DISABLED");
    cloud.rules.set("b", "ENABLED");

    expect(Object.keys(summary(await observeRules(aws, ["a", "b", "ab"])))).toEqual([
      "rule.a.state",
      "rule.ab",
    ]);
    expect(Object.keys(summary(await observeRules(aws, ["a"])))).toEqual(["rule.a.state"]);
  });

  it("takes a rule that is offered more events for one that is enabled", async () => {
    const { cloud, aws } = deployment();
    cloud.rules.set("a", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS");

    await expect(observeRules(aws, ["a"])).resolves.toEqual([]);
  });

  it("asks for nothing where no rule is declared", async () => {
    const { scene, aws } = deployment();

    await expect(observeRules(aws, [])).resolves.toEqual([]);

    expect(scene.fake.calls).toEqual([]);
  });
});
