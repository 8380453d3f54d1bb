import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { postToSlack, type SlackOutcome } from "../../../../lambda-src/notifier/slack";
import { type SlackWebhook, startSlackWebhook } from "../../../../local/slack-webhook";
import { hostileText } from "../shared/hostile-text";

const PAYLOAD = { text: "The root user was used" };
const START = Date.parse("2026-03-25T05:40:30Z");

/** A clock that only sleeping turns, and that keeps what was slept. */
function clock(secondsLeft = 60) {
  let time = START;
  const slept: number[] = [];
  return {
    slept,
    now: () => new Date(time),
    deadline: new Date(START + secondsLeft * 1000),
    sleep: async (milliseconds: number) => {
      slept.push(milliseconds);
      time += milliseconds;
    },
  };
}

describe("postToSlack", () => {
  let webhook: SlackWebhook;
  beforeAll(async () => {
    webhook = await startSlackWebhook();
  });
  afterAll(() => webhook.close());

  it("sends the payload as it is", async () => {
    const before = webhook.messages.length;

    await expect(postToSlack(webhook.url, PAYLOAD, clock())).resolves.toEqual({ kind: "sent" });
    expect(webhook.messages.slice(before)).toEqual([{ at: expect.any(Date), payload: PAYLOAD }]);
  });

  it("waits as long as Slack wants, as often as it wants", async () => {
    webhook.answerNext({ retryAfter: 7 }, { retryAfter: 12 }, { retryAfter: 0 }, { retryAfter: 30 });
    const options = clock();

    await expect(postToSlack(webhook.url, PAYLOAD, options)).resolves.toEqual({ kind: "sent" });
    expect(options.slept).toEqual([7000, 12_000, 1000, 30_000]);
  });

  it("backs off where Slack doesn't say how long to wait", async () => {
    webhook.answerNext(429, 429, 429);
    const options = clock();

    await expect(postToSlack(webhook.url, PAYLOAD, options)).resolves.toEqual({ kind: "sent" });
    expectBackOff(options.slept, [1000, 2000, 4000]);
  });

  it("waits no longer than until the deadline", async () => {
    webhook.answerNext({ retryAfter: 60 });
    const options = clock(60);

    await expect(postToSlack(webhook.url, PAYLOAD, options)).resolves.toEqual({
      kind: "unavailable",
      reason:
        'answered with 429: {"ok":false,"error":"rate_limited"}, and less than the 60 s to wait are left',
    });
    expect(options.slept).toEqual([]);
  });

  it("tries three times where Slack fails, with back-off", async () => {
    webhook.answerNext(500, 500);
    const options = clock();
    await expect(postToSlack(webhook.url, PAYLOAD, options)).resolves.toEqual({ kind: "sent" });
    expectBackOff(options.slept, [1000, 2000]);

    const before = webhook.requests.length;
    webhook.answerNext(500, { retryAfter: 2 }, 500, 500);
    await expect(postToSlack(webhook.url, PAYLOAD, clock())).resolves.toEqual({
      kind: "unavailable",
      reason: "answered with 500: rollup_error, as the last of 3 tries",
    });
    expect(webhook.requests).toHaveLength(before + 4);
  });

  it("gives a try up that isn't answered, and tries again", async () => {
    webhook.answerNext("nothing");
    const shortened = jest.spyOn(AbortSignal, "timeout").mockImplementation(() => abortsIn(20));

    const outcome = await postToSlack(webhook.url, PAYLOAD, clock());

    expect(outcome).toEqual({ kind: "sent" });
    expect(shortened.mock.calls).toEqual([[5000], [5000]]);
    shortened.mockRestore();
  });

  it("lets no try go on past the deadline", async () => {
    webhook.answerNext("nothing");

    await expect(postToSlack(webhook.url, PAYLOAD, clock(0.05))).resolves.toEqual({
      kind: "unavailable",
      reason: expect.stringMatching(/^no answer within 0\.1 s, and less than the 1 s to wait are left$/),
    });
  });

  it("begins no try after the deadline", async () => {
    const before = webhook.requests.length;

    await expect(postToSlack(webhook.url, PAYLOAD, clock(0))).resolves.toEqual({
      kind: "unavailable",
      reason: "nothing was tried, and no time is left",
    });
    expect(webhook.requests).toHaveLength(before);
  });

  it("takes a refusal for one, in Slack's words", async () => {
    const before = webhook.requests.length;
    webhook.answerNext(404);
    await expect(postToSlack(webhook.url, PAYLOAD, clock())).resolves.toEqual({
      kind: "refused",
      status: 404,
      reason: "no_service",
    });
    await expect(
      postToSlack(webhook.url, { ...PAYLOAD, blocks: [{ type: "header" }] }, clock()),
    ).resolves.toEqual({ kind: "refused", status: 400, reason: "invalid_blocks" });
    expect(webhook.requests).toHaveLength(before + 2);
  });

  it("says which error kept it from an answer", async () => {
    const closed = await startSlackWebhook();
    await closed.close();

    await expect(postToSlack(closed.url, PAYLOAD, clock())).resolves.toEqual({
      kind: "unavailable",
      reason: "no answer: ECONNREFUSED, as the last of 3 tries",
    });
  });

  it.each([
    "http://hooks.slack.com/services/T1/B1/secret",
    "https://user:secret@hooks.slack.com/services/",
    "secret",
    "",
  ])("sends nothing to %s", async (url) => {
    const fetched = jest.fn<ReturnType<typeof fetch>, Parameters<typeof fetch>>();

    const outcome = await postToSlack(url, PAYLOAD, { ...clock(), fetch: fetched });

    expect(outcome).toEqual({
      kind: "refused",
      status: 0,
      reason: "the webhook's URL is none that begins with https://",
    });
    expect(fetched).not.toHaveBeenCalled();
  });
});

describe("postToSlack, whatever it is answered", () => {
  const SECRET = "Xq7Zk2Lm9Pw4Rt6Yv8Bn3Cd5";
  let server: Server;
  let url: string;
  let answer: RequestListener;
  beforeAll(async () => {
    server = createServer((incoming, outgoing) => answer(incoming, outgoing));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T00000001/B00000001/${SECRET}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    [403, "action_prohibited"],
    [410, "channel_is_archived"],
    [418, "<b>teapot</b>\r\n\u202e"],
  ])("takes %i for a refusal", async (status, body) => {
    answer = (_, outgoing) => outgoing.writeHead(status).end(body);

    await expect(postToSlack(url, PAYLOAD, clock())).resolves.toEqual({
      kind: "refused",
      status,
      reason: body.replace(/[\r\n\u202e]/g, ""),
    });
  });

  it("leaves a text out that is too long to be Slack's", async () => {
    answer = (_, outgoing) => outgoing.writeHead(404).end("x".repeat(1025));

    await expect(postToSlack(url, PAYLOAD, clock())).resolves.toEqual({
      kind: "refused",
      status: 404,
      reason: "without a text of Slack's",
    });
  });

  it("follows no redirect", async () => {
    const asked: (string | undefined)[] = [];
    answer = (incoming, outgoing) => {
      asked.push(incoming.url);
      outgoing.writeHead(307, { location: `/elsewhere/${SECRET}` }).end();
    };

    await expect(postToSlack(url, PAYLOAD, clock())).resolves.toEqual({
      kind: "refused",
      status: 307,
      reason: "redirects aren't followed",
    });
    expect(asked).toHaveLength(1);
  });

  it.each([
    ["Wed, 25 Mar 2026 05:40:50 GMT", [20_000]],
    ["Wed, 25 Mar 2026 05:00:00 GMT", [1000]],
  ])("understands the date %s", async (date, slept) => {
    let tries = 0;
    answer = (_, outgoing) => {
      tries += 1;
      outgoing.writeHead(tries === 1 ? 429 : 200, { "retry-after": date }).end();
    };
    const options = clock();

    await expect(postToSlack(url, PAYLOAD, options)).resolves.toEqual({ kind: "sent" });
    expect(options.slept).toEqual(slept);
  });

  it.each(["soon", "-5", "1e3", "25 Mar 2026", "9".repeat(30)])("backs off at %s", async (text) => {
    let tries = 0;
    answer = (_, outgoing) => {
      tries += 1;
      outgoing.writeHead(tries === 1 ? 429 : 200, { "retry-after": text }).end();
    };
    const options = clock();

    await expect(postToSlack(url, PAYLOAD, options)).resolves.toEqual({ kind: "sent" });
    expectBackOff(options.slept, [1000]);
  });

  it("reads an answer without an end no further than Slack's are long", async () => {
    let isClosed = false;
    answer = (incoming, outgoing) => {
      incoming.socket.on("close", () => {
        isClosed = true;
      });
      outgoing.writeHead(400);
      const more = () => {
        while (!isClosed && outgoing.write("x".repeat(10_000))) {}
      };
      outgoing.on("drain", more);
      more();
    };

    await expect(postToSlack(url, PAYLOAD, clock())).resolves.toEqual({
      kind: "refused",
      status: 400,
      reason: "without a text of Slack's",
    });
  });

  it("has sent what Slack took, though the rest of the answer doesn't come", async () => {
    answer = (_, outgoing) => outgoing.writeHead(200, { "content-length": 2 }).write("o");

    await expect(postToSlack(url, PAYLOAD, clock())).resolves.toEqual({ kind: "sent" });
  });

  it("never tells the URL", async () => {
    const repeated = fc.constantFrom(
      url,
      SECRET,
      SECRET.toLowerCase(),
      new URL(url).pathname,
      encodeURIComponent(url),
      JSON.stringify(url).replaceAll("/", "\\/"),
      `%ab${SECRET}`,
      [...SECRET].join("\u200b"),
      `${"x".repeat(1010)}${SECRET}`,
    );
    const body = fc.array(fc.oneof(hostileText, repeated), { maxLength: 4 }).map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 200, max: 599 }), body, async (status, text) => {
        answer = (_, outgoing) => outgoing.writeHead(status, { "x-url": url, location: url }).end(text);
        expectNoUrl(await postToSlack(url, PAYLOAD, clock()));
      }),
      { numRuns: 150 },
    );
  });

  it("never tells the URL by an error, whatever is thrown", async () => {
    const thrown = fc.constantFrom<unknown>(
      new TypeError(`fetch failed ${url}`, { cause: new Error(`connect ${url}`) }),
      new TypeError("fetch failed", { cause: Object.assign(new Error(url), { code: url }) }),
      new TypeError("fetch failed", { cause: Object.assign(new Error(url), { code: SECRET.toUpperCase() }) }),
      Object.assign(new Error(url), { name: url }),
      Object.assign(new Error(url), { name: "TimeoutError" }),
      url,
      undefined,
    );
    await fc.assert(
      fc.asyncProperty(thrown, async (error) => {
        const outcome = await postToSlack(url, PAYLOAD, { ...clock(), fetch: () => Promise.reject(error) });
        expect(outcome.kind).toBe("unavailable");
        expectNoUrl(outcome);
      }),
    );
  });

  function expectNoUrl(outcome: SlackOutcome): void {
    const said = "reason" in outcome ? outcome.reason : "";
    const letters = said.toLowerCase().replace(/[^a-z\d]/g, "");
    expect(letters).not.toContain(SECRET.toLowerCase().slice(0, 12));
    expect(letters).not.toContain("t00000001");
    expect(said.length).toBeLessThan(300);
  }
});

function expectBackOff(slept: readonly number[], longest: readonly number[]): void {
  expect(slept).toHaveLength(longest.length);
  for (const [index, most] of longest.entries()) {
    expect(slept[index]).toBeGreaterThanOrEqual(most / 2);
    expect(slept[index]).toBeLessThanOrEqual(most);
  }
}

function abortsIn(milliseconds: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new DOMException("too long", "TimeoutError")), milliseconds);
  return controller.signal;
}
