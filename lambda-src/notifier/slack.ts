import { oneLine } from "../shared/text";
import { webhookUrlOf } from "./webhook-url";

/** What became of a message. No reason holds the webhook's URL, or a part of it that is secret. */
export type SlackOutcome =
  | { readonly kind: "sent" }
  /** Trying again would be in vain. `status` is that of the answer, 0 where nothing was sent; the reason is Slack's text. */
  | { readonly kind: "refused"; readonly status: number; readonly reason: string }
  /** No answer that counts came before the deadline, or three tries failed. */
  | { readonly kind: "unavailable"; readonly reason: string };

export interface SlackOptions {
  /** @default the global fetch */
  readonly fetch?: typeof fetch;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly now: () => Date;
  /** No try begins after it, and none goes on. */
  readonly deadline: Date;
}

const TRY_MILLISECONDS = 5000;
/** Tries beside those that are answered with 429. */
const MOST_TRIES = 3;
const FIRST_BACK_OFF = 1000;
const LONGEST_BACK_OFF = 30_000;
/** One message a second is what a webhook takes (Slack, "Rate limits"). */
const SHORTEST_RETRY_AFTER = 1000;
/** Slack's own texts are a word. */
const MOST_BODY_BYTES = 1024;
/** Parts of a URL that are shorter give nothing away: `T0001`. */
const SECRET_LENGTH = 8;

/** What a try came to that may be followed by another. */
interface Failure {
  readonly reason: string;
  /** Set for an answer of 429; the wait is undefined where Slack names none. */
  readonly limited?: { readonly wait: number | undefined };
}

/**
 * Posts a message to an incoming webhook. It may arrive twice, where Slack took it and its answer was lost.
 *
 * Sources: Slack's documentation, "Sending messages using incoming webhooks" and "Rate limits".
 *
 * @param webhookUrl https; http on loopback only
 * @param payload what JSON can hold
 */
export async function postToSlack(
  webhookUrl: string,
  payload: unknown,
  options: SlackOptions,
): Promise<SlackOutcome> {
  const url = webhookUrlOf(webhookUrl);
  if (url === undefined) {
    return { kind: "refused", status: 0, reason: "the webhook's URL is none that begins with https://" };
  }
  const body = JSON.stringify(payload);
  let failures = 0;
  let limits = 0;
  let last = "nothing was tried";
  for (;;) {
    const left = timeLeft(options);
    if (left <= 0) {
      return { kind: "unavailable", reason: `${last}, and no time is left` };
    }
    const result = await tryOnce(url, body, Math.min(left, TRY_MILLISECONDS), options);
    if ("kind" in result) {
      return result;
    }
    last = result.reason;
    if (result.limited === undefined) {
      failures += 1;
    } else {
      limits += 1;
    }
    if (failures === MOST_TRIES) {
      return { kind: "unavailable", reason: `${last}, as the last of ${MOST_TRIES} tries` };
    }
    const wait = result.limited?.wait ?? backOff(result.limited === undefined ? failures : limits);
    if (wait >= timeLeft(options)) {
      const seconds = Math.ceil(wait / 1000);
      return { kind: "unavailable", reason: `${last}, and less than the ${seconds} s to wait are left` };
    }
    await options.sleep(wait);
  }
}

function timeLeft({ deadline, now }: SlackOptions): number {
  return deadline.getTime() - now().getTime();
}

/** Milliseconds before the next try, by how many failed; random, so that those who failed together don't come together. */
function backOff(failed: number): number {
  const longest = Math.min(FIRST_BACK_OFF * 2 ** (failed - 1), LONGEST_BACK_OFF);
  return longest * (0.5 + Math.random() / 2);
}

async function tryOnce(
  url: URL,
  body: string,
  milliseconds: number,
  options: SlackOptions,
): Promise<SlackOutcome | Failure> {
  let response: Response;
  try {
    response = await (options.fetch ?? fetch)(url, {
      method: "POST",
      headers: { "Content-Type": "application/json; charset=utf-8" },
      body,
      // Whoever is redirected to would get the message.
      redirect: "manual",
      signal: AbortSignal.timeout(Math.ceil(milliseconds)),
    });
  } catch (error) {
    return { reason: noAnswer(error, milliseconds) };
  }
  const { status, ok, headers } = response;
  if (ok) {
    await discard(response);
    return { kind: "sent" };
  }
  if (status >= 300 && status < 400) {
    await discard(response);
    return { kind: "refused", status, reason: "redirects aren't followed" };
  }
  const said = ownText(await firstBytes(response), url);
  if (status === 429) {
    const wait = retryAfter(headers.get("Retry-After"), options.now());
    return { reason: `answered with 429: ${said}`, limited: { wait } };
  }
  return status >= 500
    ? { reason: `answered with ${status}: ${said}` }
    : { kind: "refused", status, reason: said };
}

/** The error's code alone: its message, or that of its cause, may hold the URL. */
function noAnswer(error: unknown, milliseconds: number): string {
  if (read(error, "name") === "TimeoutError") {
    return `no answer within ${(milliseconds / 1000).toFixed(1)} s`;
  }
  const code = read(read(error, "cause"), "code");
  return typeof code === "string" && /^[A-Z][A-Z_]{2,50}$/.test(code) ? `no answer: ${code}` : "no answer";
}

function read(value: unknown, name: string): unknown {
  return Reflect.get(Object(value), name);
}

/** Seconds or a date (RFC 9110, "Retry-After"), as milliseconds from now. */
function retryAfter(header: string | null, now: Date): number | undefined {
  const text = header?.trim() ?? "";
  const isDate = /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text);
  const wait = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : isDate ? Date.parse(text) - now.getTime() : NaN;
  return Number.isNaN(wait) ? undefined : Math.max(wait, SHORTEST_RETRY_AFTER);
}

/** `no_service`, unless the text isn't Slack's: a proxy in between may repeat the URL. */
function ownText(body: string | undefined, url: URL): string {
  const text = oneLine(body ?? "");
  return text === "" || namesUrl(body ?? "", url) ? "without a text of Slack's" : text;
}

/** However it is escaped: letters and digits are compared alone, once without what `%2F` and its like leave of them. */
function namesUrl(body: string, url: URL): boolean {
  const said = [body, withoutPercentEncoded(body)].map(lettersAndDigits);
  return `${url.pathname}${url.search}`
    .split(/[/?&=]/)
    .map((part) => lettersAndDigits(withoutPercentEncoded(part)))
    .filter(({ length }) => length >= SECRET_LENGTH)
    .some((secret) => said.some((text) => text.includes(secret)));
}

function lettersAndDigits(text: string): string {
  return text.toLowerCase().replace(/[^a-z\d]/g, "");
}

function withoutPercentEncoded(text: string): string {
  return text.replace(/%[\da-f]{2}/gi, "");
}

/** @returns undefined for a body that is longer than any of Slack's, or broke off */
async function firstBytes(response: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  try {
    for await (const chunk of response.body ?? []) {
      length += chunk.byteLength;
      if (length > MOST_BODY_BYTES) {
        return undefined;
      }
      text += decoder.decode(chunk, { stream: true });
    }
  } catch {
    return undefined;
  }
  return text;
}

/** Lets the connection go, whatever else comes. */
async function discard(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => {});
}
