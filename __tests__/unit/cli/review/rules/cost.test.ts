import { judgeCost } from "../../../../../cli/review/rules/cost";
import { change, judged, type PlanChange, unchanged } from "../support";

const made = (address: string) => change(address, undefined, {});

describe("judgeCost", () => {
  const keys = (count: number) =>
    Array.from({ length: count }, (_, index) => unchanged(`aws_kms_key.k${index}`, {}));

  it("warns where it rises by more than a quarter", () => {
    expect(judged(judgeCost, [...keys(3), made("aws_kms_key.new")])).toEqual([
      {
        rule: "cost-raised",
        severity: "warns",
        address: "plan",
        message: "The fixed monthly cost rises from 3.00 USD to 4.00 USD",
        details: ["KMS keys: 3.00 USD to 4.00 USD"],
      },
    ]);
  });

  it.each<[string, readonly PlanChange[]]>([
    ["a quarter", [...keys(4), made("aws_kms_key.new")]],
    ["nothing", keys(4)],
    ["all, where everything is new", [made("aws_kms_key.new")]],
    ["less", [...keys(4), change("aws_kms_key.old", {}, undefined)]],
  ])("doesn't where it rises by %s", (_, changes) => {
    expect(judged(judgeCost, changes)).toEqual([]);
  });
});
