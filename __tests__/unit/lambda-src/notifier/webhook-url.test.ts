import fc from "fast-check";
import type { Aws, AwsCalls } from "../../../../lambda-src/notifier/aws";
import type { WebhookSource } from "../../../../lambda-src/notifier/deployment";
import { WebhookUrlError, WebhookUrls, webhookUrlOf } from "../../../../lambda-src/notifier/webhook-url";
import { hostileText } from "../shared/hostile-text";

const URL_TEXT = "https://hooks.slack.com/services/T00000001/B00000001/kept0nlyHere";
const SECRET: WebhookSource = { secret: "prod/slack" };
const PARAMETER: WebhookSource = { parameter: "/prod/slack" };

function serviceError(name: string, $fault: "client" | "server", message = "said AWS"): Error {
  return Object.assign(new Error(message), { name, $fault });
}

/** AWS with one secret and one parameter of the same text, and a clock. */
function scene(text: string, type: "SecureString" | "String" = "SecureString") {
  const calls: (readonly [string, unknown])[] = [];
  const kept = { text, error: undefined as Error | undefined };
  let time = Date.parse("2026-03-25T05:40:30Z");
  const answers: { readonly [Name in keyof AwsCalls]?: () => AwsCalls[Name][1] } = {
    "secretsmanager:GetSecretValue": () => ({ SecretString: kept.text }),
    "ssm:GetParameter": () => ({ Parameter: { Type: type, Value: kept.text } }),
  };
  const aws: Aws = async (name, input) => {
    calls.push([name, input]);
    if (kept.error !== undefined) {
      throw kept.error;
    }
    return answers[name]?.() ?? {};
  };
  return {
    calls,
    kept,
    urls: new WebhookUrls(aws, () => new Date(time)),
    turn: (milliseconds: number) => {
      time += milliseconds;
    },
  };
}

describe("WebhookUrls", () => {
  it.each([
    ["text", URL_TEXT],
    ["text with a line break", ` ${URL_TEXT}\n`],
    ["JSON with the one key url", JSON.stringify({ url: URL_TEXT })],
  ])("reads a secret that is %s", async (_, text) => {
    const { urls, calls } = scene(text);

    await expect(urls.read(SECRET)).resolves.toBe(URL_TEXT);
    expect(calls).toEqual([["secretsmanager:GetSecretValue", { SecretId: "prod/slack" }]]);
  });

  it("reads a parameter, decrypted", async () => {
    const { urls, calls } = scene(URL_TEXT);

    await expect(urls.read(PARAMETER)).resolves.toBe(URL_TEXT);
    expect(calls).toEqual([["ssm:GetParameter", { Name: "/prod/slack", WithDecryption: true }]]);
  });

  it("keeps each for five minutes", async () => {
    const { urls, calls, turn } = scene(URL_TEXT);

    await Promise.all([urls.read(SECRET), urls.read(SECRET), urls.read(PARAMETER)]);
    turn(5 * 60_000 - 1);
    await urls.read(SECRET);
    expect(calls).toHaveLength(2);

    turn(1);
    await urls.read(SECRET);
    expect(calls).toHaveLength(3);
  });

  it("reads it anew where it is asked to, and keeps that", async () => {
    const { urls, kept } = scene(URL_TEXT);
    await urls.read(SECRET);
    kept.text = `${URL_TEXT}2`;

    await expect(urls.read(SECRET, { fresh: true })).resolves.toBe(`${URL_TEXT}2`);
    await expect(urls.read(SECRET)).resolves.toBe(`${URL_TEXT}2`);
  });

  it("keeps no failure", async () => {
    const { urls, kept } = scene(URL_TEXT);
    kept.error = serviceError("ResourceNotFoundException", "client");
    await expect(urls.read(SECRET)).rejects.toThrow();
    kept.error = undefined;

    await expect(urls.read(SECRET)).resolves.toBe(URL_TEXT);
  });

  it("names the secret that isn't there", async () => {
    const { urls, kept } = scene(URL_TEXT);
    kept.error = serviceError("ResourceNotFoundException", "client");

    const error: unknown = await urls.read(SECRET).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(WebhookUrlError);
    expect(error).toMatchObject({
      message: "the secret prod/slack can't be read: ResourceNotFoundException: said AWS",
    });
  });

  it.each([
    ["a failure of the service", serviceError("InternalServiceError", "server")],
    ["throttling", serviceError("ThrottlingException", "client")],
    ["a time-out", Object.assign(new Error("socket hang up"), { name: "TimeoutError" })],
  ])("takes %s for what may pass", async (_, thrown) => {
    const { urls, kept } = scene(URL_TEXT);
    kept.error = thrown;

    const error: unknown = await urls.read(PARAMETER).catch((caught: unknown) => caught);

    expect(error).not.toBeInstanceOf(WebhookUrlError);
    expect(error).toMatchObject({
      message: expect.stringContaining("the parameter /prod/slack can't be read"),
    });
  });

  it("refuses a secret without a text, and a parameter that isn't a SecureString", async () => {
    const { urls, kept } = scene(URL_TEXT, "String");
    await expect(urls.read(PARAMETER)).rejects.toThrow("the parameter /prod/slack is not a SecureString");

    Reflect.deleteProperty(kept, "text");
    await expect(urls.read(SECRET)).rejects.toThrow("the secret prod/slack has no SecretString");
  });

  it.each([
    "",
    "hooks.slack.com/services/T00000001/B00000001/kept0nlyHere",
    "http://hooks.slack.com/services/T00000001/B00000001/kept0nlyHere",
    "https://user:kept0nlyHere@hooks.slack.com/",
    JSON.stringify({ webhook: URL_TEXT }),
    JSON.stringify({ url: URL_TEXT, other: "kept0nlyHere" }),
    JSON.stringify({ url: ["kept0nlyHere"] }),
    `{"url": "${URL_TEXT}`,
  ])("says of a malformed one, without its value, that it is: %s", async (text) => {
    const { urls } = scene(text);

    const error: unknown = await urls.read(SECRET).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(WebhookUrlError);
    expect(error).toMatchObject({ message: expect.stringMatching(/^the secret prod\/slack holds no URL/) });
    expect((error as Error).cause).toBeUndefined();
    expect((error as Error).stack).not.toContain("kept0nlyHere");
  });

  it("gives or refuses whatever is kept, and never quotes it, nor an answer that the SDK can't read", async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, fc.boolean(), async (text, isUnreadable) => {
        const value = `kept0nlyHere${text}`;
        const { urls, kept } = scene(value);
        if (isUnreadable) {
          kept.error = new SyntaxError(`Unexpected token in JSON: ${value}`);
        }
        const error = (await urls.read(SECRET).catch((thrown: unknown) => thrown)) as Error;
        expect(error.message).toContain("prod/slack");
        expect(`${error.stack} ${String(error.cause)}`).not.toContain("kept0nlyHere");
      }),
    );
  });
});

describe("webhookUrlOf", () => {
  it.each(["http://127.0.0.1:8080/services/x", "http://localhost/x", "http://[::1]:1/x"])(
    "takes plain http on loopback: %s",
    (text) => {
      expect(webhookUrlOf(text)?.href).toBe(text);
    },
  );

  it.each([
    "http://127.0.0.1.example.com/x",
    "http://localhost.example.com/",
    "ftp://localhost/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://user@example.com/",
    "https://:password@example.com/",
  ])("refuses %s", (text) => {
    expect(webhookUrlOf(text)).toBeUndefined();
  });
});
