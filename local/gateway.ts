import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/**
 * Stands between AWS's clients and the emulator and mends what the emulator gets wrong: its StartLogging,
 * StopLogging and DeleteTrail know a trail by its name only, where AWS takes the ARN as well. Everything else passes
 * as it is.
 */
export interface Gateway {
  readonly url: string;
  close(): Promise<void>;
}

const NAME_ONLY = /(?:^|\.)CloudTrail_20131101\.(?:StartLogging|StopLogging|DeleteTrail)$/;

export async function startGateway(emulatorUrl: string): Promise<Gateway> {
  const server = createServer((incoming, outgoing) => {
    forward(emulatorUrl, incoming, outgoing).catch((error: Error) => {
      outgoing.writeHead(502).end(`the emulator did not answer: ${error.message}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => close(server),
  };
}

async function forward(
  emulatorUrl: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = rewrite(incoming.headers["x-amz-target"], await buffer(incoming));
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const { "transfer-encoding": _, ...headers } = incoming.headers;
    request(new URL(incoming.url ?? "/", emulatorUrl), {
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

function rewrite(target: string | string[] | undefined, body: Buffer): Buffer {
  if (typeof target !== "string" || !NAME_ONLY.test(target)) {
    return body;
  }
  const input = JSON.parse(body.toString()) as { Name?: unknown };
  return typeof input.Name === "string" && input.Name.startsWith("arn:")
    ? Buffer.from(JSON.stringify({ ...input, Name: input.Name.slice(input.Name.lastIndexOf("/") + 1) }))
    : body;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
