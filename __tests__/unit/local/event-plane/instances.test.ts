import { instanceEvents } from "../../../../local/event-plane/instances";

const AT = { accountId: "123456789012", time: new Date("2026-11-22T05:42:00.125Z") };

function events(operation: string, answer: string, service = "ec2") {
  const call = { service, operation, input: {}, region: "ap-northeast-2", accessKeyId: "", userAgent: "" };
  return instanceEvents(call, answer, AT).map(({ detail }) => `${detail["instance-id"]} ${detail.state}`);
}

function changed(operation: string, ...items: (readonly [id: string, previous: string])[]): string {
  const set = items.map(
    ([id, previous]) =>
      `<item><instanceId>${id}</instanceId><currentState><name>new</name></currentState><previousState><code>16</code><name>${previous}</name></previousState></item>`,
  );
  return `<${operation}Response><requestId>r</requestId><instancesSet>${set.join("")}</instancesSet></${operation}Response>`;
}

const RUN = `<?xml version="1.0"?><RunInstancesResponse><reservationId>r-1</reservationId><instancesSet>
  <item><instanceId>i-1</instanceId><networkInterfaceSet><item><attachment><instanceId>i-9</instanceId></attachment></item></networkInterfaceSet></item>
  <item><instanceId>i-2</instanceId></item></instancesSet></RunInstancesResponse>`;

describe("instanceEvents", () => {
  it("are those that EC2 sends of each instance", () => {
    const call = {
      service: "ec2",
      operation: "StopInstances",
      input: {},
      region: "ap-northeast-2",
      accessKeyId: "",
      userAgent: "",
    };
    const [, stopped] = instanceEvents(call, changed("StopInstances", ["i-1", "running"]), AT);
    expect(stopped).toEqual({
      version: "0",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      "detail-type": "EC2 Instance State-change Notification",
      source: "aws.ec2",
      account: "123456789012",
      time: "2026-11-22T05:42:00Z",
      region: "ap-northeast-2",
      resources: ["arn:aws:ec2:ap-northeast-2:123456789012:instance/i-1"],
      detail: { "instance-id": "i-1", state: "stopped" },
    });
  });

  it("are of the instances that were run, and nothing that belongs to them", () => {
    expect(events("RunInstances", RUN)).toEqual(["i-1 pending", "i-2 pending", "i-1 running", "i-2 running"]);
  });

  it.each([
    ["StartInstances", "stopped", ["pending", "running"]],
    ["StopInstances", "running", ["stopping", "stopped"]],
    ["TerminateInstances", "running", ["shutting-down", "terminated"]],
    ["TerminateInstances", "stopped", ["shutting-down", "terminated"]],
    ["StartInstances", "running", []],
    ["StopInstances", "stopped", []],
    ["TerminateInstances", "terminated", []],
  ])("of %s on an instance that was %s are %j", (operation, previous, states) => {
    const answer = changed(operation, ["i-1", previous]);
    expect(events(operation, answer)).toEqual(states.map((state) => `i-1 ${state}`));
  });

  it("are of those that changed", () => {
    const answer = changed("StopInstances", ["i-1", "running"], ["i-2", "stopped"], ["i-3", "pending"]);
    expect(events("StopInstances", answer).filter((event) => event.endsWith("stopped"))).toEqual([
      "i-1 stopped",
      "i-3 stopped",
    ]);
  });

  it.each([
    ["RebootInstances", "<RebootInstancesResponse><return>true</return></RebootInstancesResponse>", "ec2"],
    ["RunInstances", RUN, "other"],
    ["RunInstances", "", "ec2"],
    ["RunInstances", "<RunInstancesResponse><instancesSet/></RunInstancesResponse>", "ec2"],
  ])("are none of %s answered with %j by %s", (operation, answer, service) => {
    expect(events(operation, answer, service)).toEqual([]);
  });
});
