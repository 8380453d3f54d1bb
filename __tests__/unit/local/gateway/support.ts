import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Call } from "../../../../local/gateway/call";

/** Keeps what clients ask, and answers nothing that they could use. */
export class CallRecorder {
  #last: Call | undefined;
  readonly #server: Server = createServer(async (incoming, outgoing) => {
    const { method, url = "/", headers } = incoming;
    this.#last = { method, path: url, headers, body: await buffer(incoming) };
    outgoing.writeHead(400).end();
  });

  /** Settings of a client in eu-central-1 whose access key is `mallory`. */
  async start() {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return {
      endpoint: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
      region: "eu-central-1",
      credentials: { accessKeyId: "mallory", secretAccessKey: "any" },
      maxAttempts: 1,
    };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** What a client asked last. */
  async callOf(asked: Promise<unknown>): Promise<Call> {
    await asked.catch(() => undefined);
    const call = this.#last;
    this.#last = undefined;
    if (call === undefined) {
      throw new Error(`no call arrived: ${await asked.then(String, String)}`);
    }
    return call;
  }
}

/** A call that is signed for a service in eu-central-1. */
export function signedCall(service: string, call: Partial<Call>, region = "eu-central-1"): Call {
  const credential = `mallory/20260302/${region}/${service}/aws4_request`;
  return {
    method: "POST",
    path: "/",
    body: Buffer.alloc(0),
    ...call,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
      "user-agent": "test",
      ...call.headers,
    },
  };
}

/** A call of the Query protocol or of EC2's. */
export function formCall(service: string, form: Readonly<Record<string, string>>): Call {
  return signedCall(service, {
    headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
    body: Buffer.from(new URLSearchParams(form).toString()),
  });
}
