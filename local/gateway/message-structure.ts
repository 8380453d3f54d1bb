import { type Mend, queryCall, queryInputOf } from "./call";
import { errorAnswer } from "./error-answer";

/** A message of `MessageStructure` json that isn't one; the message is SNS's. */
export class MessageStructureError extends Error {
  override readonly name = "MessageStructureError";
}

/**
 * What each protocol gets of a message of `MessageStructure` json: its own member, else `default`, which is always there.
 * Members that aren't text are passed over.
 *
 * Source: Amazon SNS API reference, "Publish"; the texts of its errors are from answers that people published.
 *
 * @throws MessageStructureError
 */
export function messagesByProtocol(message: string): ReadonlyMap<string, string> {
  const members = Object.entries(objectOf(message));
  const messages = new Map(
    members.flatMap(([protocol, text]): [string, string][] =>
      typeof text === "string" ? [[protocol, text]] : [],
    ),
  );
  if (!messages.has("default")) {
    throw new MessageStructureError(
      "Invalid parameter: Message Structure - No default entry in JSON message body",
    );
  }
  return messages;
}

function objectOf(json: string): object {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MessageStructureError(
      "Invalid parameter: Message Structure - JSON message body failed to parse",
    );
  }
  return value;
}

/** Refuses a message for several protocols that is none: the emulator looks at it for some subscribers only. */
export const publish: Mend = (call, send) => {
  const form = queryInputOf(call);
  if (form?.get("MessageStructure") !== "json") {
    return send(call);
  }
  try {
    const messages = messagesByProtocol(form.get("Message") ?? "");
    // The emulator would send members that aren't text.
    form.set("Message", JSON.stringify(Object.fromEntries(messages)));
    return send(queryCall(call, form));
  } catch (error) {
    if (error instanceof MessageStructureError) {
      const { message } = error;
      return Promise.resolve(errorAnswer(call, { code: "InvalidParameter", message, status: 400 }));
    }
    throw error;
  }
};
