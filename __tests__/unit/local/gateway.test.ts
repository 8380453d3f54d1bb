import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type Gateway, startGateway } from "../../../local/gateway";

const ARN = "arn:aws:cloudtrail:eu-west-1:123456789012:trail/trailwarden";

describe("the gateway", () => {
  let emulator: Server;
  let gateway: Gateway;
  // Tells what reached it, as the emulator would answer it.
  beforeAll(async () => {
    emulator = createServer(async (incoming, outgoing) => {
      const { method, url, headers } = incoming;
      const body = await text(incoming);
      // As the emulator does where there is no such trail.
      outgoing.writeHead(body.includes("nosuch") ? 500 : 201, { "x-from": "emulator" });
      outgoing.end(JSON.stringify({ method, url, authorization: headers.authorization, body }));
    });
    await new Promise<void>((resolve) => emulator.listen(0, "127.0.0.1", resolve));
    gateway = await startGateway(`http://127.0.0.1:${(emulator.address() as AddressInfo).port}`);
  });
  afterAll(async () => {
    await gateway.close();
    await new Promise((resolve) => emulator.close(resolve));
  });

  async function bodyThatArrives(target: string, body: string): Promise<string> {
    const answer = await fetch(gateway.url, { method: "POST", headers: { "x-amz-target": target }, body });
    return ((await answer.json()) as { body: string }).body;
  }

  it.each([
    "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.StartLogging",
    "CloudTrail_20131101.StopLogging",
    "CloudTrail_20131101.DeleteTrail",
  ])("gives %s the trail's name for its ARN", async (target) => {
    expect(await bodyThatArrives(target, JSON.stringify({ Name: ARN }))).toBe('{"Name":"trailwarden"}');
  });

  it.each([
    ["CloudTrail_20131101.StartLogging", '{"Name": "trailwarden"}'],
    ["CloudTrail_20131101.GetTrailStatus", JSON.stringify({ Name: ARN })],
    ["Logs_20140328.PutRetentionPolicy", JSON.stringify({ Name: ARN })],
  ])("leaves %s with %s as it is", async (target, body) => {
    expect(await bodyThatArrives(target, body)).toBe(body);
  });

  it.each(["StartLogging", "StopLogging"])("says of %s that there is no such trail", async (call) => {
    const answer = await fetch(gateway.url, {
      method: "POST",
      headers: { "x-amz-target": `CloudTrail_20131101.${call}` },
      body: JSON.stringify({ Name: "nosuch" }),
    });

    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      __type: "TrailNotFoundException",
      message: "Unknown trail: nosuch",
    });
  });

  it("passes method, path, query, headers and status", async () => {
    const answer = await fetch(`${gateway.url}/bucket/key?versioning`, {
      method: "PUT",
      headers: { authorization: "AWS4" },
      body: "content",
    });

    expect(answer.status).toBe(201);
    expect(answer.headers.get("x-from")).toBe("emulator");
    expect(await answer.json()).toEqual({
      method: "PUT",
      url: "/bucket/key?versioning",
      authorization: "AWS4",
      body: "content",
    });
  });

  it("passes an answer on while it comes", async () => {
    let finish = (): void => undefined;
    const slow = createServer((_, outgoing) => {
      outgoing.write("first,");
      finish = () => outgoing.end("last");
    });
    await new Promise<void>((resolve) => slow.listen(0, "127.0.0.1", resolve));
    const before = await startGateway(`http://127.0.0.1:${(slow.address() as AddressInfo).port}`);

    const parts: string[] = [];
    const { body } = await fetch(before.url);
    for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      parts.push(part);
      finish();
    }

    expect(parts).toEqual(["first,", "last"]);
    await before.close();
    await new Promise((resolve) => slow.close(resolve));
  });

  it("answers 502 when the emulator is gone", async () => {
    const orphan = await startGateway("http://127.0.0.1:1");

    const answer = await fetch(orphan.url);

    expect(answer.status).toBe(502);
    await orphan.close();
  });
});
