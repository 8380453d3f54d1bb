import { OrderedOutput, type Print } from "../../../../cli/match/ordered-output";

const aWhile = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("what several sources say", () => {
  let printed: string[];
  const print: Print = async (text) => {
    await aWhile();
    printed.push(text);
  };
  beforeEach(() => {
    printed = [];
  });

  it("is printed in the order in which they were opened", async () => {
    const output = new OrderedOutput();
    const [a, b, c] = [output.open(), output.open(), output.open()];
    await c.print("c1", print);
    await b.print("b1", print);
    c.close();
    await a.print("a1", print);
    await b.print("b2", print);
    b.close();
    await a.print("a2", print);
    await aWhile();
    expect(printed).not.toContain("b1");
    a.close();
    await output.end();
    expect(printed).toEqual(["a1", "a2", "b1", "b2", "c1"]);
  });

  it("makes a source wait that says too much before its turn, and new ones", async () => {
    const output = new OrderedOutput();
    const [a, b] = [output.open(), output.open()];
    const much = "x".repeat(10 * 1024 * 1024);
    const done: string[] = [];
    await b.print(much, print);
    const second = b.print(much, print).then(() => done.push("b"));
    const room = output.room().then(() => done.push("room"));
    await a.print("a", print);
    await aWhile();
    expect(done).toEqual([]);
    expect(printed).toEqual(["a"]);
    a.close();
    await second;
    b.close();
    await room;
    expect(done).toEqual(["b", "room"]);
    expect(printed.map(({ length }) => length)).toEqual([1, much.length, much.length]);
  });

  it("takes no room once it is printed", async () => {
    const output = new OrderedOutput();
    for (let source = 0; source < 20_000; source++) {
      const one = output.open();
      await one.print("x".repeat(1000), async () => {});
      one.close();
      await output.end();
    }
    let hasRoom = false;
    output.open();
    void output.room().then(() => {
      hasRoom = true;
    });
    await aWhile();
    expect(hasRoom).toBe(true);
  });
});
