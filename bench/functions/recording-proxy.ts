import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { type Call, queryInputOf, sendTo } from "../../local/gateway/call";

/** A call to AWS that passed. */
export interface RecordedCall {
  /** Service and operation, e.g. `cloudtrail:StartLogging`; of S3, which names none, `s3:GET policy`. */
  readonly name: string;
  /** When it arrived, on the clock of `performance.now()`. */
  readonly at: number;
}

/** Stands before the emulator and writes down which calls pass it, and when. */
export class RecordingProxy {
  private calls: RecordedCall[] = [];

  private constructor(
    readonly url: string,
    readonly close: () => Promise<void>,
  ) {}

  static async before(emulatorUrl: string): Promise<RecordingProxy> {
    const server = createServer((incoming, outgoing) => {
      proxy.pass(emulatorUrl, incoming, outgoing).catch(() => outgoing.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const proxy = new RecordingProxy(url, () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    });
    return proxy;
  }

  /** The calls since the last time they were taken. */
  take(): RecordedCall[] {
    return this.calls.splice(0);
  }

  private async pass(
    emulatorUrl: string,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> {
    const at = performance.now();
    const { method, url: path = "/", headers } = incoming;
    const call: Call = { method, path, headers, body: await buffer(incoming) };
    this.calls.push({ name: nameOf(call), at });
    const answer = await sendTo(emulatorUrl, call);
    outgoing.writeHead(answer.status, answer.headers);
    answer.body.pipe(outgoing);
  }
}

export function isRead({ name }: RecordedCall): boolean {
  return /:(?:Get|List|Describe|GET )/.test(name);
}

function nameOf(call: Call): string {
  // Region and service stand in the scope of the signature.
  const service = /Credential=[^/]*\/[^/]*\/[^/]*\/(\w+)/.exec(call.headers.authorization ?? "")?.[1];
  const target = call.headers["x-amz-target"];
  const operation =
    typeof target === "string"
      ? target.slice(target.lastIndexOf(".") + 1)
      : (queryInputOf(call)?.get("Action") ?? `${call.method} ${/\?([\w-]+)/.exec(call.path)?.[1] ?? ""}`);
  return `${service}:${operation}`;
}
