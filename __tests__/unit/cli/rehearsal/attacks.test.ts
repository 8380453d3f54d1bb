import { ATTACKS, chooseAttacks } from "../../../../cli/rehearsal/attacks";

describe("chooseAttacks", () => {
  it.each([
    ["stop", ["stop"]],
    ["key, stop", ["key", "stop"]],
    ["all", ATTACKS.map(({ name }) => name)],
  ])("takes %j", (names, chosen) => {
    expect(chooseAttacks(names).map(({ name }) => name)).toEqual(chosen);
  });

  it.each(["", "stop,,key", "Stop", "all,stop", "everything"])(
    "refuses %j, and says what there is",
    (names) => {
      expect(() => chooseAttacks(names)).toThrow(/^no attack ".*"; there is all, stop, delete, selectors, /);
    },
  );

  it("has one of each name", () => {
    const names = ATTACKS.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
  });
});
