import { foundInGuard, type GuardChange } from "./guard-stack";

type Variables = Readonly<Record<string, unknown>>;

const SETTINGS: Variables = {
  GUARD_MODE: "enforce",
  ROW_MODES: "{}",
  REPAIR_LIMIT: "100",
  EXEMPT_PRINCIPALS: '["arn:aws:iam::123456789012:role/Deploy*"]',
};

const environment = (variables: Variables) => ({ environment: [{ variables }] });

function found(is: Variables, was: Variables = SETTINGS, options: GuardChange["options"] = {}): string[] {
  return foundInGuard({
    "aws_lambda_function.guard": { was: environment(was), is: environment(is), options },
  });
}

const list = (...patterns: readonly string[]) => ({
  ...SETTINGS,
  EXEMPT_PRINCIPALS: JSON.stringify(patterns),
});
const LESS = "blocks guard-not-enforcing: The guard no longer enforces all that it did";
const NOT_JUDGED = "unknown guard-not-enforcing: What the guard enforces can't be judged";

describe("judgeSettings, of modes", () => {
  it.each<[string, Variables, Variables, string[]]>([
    [
      "one row less",
      { ROW_MODES: '{"bucket":"observe"}' },
      {},
      [`${LESS}; bucket: observe instead of enforce`],
    ],
    [
      "one row off",
      { ROW_MODES: '{"key":"off"}' },
      { ROW_MODES: '{"key":"observe"}' },
      [`${LESS}; key: off instead of observe`],
    ],
    [
      "all but one less",
      { GUARD_MODE: "observe", ROW_MODES: '{"key":"enforce"}' },
      { GUARD_MODE: "observe" },
      [],
    ],
    ["the mode, and each row as it was", { GUARD_MODE: "enforce" }, { GUARD_MODE: "observe" }, []],
    ["what can't be repaired", { ROW_MODES: '{"irreparable":"observe"}' }, {}, []],
    [
      "what can't be repaired, off",
      { ROW_MODES: '{"irreparable":"off"}' },
      {},
      [`${LESS}; irreparable: off instead of enforce`],
    ],
    ["no mode", { GUARD_MODE: undefined }, {}, [NOT_JUDGED]],
    ["a mode of another version", { GUARD_MODE: "repair" }, {}, [NOT_JUDGED]],
    ["a row of another version", { ROW_MODES: '{"x":"off"}' }, {}, [NOT_JUDGED]],
    ["one that was wrong before", { GUARD_MODE: "off" }, { GUARD_MODE: "repair" }, []],
    [
      "no repairs",
      { REPAIR_LIMIT: "0" },
      {},
      ["blocks guard-not-enforcing: The guard's limit of repairs leaves it none: it only tells"],
    ],
    ["fewer repairs", { REPAIR_LIMIT: "5" }, {}, []],
    [
      "repairs that are no number",
      { REPAIR_LIMIT: "some" },
      {},
      ["unknown guard-not-enforcing: How many repairs the guard makes can't be judged"],
    ],
  ])("judges %s", (_, is, was, expected) => {
    expect(found({ ...SETTINGS, ...is }, { ...SETTINGS, ...was })).toEqual(expected);
  });

  it("finds all rows that a mode takes along", () => {
    const [line] = found({ ...SETTINGS, GUARD_MODE: "observe" });

    expect(line).toContain("stop-logging: observe instead of enforce");
    expect(line).not.toContain("irreparable");
  });

  it("doesn't know what is known after apply only", () => {
    expect(
      found(
        { EXEMPT_PRINCIPALS: SETTINGS.EXEMPT_PRINCIPALS, REPAIR_LIMIT: "100", ROW_MODES: "{}" },
        SETTINGS,
        {
          unknown: { environment: [{ variables: { GUARD_MODE: true } }] },
        },
      ),
    ).toEqual([
      "unknown guard-not-enforcing: What the guard enforces is known after apply only: whether the rule is broken can't be judged",
    ]);
  });

  it("says nothing of a home-made guard", () => {
    expect(found({ MODE: "off" }, { MODE: "enforce", EXEMPT_PRINCIPALS: "[]" })).toEqual([]);
  });
});

describe("judgeSettings, of exempt principals", () => {
  const WIDENED = "blocks guard-exempt-principals-widened: The guard exempts more principals";

  it.each<[string, Variables, string[]]>([
    [
      "one more",
      list("arn:aws:iam::123456789012:role/Deploy*", "arn:aws:iam::1:user/m"),
      [`${WIDENED}; arn:aws:iam::1:user/m`],
    ],
    ["all", list("*"), [`${WIDENED}; *`]],
    [
      "a wider one",
      list("arn:aws:iam::123456789012:role/De*"),
      [`${WIDENED}; arn:aws:iam::123456789012:role/De*`],
    ],
    [
      "narrower ones",
      list("arn:aws:iam::123456789012:role/Deploy?", "arn:aws:iam::123456789012:role/Deploy-*-x"),
      [],
    ],
    ["none", list(), []],
    [
      "no list",
      { ...SETTINGS, EXEMPT_PRINCIPALS: "all" },
      ["unknown guard-exempt-principals-widened: Whom the guard exempts can't be judged"],
    ],
  ])("judges %s", (_, is, expected) => {
    expect(found(is)).toEqual(expected);
  });

  it("takes ? for one character that is none of *", () => {
    expect(found(list("role/*"), list("role/?"))).toEqual([`${WIDENED}; role/*`]);
    expect(found(list("role/?"), list("role/*"))).toEqual([]);
  });

  it("prints no sensitive setting", () => {
    const lines = found({ ...list("*"), GUARD_MODE: "observe" }, SETTINGS, {
      sensitive: { environment: [{ variables: true }] },
    });

    expect(lines).toEqual([LESS, WIDENED]);
  });
});
