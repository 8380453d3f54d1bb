import { type SlackWebhook, startSlackWebhook } from "../../../local/slack-webhook";

const PAYLOAD = { text: "hello" };

describe("the Slack webhook", () => {
  let webhook: SlackWebhook;
  beforeEach(async () => {
    webhook = await startSlackWebhook();
  });
  afterEach(() => webhook.close());

  async function post(
    payload: unknown,
    { url = webhook.url, ...init }: RequestInit & { url?: string } = {},
  ): Promise<[number, string]> {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(payload),
      ...init,
    });
    return [answer.status, await answer.text()];
  }

  it("has a URL of Slack's form", () => {
    expect(webhook.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/services\/T\w{8}\/B\w{8}\/\w{24}$/);
  });

  it("keeps the messages that it takes", async () => {
    await expect(post(PAYLOAD)).resolves.toEqual([200, "ok"]);

    expect(webhook.messages).toEqual([{ at: expect.any(Date), payload: PAYLOAD }]);
    expect(webhook.requests).toEqual([
      { at: expect.any(Date), body: '{"text":"hello"}', answer: { status: 200, text: "ok" }, problems: [] },
    ]);
  });

  it.each<[unknown, string, string]>([
    [{ text: "x", blocks: [] }, "invalid_blocks", "blocks: has 0 items, must have 1 to 50"],
    [{ text: "x", attachments: [{}] }, "invalid_attachments", "attachments[0].blocks: is missing"],
    [{}, "no_text", "text: is missing"],
    [["x"], "invalid_payload", "payload: is no object"],
  ])("refuses %j with %s, and keeps why", async (payload, error, problem) => {
    await expect(post(payload)).resolves.toEqual([400, error]);

    expect(webhook.messages).toEqual([]);
    expect(webhook.requests).toMatchObject([{ answer: { status: 400, text: error }, problems: [problem] }]);
  });

  it("refuses what is no JSON, or isn't posted to it", async () => {
    const elsewhere = new URL("/services/other", webhook.url).href;

    await expect(post(PAYLOAD, { body: "{" })).resolves.toEqual([400, "invalid_payload"]);
    await expect(post(PAYLOAD, { headers: {} })).resolves.toEqual([400, "invalid_payload"]);
    await expect(post(PAYLOAD, { method: "PUT" })).resolves.toEqual([405, "method_not_allowed"]);
    await expect(post(PAYLOAD, { url: elsewhere })).resolves.toEqual([404, "no_service"]);
    expect(webhook.messages).toEqual([]);
    expect(webhook.requests).toHaveLength(4);
  });

  it("answers as it is told to, each time once, and takes no message by it", async () => {
    webhook.answerNext(429, 500, 404, "ok");

    await expect(post(PAYLOAD)).resolves.toEqual([429, '{"ok":false,"error":"rate_limited"}']);
    await expect(post(PAYLOAD)).resolves.toEqual([500, "rollup_error"]);
    await expect(post(PAYLOAD)).resolves.toEqual([404, "no_service"]);
    expect(webhook.messages).toEqual([]);

    await expect(post(PAYLOAD)).resolves.toEqual([200, "ok"]);
    await expect(post(PAYLOAD)).resolves.toEqual([200, "ok"]);
  });

  it("says how long to wait", async () => {
    webhook.answerNext({ retryAfter: 30 });

    const answer = await fetch(webhook.url, { method: "POST", body: "{}" });

    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toBe("30");
  });

  it("holds the connection open where it doesn't answer, until it is closed", async () => {
    webhook.answerNext("nothing");

    await expect(post(PAYLOAD, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    expect(webhook.requests).toMatchObject([{ answer: undefined }]);

    webhook.answerNext("nothing");
    const open = post(PAYLOAD).catch((error: unknown) => error);
    while (webhook.requests.length < 2) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await webhook.close();
    await expect(open).resolves.toMatchObject({ message: "fetch failed" });
    webhook = await startSlackWebhook();
  });
});
