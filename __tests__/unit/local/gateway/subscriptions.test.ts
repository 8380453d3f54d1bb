import { queryInputOf } from "../../../../local/gateway/call";
import { subscribe, tellProtocol } from "../../../../local/gateway/subscriptions";
import { Emulated } from "./emulated";
import { formCall } from "./support";

describe("the gateway's subscriptions", () => {
  /** The protocol that the emulator is told of. */
  async function protocolAt(protocol: string): Promise<string | null | undefined> {
    const emulator = new Emulated(() => "");
    const form = { Action: "Subscribe", TopicArn: "t", Protocol: protocol, Endpoint: "e" };
    await emulator.told(subscribe, formCall("sns", form));
    const [call] = emulator.calls;
    return call && queryInputOf(call)?.get("Protocol");
  }

  it("keep functions from the emulator, and nobody else", async () => {
    expect(await protocolAt("lambda")).not.toBe("lambda");
    expect(await protocolAt("email")).toBe("email");
  });

  it("are told as they were made", async () => {
    const hidden = await protocolAt("lambda");
    const emulator = new Emulated(
      () =>
        `<member><Protocol>${hidden}</Protocol><Endpoint>${hidden}</Endpoint></member><member><Protocol>email</Protocol></member><entry><key>Protocol</key><value>${hidden}</value></entry><entry><key>Owner</key><value>${hidden}</value></entry>`,
    );

    const { body } = await emulator.told(tellProtocol, formCall("sns", { Action: "ListSubscriptions" }));

    expect(body).toBe(
      `<member><Protocol>lambda</Protocol><Endpoint>${hidden}</Endpoint></member><member><Protocol>email</Protocol></member><entry><key>Protocol</key><value>lambda</value></entry><entry><key>Owner</key><value>${hidden}</value></entry>`,
    );
  });
});
