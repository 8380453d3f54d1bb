import fc from "fast-check";
import { queryInputOf } from "../../../../local/gateway/call";
import {
  MessageStructureError,
  messagesByProtocol,
  publish,
} from "../../../../local/gateway/message-structure";
import { Emulated } from "./emulated";
import { formCall } from "./support";

const UNPARSABLE = "Invalid parameter: Message Structure - JSON message body failed to parse";
const NO_DEFAULT = "Invalid parameter: Message Structure - No default entry in JSON message body";

describe("messagesByProtocol", () => {
  it("has the members that are text", () => {
    expect([...messagesByProtocol('{"default":"a","sqs":"","lambda":{"b":1},"http":7}')]).toEqual([
      ["default", "a"],
      ["sqs", ""],
    ]);
  });

  it.each([
    ["", UNPARSABLE],
    ["hello", UNPARSABLE],
    ['"hello"', UNPARSABLE],
    ["null", UNPARSABLE],
    ['["default"]', UNPARSABLE],
    ["{}", NO_DEFAULT],
    ['{"email":"a"}', NO_DEFAULT],
    ['{"default":{"a":1}}', NO_DEFAULT],
    ['{"default":null}', NO_DEFAULT],
  ])("refuses %j", (message, why) => {
    expect(() => messagesByProtocol(message)).toThrow(new MessageStructureError(why));
  });

  it("takes or refuses any text, and always has a default", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (message) => {
        try {
          expect(messagesByProtocol(message).has("default")).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(MessageStructureError);
        }
      }),
    );
  });
});

describe("the gateway's Publish", () => {
  const emulator = () => new Emulated(() => "<PublishResponse/>");
  const call = (form: Readonly<Record<string, string>>) =>
    formCall("sns", { Action: "Publish", Version: "2010-03-31", TopicArn: "t", ...form });

  it("leaves alone a message for all protocols", async () => {
    const moto = emulator();
    const plain = call({ Message: "not JSON" });

    expect(await moto.told(publish, plain)).toEqual({ status: 200, body: "<PublishResponse/>" });
    expect(moto.calls).toEqual([plain]);
  });

  it("keeps from the emulator members that aren't text", async () => {
    const moto = emulator();

    await moto.told(publish, call({ MessageStructure: "json", Message: '{"default":"ä&b","sqs":[1]}' }));

    const form = queryInputOf(moto.calls[0] ?? call({}));
    expect(Object.fromEntries(form ?? [])).toMatchObject({ TopicArn: "t", Message: '{"default":"ä&b"}' });
  });

  it("refuses a message that has no default, before the emulator sees it", async () => {
    const moto = emulator();

    const { status, body } = await moto.told(publish, call({ MessageStructure: "json", Message: "{}" }));

    expect(status).toBe(400);
    expect(body).toContain(`<Code>InvalidParameter</Code><Message>${NO_DEFAULT}</Message>`);
    expect(moto.calls).toEqual([]);
  });
});
