import { changesOf } from "../../../../cli/review/tells";
import { change, type PlanChange, plan, REPLACED, unchanged } from "./support";

function told(...changes: readonly PlanChange[]) {
  const groups = changesOf(plan(changes).changes);
  return Object.entries(groups).flatMap(([group, found]) =>
    found.map(
      ({ address, attributes }) => `${group} ${address} ${attributes.map(({ name }) => name).join(",")}`,
    ),
  );
}

function imported(made: PlanChange): PlanChange {
  return { ...made, change: Object.assign({}, made.change, { importing: { id: "x" } }) };
}

describe("changesOf", () => {
  it("groups what a plan does, and leaves out what it doesn't touch", () => {
    const before = { name: "a", size: 1 };
    const after = { name: "a", size: 2 };

    expect(
      told(
        unchanged("aws_sns_topic.same", before),
        change("aws_sns_topic.made", undefined, { name: "a", size: null }),
        imported(unchanged("aws_sns_topic.taken", before)),
        imported(change("aws_sns_topic.taken-and-changed", before, after)),
        change("aws_sns_topic.changed", before, after),
        change("aws_sns_topic.forgotten", before, undefined, { actions: ["forget"] }),
        imported(change("aws_sns_topic.taken-and-replaced", before, after, REPLACED)),
        change("aws_sns_topic.gone", before, undefined),
      ),
    ).toEqual([
      "removed aws_sns_topic.gone name,size",
      "replaced aws_sns_topic.taken-and-replaced size",
      "noLongerManaged aws_sns_topic.forgotten ",
      "changed aws_sns_topic.changed size",
      "imported aws_sns_topic.taken ",
      "imported aws_sns_topic.taken-and-changed size",
      "added aws_sns_topic.made name",
    ]);
  });

  it("orders by address, so that a module's resources stand together", () => {
    const addresses = ["module.b.aws_sns_topic.a", "module.a.aws_sns_topic.z", "module.a.aws_sns_topic.b"];

    expect(told(...addresses.map((address) => change(address, { size: 1 }, { size: 2 })))).toEqual([
      "changed module.a.aws_sns_topic.b size",
      "changed module.a.aws_sns_topic.z size",
      "changed module.b.aws_sns_topic.a size",
    ]);
  });

  it("believes a difference rather than a no-op", () => {
    expect(told(change("aws_sns_topic.a", { size: 1 }, { size: 2 }, { actions: ["no-op"] }))).toEqual([
      "changed aws_sns_topic.a size",
    ]);
  });

  it("tells of what is replaced why, and what differs for sure", () => {
    const before = { name: "a", prefix: "", list: [], path: null };
    const after = { name: "b", prefix: null, list: null, path: "" };

    expect(
      told(
        change("aws_sns_topic.a", before, after, REPLACED),
        change("aws_sns_topic.b", before, { ...after, name: "a" }, REPLACED),
        change("aws_sns_topic.c", before, after),
        change(
          "aws_sns_topic.d",
          before,
          { ...after, name: "b" },
          {
            ...REPLACED,
            unknown: { name: true, path: true },
            replacedFor: ["name"],
          },
        ),
      ),
    ).toEqual([
      "replaced aws_sns_topic.a name",
      "replaced aws_sns_topic.b ",
      "replaced aws_sns_topic.d name",
      "changed aws_sns_topic.c list,name,path,prefix",
    ]);
  });

  it("marks what is sensitive and what is known after apply, and tells no values", () => {
    const { changed } = changesOf(
      plan([
        change(
          "aws_ssm_parameter.a",
          { value: { pin: "hunter2" }, version: 1, type: "String" },
          { value: { pin: "hunter3" }, version: 1, type: "SecureString" },
          { unknown: { version: true }, sensitive: { value: { pin: true } } },
        ),
      ]).changes,
    );

    expect(changed).toEqual([
      {
        address: "aws_ssm_parameter.a",
        attributes: [
          { name: "type", sensitive: false, knownAfterApply: false },
          { name: "value", sensitive: true, knownAfterApply: false },
          { name: "version", sensitive: false, knownAfterApply: true },
        ],
      },
    ]);
  });
});
