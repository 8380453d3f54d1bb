import { type Difference, seeEach } from "../../../../lambda-src/guard/difference";

function difference(id: string): Difference {
  return { id, row: "bucket", kind: "weaker", what: id };
}

describe("seeEach", () => {
  it("gives all that was seen, in order, and of what wasn't, why", async () => {
    const error = new Error("denied");

    const { differences, unseen } = await seeEach({
      a: Promise.resolve([difference("a.1"), difference("a.2")]),
      b: Promise.reject(error),
      c: Promise.resolve(undefined),
      d: Promise.resolve(difference("d")),
      e: Promise.resolve([]),
    });

    expect(differences.map(({ id }) => id)).toEqual(["a.1", "a.2", "d"]);
    expect([...unseen]).toEqual([["b", error]]);
  });

  it("sees nothing where there is nothing to look at", async () => {
    await expect(seeEach({})).resolves.toEqual({ differences: [], unseen: new Map() });
  });
});
