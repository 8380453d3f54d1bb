import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterwards } from "./afterwards";

/**
 * Stands before an endpoint and keeps back the calls of chosen API operations, so that a test has Terraform in the
 * middle of something for as long as it needs to. A call that is kept back never reaches the endpoint, unless it is
 * let through while its caller still waits.
 */
export class HoldingProxy {
  private readonly gates = new Map<string, { open: Promise<void>; letThrough: () => void }>();
  private readonly waiting = new Set<string>();

  private constructor(
    readonly url: string,
    private readonly target: () => string,
  ) {}

  static async before(target: string): Promise<HoldingProxy> {
    const server = createServer((incoming, outgoing) => {
      proxy.pass(incoming, outgoing).catch(() => outgoing.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const proxy = new HoldingProxy(url, () => target);
    afterwards(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return proxy;
  }

  /** @param operation name of an API operation, e.g. `CreateTrail` */
  hold(operation: string): void {
    const { promise, resolve } = withResolver();
    this.gates.set(operation, { open: promise, letThrough: resolve });
  }

  letThrough(operation: string): void {
    this.gates.get(operation)?.letThrough();
    this.gates.delete(operation);
  }

  /** Whether a call of the operation is kept back. */
  holds(operation: string): boolean {
    return this.waiting.has(operation);
  }

  private async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const operation = operationOf(incoming, body);
    const gate = this.gates.get(operation);
    if (gate !== undefined) {
      this.waiting.add(operation);
      const hungUp = new Promise<void>((resolve) => outgoing.once("close", resolve));
      await Promise.race([gate.open, hungUp]);
      this.waiting.delete(operation);
      if (outgoing.destroyed) {
        return;
      }
    }
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const { "transfer-encoding": _, ...headers } = incoming.headers;
      request(new URL(incoming.url ?? "/", this.target()), {
        method: incoming.method,
        headers: { ...headers, "content-length": body.length },
      })
        .on("response", resolve)
        .on("error", reject)
        .end(body);
    });
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  }
}

/** AWS's JSON protocols name the operation in a header, its query protocol in the body; for S3 there is none. */
function operationOf(incoming: IncomingMessage, body: Buffer): string {
  const target = incoming.headers["x-amz-target"];
  return typeof target === "string"
    ? target.slice(target.lastIndexOf(".") + 1)
    : (new URLSearchParams(body.toString()).get("Action") ?? "");
}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
