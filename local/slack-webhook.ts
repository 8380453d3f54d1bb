import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { blockKitProblems } from "./slack/block-kit";

/**
 * How a request is answered: `ok` as its payload deserves, `nothing` never, 429 without `Retry-After` or with that many
 * seconds, 404 as a webhook that was removed.
 */
export type SlackAnswer = "ok" | "nothing" | 404 | 429 | 500 | { readonly retryAfter: number };

/** Plays one of Slack's incoming webhooks on loopback. */
export interface SlackWebhook {
  readonly url: string;
  /** What it took, oldest first. */
  readonly messages: readonly SlackPost[];
  /** All that came in, oldest first. */
  readonly requests: readonly SlackRequest[];
  /** How the next requests are answered, one each, before it answers `ok` again. */
  answerNext(...answers: readonly SlackAnswer[]): void;
  close(): Promise<void>;
}

export interface SlackPost {
  readonly at: Date;
  readonly payload: unknown;
}

export interface SlackRequest {
  readonly at: Date;
  /** As it came. */
  readonly body: string;
  /** Status and text of the answer; undefined where it gave none. */
  readonly answer: { readonly status: number; readonly text: string } | undefined;
  /** What was wrong, each with its path in the payload: more than Slack tells. */
  readonly problems: readonly string[];
}

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Sources: Slack's documentation, "Sending messages using incoming webhooks" and "Rate limits".
 *
 * @param onMessage is told of each payload that it takes
 */
export async function startSlackWebhook(
  onMessage: (payload: unknown) => void = () => {},
): Promise<SlackWebhook> {
  const path = `/services/T00000001/B00000001/${randomBytes(12).toString("hex")}`;
  const messages: SlackPost[] = [];
  const requests: SlackRequest[] = [];
  const planned: SlackAnswer[] = [];

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await text(incoming);
    const at = new Date();
    const answer = planned.shift() ?? "ok";
    if (answer === "nothing") {
      requests.push({ at, body, answer: undefined, problems: [] });
      return;
    }
    const { payload, problems, reply } =
      answer === "ok"
        ? judge(incoming, path, body)
        : { payload: undefined, problems: [], reply: replyTo(answer) };
    const { status, text: said, headers } = reply;
    requests.push({ at, body, answer: { status, text: said }, problems });
    if (status === 200) {
      messages.push({ at, payload });
      onMessage(payload);
    }
    outgoing.writeHead(status, { "content-type": "text/html", ...headers }).end(said);
  };

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    messages,
    requests,
    answerNext: (...answers) => {
      planned.push(...answers);
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
      });
    },
  };
}

function replyTo(answer: Exclude<SlackAnswer, "ok" | "nothing">): Reply {
  switch (answer) {
    case 404:
      return { status: 404, text: "no_service" };
    case 500:
      return { status: 500, text: "rollup_error" };
    case 429:
      return RATE_LIMITED;
    default:
      return { ...RATE_LIMITED, headers: { "retry-after": String(answer.retryAfter) } };
  }
}

const RATE_LIMITED: Reply = { status: 429, text: '{"ok":false,"error":"rate_limited"}' };

interface Judgement {
  readonly payload: unknown;
  readonly problems: readonly string[];
  readonly reply: Reply;
}

function judge({ method, url, headers }: IncomingMessage, path: string, body: string): Judgement {
  const refuse = (status: number, said: string, ...problems: readonly string[]): Judgement => ({
    payload: undefined,
    problems,
    reply: { status, text: said },
  });
  if (url !== path) {
    return refuse(404, "no_service", "path: isn't that of the webhook");
  }
  if (method !== "POST") {
    return refuse(405, "method_not_allowed", `method: is ${method}`);
  }
  if (!/^application\/json\b/i.test(headers["content-type"] ?? "")) {
    return refuse(400, "invalid_payload", "content-type: isn't application/json");
  }
  let payload: unknown;
  try {
    payload = JSON.parse(body);
  } catch {
    return refuse(400, "invalid_payload", "payload: is no JSON");
  }
  const problems = blockKitProblems(payload);
  return problems.length > 0
    ? refuse(400, errorOf(problems), ...problems)
    : { payload, problems, reply: { status: 200, text: "ok" } };
}

/** Slack's word for it; that of blocks in an attachment is `invalid_attachments`. */
function errorOf(problems: readonly string[]): string {
  const has = (start: string): boolean => problems.some((problem) => problem.startsWith(start));
  return has("attachments")
    ? "invalid_attachments"
    : has("blocks")
      ? "invalid_blocks"
      : has("text: is missing")
        ? "no_text"
        : "invalid_payload";
}
