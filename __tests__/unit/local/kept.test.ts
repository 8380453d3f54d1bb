import { Kept } from "../../../local/kept";

describe("Kept", () => {
  it("reads once, also for those who ask while it reads", async () => {
    const kept = new Kept();
    const read = jest.fn(async () => ({}));
    const [one, other] = await Promise.all([kept.of("iam", "a", read), kept.of("iam", "a", read)]);
    expect(await kept.of("iam", "a", read)).toBe(one);
    expect(other).toBe(one);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it("tells keys and services apart", async () => {
    const kept = new Kept();
    expect(await kept.of("iam", "a", async () => 1)).toBe(1);
    expect(await kept.of("iam", "b", async () => 2)).toBe(2);
    expect(await kept.of("sns", "a", async () => 3)).toBe(3);
  });

  it("reads again what was forgotten, and nothing else", async () => {
    const kept = new Kept();
    await kept.of("iam", "a", async () => "old");
    await kept.of("sns", "a", async () => "old");
    kept.forget("iam");
    expect(await kept.of("iam", "a", async () => "new")).toBe("new");
    expect(await kept.of("sns", "a", async () => "new")).toBe("old");
  });

  it("doesn't keep what was being read when it was forgotten", async () => {
    const kept = new Kept();
    const before = kept.of("iam", "a", async () => "old");
    kept.forget("iam");
    const after = kept.of("iam", "a", async () => "new");
    expect(await Promise.all([before, after])).toEqual(["old", "new"]);
    expect(await kept.of("iam", "a", async () => "newer")).toBe("new");
  });

  it("reads again what could not be read", async () => {
    const kept = new Kept();
    const failing = kept.of("iam", "a", async () => {
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await kept.of("iam", "a", async () => "there")).toBe("there");
  });

  it("keeps what was read anew although an earlier reading fails late", async () => {
    const kept = new Kept();
    let fail: (error: Error) => void = () => undefined;
    const slow = kept.of("iam", "a", () => new Promise((_, reject) => (fail = reject)));
    kept.forget("iam");
    await kept.of("iam", "a", async () => "new");
    fail(new Error("late"));
    await expect(slow).rejects.toThrow("late");
    expect(await kept.of("iam", "a", async () => "newer")).toBe("new");
  });
});
