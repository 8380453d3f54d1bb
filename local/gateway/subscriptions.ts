import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { type Mend, queryCall, queryInputOf } from "./call";

/** What the emulator takes the protocol `lambda` for: of a protocol that it doesn't know it delivers nothing. */
const NOT_SERVED = "function";

/** Keeps from the emulator that a subscriber is a function: it would run it by itself, with Docker, or fail. */
export const subscribe: Mend = (call, send) => {
  const form = queryInputOf(call);
  if (form?.get("Protocol") !== "lambda") {
    return send(call);
  }
  form.set("Protocol", NOT_SERVED);
  return send(queryCall(call, form));
};

/** Tells the protocol of such subscribers as it was. */
export const tellProtocol: Mend = async (call, send) => {
  const { status, headers, body } = await send(call);
  const told = (await text(body)).replaceAll(
    new RegExp(`(<Protocol>|<key>Protocol</key>\\s*<value>)${NOT_SERVED}(?=</)`, "g"),
    "$1lambda",
  );
  const { "content-length": _, ...others } = headers;
  return { status, headers: others, body: Readable.from([told]) };
};
