import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Answer, Call, Mend, Send } from "../../../../local/gateway/call";

/** An emulator that answers with a text, and remembers what it was asked. */
export class Emulated {
  readonly calls: Call[] = [];

  constructor(private readonly answer: (call: Call) => string | Promise<string>) {}

  readonly send: Send = async (call) => {
    this.calls.push(call);
    return answered(await this.answer(call));
  };

  /** @returns status and body of what a client is told */
  async told(mend: Mend, call: Call): Promise<{ readonly status: number; readonly body: string }> {
    const { status, body } = await mend(call, this.send);
    return { status, body: await text(body) };
  }
}

export function answered(body: string, status = 200): Answer {
  return { status, headers: { "content-length": Buffer.byteLength(body) }, body: Readable.from([body]) };
}
