import fc from "fast-check";
import { judgeGuard } from "../../../../../cli/review/rules/guard";
import { judgedAnything, REPLACED } from "../support";
import { foundInGuard, GUARD_STACK, type GuardAddress, type GuardChange, guardChanges } from "./guard-stack";

const POLICY = "arn:aws:iam::123456789012:policy/keep";

describe("judgeGuard", () => {
  it("finds nothing in a plan that changes nothing", () => {
    expect(foundInGuard({})).toEqual([]);
  });

  it.each<[string, GuardAddress, GuardChange, string[]]>([
    [
      "the function",
      "aws_lambda_function.guard",
      { is: undefined },
      ["blocks guard-destroyed: The guard is destroyed"],
    ],
    [
      "the function, to be made anew",
      "aws_lambda_function.guard",
      { is: {}, options: REPLACED },
      ["blocks guard-destroyed: The guard is replaced"],
    ],
    ["another function", "aws_lambda_function.other", { is: undefined }, []],
    [
      "its role",
      "aws_iam_role.guard",
      { is: undefined },
      ["blocks guard-destroyed: The guard's role is destroyed"],
    ],
    [
      "an inline policy",
      "aws_iam_role_policy.guard",
      { is: undefined },
      ["blocks guard-destroyed: A permission of the guard's role is destroyed"],
    ],
    [
      "an attachment",
      "aws_iam_role_policy_attachment.guard",
      { is: {}, options: REPLACED },
      ["blocks guard-destroyed: A permission of the guard's role is replaced"],
    ],
    [
      "an attached policy",
      "aws_iam_policy.keep",
      { is: undefined },
      ["blocks guard-destroyed: A permission of the guard's role is destroyed"],
    ],
    [
      "the permission of the scheduler's role",
      "aws_iam_role_policy.scheduler",
      { is: undefined },
      ["blocks guard-permission-removed: A permission of the role that wakes the guard is destroyed"],
    ],
  ])("finds what becomes of it where a plan destroys %s", (_, address, made, found) => {
    expect(foundInGuard({ [address]: made })).toEqual(found);
  });

  it.each<[string, GuardChange, string[]]>([
    [
      "no concurrency",
      { is: { reserved_concurrent_executions: 0 } },
      ["blocks guard-destroyed: The guard's reserved concurrency leaves it no run"],
    ],
    [
      "less concurrency",
      { was: { reserved_concurrent_executions: 9 }, is: { reserved_concurrent_executions: 1 } },
      [],
    ],
    ["no concurrency, as before", { was: { reserved_concurrent_executions: 0 }, is: { handler: "x" } }, []],
    [
      "concurrency known after apply",
      { is: {}, options: { unknown: { reserved_concurrent_executions: true } } },
      [
        "unknown guard-destroyed: The guard's reserved concurrency is known after apply only: whether the rule is broken can't be judged",
      ],
    ],
    [
      "concurrency that is no number",
      { is: { reserved_concurrent_executions: "0" } },
      ["unknown guard-destroyed: The guard's reserved concurrency can't be judged"],
    ],
    [
      "another role",
      { is: { role: "arn:aws:iam::123456789012:role/x" } },
      ["unknown guard-destroyed: What the guard's other role may do can't be judged"],
    ],
    ["another handler", { is: { handler: "other.handler", source_code_hash: "x" } }, []],
    ["out of Terraform's sight", { is: undefined, options: { actions: ["forget"] } }, []],
  ])("judges a function that gets %s", (_, made, found) => {
    expect(foundInGuard({ "aws_lambda_function.guard": made })).toEqual(found);
  });

  it.each<[string, GuardChange, string[]]>([
    [
      "without its inline policy",
      { is: { inline_policy: [{ name: "another" }] } },
      ["blocks guard-destroyed: The guard's role loses some of its inline policies"],
    ],
    ["with one policy more", { is: { managed_policy_arns: [POLICY, "arn:aws:iam::aws:policy/X"] } }, []],
    [
      "without its managed policy",
      { is: { managed_policy_arns: [] } },
      ["blocks guard-destroyed: The guard's role loses some of its managed policies"],
    ],
    [
      "with unknown managed policies",
      { is: {}, options: { unknown: { managed_policy_arns: true } } },
      [
        "unknown guard-destroyed: What is left of the guard's role's managed policies is known after apply only: whether the rule is broken can't be judged",
      ],
    ],
  ])("judges a role %s", (_, made, found) => {
    expect(foundInGuard({ "aws_iam_role.guard": made })).toEqual(found);
  });

  it("prints no sensitive value", () => {
    const secret = "arn:aws:iam::123456789012:role/secret";
    const found = Object.keys(GUARD_STACK).flatMap((address) =>
      foundInGuard({
        [address]: {
          is: Object.fromEntries(
            ["event_pattern", "schedule_expression", "source_arn", "arn", "rule", "name"].map((name) => [
              name,
              secret,
            ]),
          ),
          options: { sensitive: { event_pattern: true, schedule_expression: true, source_arn: true } },
        },
      }),
    );

    expect(found).not.toEqual([]);
    expect(found.join()).not.toContain("secret");
  });

  it("judges hostile plans without a crash", () => {
    const addresses = Object.entries(GUARD_STACK).flatMap(([address, attributes]) =>
      Object.keys(attributes).map((name) => [address, name] as const),
    );
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom({ toString: 1 }, [[null]], "{}", '{"$or":1}', "rate(0 days)", ""),
    );
    fc.assert(
      fc.property(fc.constantFrom(...addresses), value, value, ([address, name], was, is) => {
        const changes = guardChanges({ [address]: { was: { [name]: was }, is: { [name]: is } } });

        expect(() => judgedAnything(judgeGuard, changes)).not.toThrow();
      }),
      { numRuns: 60 },
    );
  });
});
