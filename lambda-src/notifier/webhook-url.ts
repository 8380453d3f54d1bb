import { property } from "../shared/api-call";
import { oneLine } from "../shared/text";
import type { Aws } from "./aws";
import type { WebhookSource } from "./deployment";

/** How long a URL is used before it is read again. */
const KEPT_MILLISECONDS = 5 * 60 * 1000;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** There is no URL of a webhook where one should be kept. The message names the place, never what is kept there. */
export class WebhookUrlError extends Error {
  override readonly name = "WebhookUrlError";
}

/** @returns undefined unless it is an https URL without user and password; plain http is for an emulator on loopback */
export function webhookUrlOf(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== "" || url.password !== "") {
    return undefined;
  }
  const isSafe = url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.test(url.hostname));
  return isSafe ? url : undefined;
}

/** The URLs of webhooks, kept for five minutes. */
export class WebhookUrls {
  readonly #kept = new Map<string, { readonly url: Promise<string>; readonly until: number }>();

  constructor(
    private readonly aws: Aws,
    private readonly now: () => Date,
  ) {}

  /**
   * @param options `fresh`: it is read again whether it is kept or not, for a webhook that was made anew
   * @throws WebhookUrlError; any other error for what may succeed at another time
   */
  async read(source: WebhookSource, options: { readonly fresh?: boolean } = {}): Promise<string> {
    const where = nameOf(source);
    const time = this.now().getTime();
    const kept = this.#kept.get(where);
    if (kept !== undefined && time < kept.until && options.fresh !== true) {
      return kept.url;
    }
    const entry = { url: this.#load(source, where), until: time + KEPT_MILLISECONDS };
    this.#kept.set(where, entry);
    try {
      return await entry.url;
    } catch (error) {
      if (this.#kept.get(where) === entry) {
        this.#kept.delete(where);
      }
      throw error;
    }
  }

  async #load(source: WebhookSource, where: string): Promise<string> {
    const text = await this.#text(source, where);
    const url = webhookUrlOf(urlIn(text) ?? "");
    if (url === undefined) {
      throw new WebhookUrlError(
        `${where} holds no URL that begins with https://, neither as text nor as JSON with the one key url`,
      );
    }
    return url.href;
  }

  async #text(source: WebhookSource, where: string): Promise<string> {
    try {
      return "secret" in source
        ? await this.#secret(source.secret, where)
        : await this.#parameter(source.parameter, where);
    } catch (error) {
      throw error instanceof WebhookUrlError ? error : readingError(error, where);
    }
  }

  async #secret(id: string, where: string): Promise<string> {
    const { SecretString } = await this.aws("secretsmanager:GetSecretValue", { SecretId: id });
    if (SecretString === undefined) {
      throw new WebhookUrlError(`${where} has no SecretString`);
    }
    return SecretString;
  }

  async #parameter(name: string, where: string): Promise<string> {
    const { Parameter } = await this.aws("ssm:GetParameter", { Name: name, WithDecryption: true });
    // Whoever may list parameters could read it.
    if (Parameter?.Type !== "SecureString") {
      throw new WebhookUrlError(`${where} is not a SecureString`);
    }
    return Parameter.Value ?? "";
  }
}

function nameOf(source: WebhookSource): string {
  return oneLine(
    "secret" in source ? `the secret ${source.secret}` : `the parameter ${source.parameter}`,
    2100,
  );
}

function urlIn(text: string): string | undefined {
  if (!text.trimStart().startsWith("{")) {
    return text;
  }
  try {
    const value: unknown = JSON.parse(text);
    const url = property(value, "url");
    return typeof url === "string" && Object.keys(value ?? {}).length === 1 ? url : undefined;
  } catch {
    return undefined;
  }
}

/** Of an error that isn't AWS's answer only the name is told: the SDK quotes an answer that it can't read. */
function readingError(error: unknown, where: string): Error {
  const name = error instanceof Error ? error.name : "unknown error";
  if (!(error instanceof Error) || !("$fault" in error)) {
    return new Error(`${where} can't be read: ${oneLine(name)}`);
  }
  const message = `${where} can't be read: ${oneLine(`${name}: ${error.message}`)}`;
  const isPassing = error.$fault === "server" || /Throttl|TooMany|Internal/.test(name);
  return isPassing ? new Error(message) : new WebhookUrlError(message);
}
