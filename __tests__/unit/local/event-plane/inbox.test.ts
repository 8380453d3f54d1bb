import { Inbox } from "../../../../local/event-plane/inbox";

const AT = Date.parse("2026-11-22T05:42:00Z");

function delivery(endpoint: string, seconds: number) {
  return {
    at: new Date(AT + 1000 * seconds),
    topicArn: "arn:aws:sns:ap-northeast-2:123456789012:alerts",
    protocol: "email",
    endpoint,
    subject: "",
    body: String(seconds),
  };
}

describe("Inbox", () => {
  it("has what came since a time, of everybody or one subscriber", () => {
    const inbox = new Inbox();
    inbox.put(delivery("a@example.com", 0));
    inbox.put(delivery("b@example.com", 1));
    inbox.put(delivery("a@example.com", 2));
    const bodies = (...args: Parameters<Inbox["since"]>) => inbox.since(...args).map(({ body }) => body);
    expect(bodies(new Date(AT))).toEqual(["0", "1", "2"]);
    expect(bodies(new Date(AT + 1000))).toEqual(["1", "2"]);
    expect(bodies(new Date(AT), "a@example.com")).toEqual(["0", "2"]);
    expect(bodies(new Date(AT + 1000), "nobody@example.com")).toEqual([]);
  });

  it("forgets the oldest before it fills the memory", () => {
    const inbox = new Inbox();
    for (let index = 0; index < 50_000; index++) {
      inbox.put(delivery("a@example.com", index));
    }
    const kept = inbox.since(new Date(0));
    expect(kept.length).toBeLessThanOrEqual(20_000);
    expect(kept.length).toBeGreaterThanOrEqual(10_000);
    expect(kept.at(-1)?.body).toBe("49999");
  });
});
