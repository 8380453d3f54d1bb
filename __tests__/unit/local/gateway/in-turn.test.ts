import { setTimeout as sleep } from "node:timers/promises";
import { inTurn } from "../../../../local/gateway/in-turn";
import { writesOfItems } from "../../../../local/gateway/items";
import { answered } from "./emulated";
import { signedCall } from "./support";

const CALL = signedCall("dynamodb", {});

describe("calls in turn", () => {
  it("are made when the one before has ended, in their order", async () => {
    const seen: string[] = [];
    let calls = 0;
    const mend = inTurn(async () => {
      const number = ++calls;
      seen.push(`${number} begins`);
      await sleep(3 - number);
      seen.push(`${number} ends`);
      return answered("");
    });

    await Promise.all([1, 2, 3].map(() => mend(CALL, async () => answered(""))));

    expect(seen).toEqual(["1 begins", "1 ends", "2 begins", "2 ends", "3 begins", "3 ends"]);
  });

  it("go on after one that failed, which alone fails", async () => {
    const mend = inTurn((call, send) => send(call));

    const ended = await Promise.allSettled([
      mend(CALL, () => Promise.reject(new Error("gone"))),
      mend(CALL, async () => answered("")),
    ]);

    expect(ended.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });

  it("are all that write items, of whatever kind", async () => {
    const mends = new Map(writesOfItems());
    let underWay = 0;
    let most = 0;
    const send = async () => {
      most = Math.max(most, ++underWay);
      await sleep(1);
      underWay -= 1;
      return answered("");
    };

    await Promise.all([...mends.values()].map((mend) => mend(CALL, send)));

    expect(most).toBe(1);
    expect([...mends.keys()]).toEqual(
      expect.arrayContaining(["DynamoDB_20120810.PutItem", "DynamoDB_20120810.UpdateItem"]),
    );
    expect([...mends.keys()]).not.toContain("DynamoDB_20120810.GetItem");
  });
});
