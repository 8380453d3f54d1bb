import fc from "fast-check";
import { resourcesOf } from "../../../../lambda-src/shared/resource-of-call";
import { callOfRecord, deepObject, hostileCall } from "./records";

function resources(requestParameters: unknown, others: object = {}): string[] {
  return resourcesOf(callOfRecord({ requestParameters, ...others }));
}

describe("resourcesOf", () => {
  it.each<[string, unknown, string[]]>([
    ["a name", { name: "trailwarden" }, ["name trailwarden"]],
    [
      "an id among what describes it",
      { fromPort: 22, groupId: "sg-0123", cidrIp: "0.0.0.0/0" },
      ["groupId sg-0123"],
    ],
    [
      "names before ARNs",
      { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess", userName: "alice" },
      ["userName alice", "policyArn arn:aws:iam::aws:policy/AdministratorAccess"],
    ],
    ["a list of scalars", { instanceIds: ["i-1", "i-2"] }, ["instanceIds i-1, i-2"]],
    [
      "EC2's form of a list, cut",
      { instancesSet: { items: ["i-1", "i-2", "i-3", "i-4", "i-5"].map((instanceId) => ({ instanceId })) } },
      ["instanceId i-1, i-2, i-3 and 2 more"],
    ],
    [
      "EC2's form of an element",
      { DeleteFlowLogsRequest: { FlowLogId: { content: "fl-1", tag: 1 } } },
      ["FlowLogId fl-1"],
    ],
    [
      "three things at most",
      { aName: "1", bName: "2", cName: "3", dName: "4" },
      ["aName 1", "bName 2", "cName 3"],
    ],
    [
      "what stands higher before what stands deeper",
      { items: [{ aName: "deep" }], groupId: "sg-0123" },
      ["groupId sg-0123", "aName deep"],
    ],
    [
      "the rule whose targets are put",
      {
        rule: "guard-alarm",
        targets: [{ id: "Target0", arn: "arn:aws:sns:eu-west-1:123456789012:alerts" }],
      },
      ["rule guard-alarm", "id Target0", "arn arn:aws:sns:eu-west-1:123456789012:alerts"],
    ],
    [
      "the rule whose targets are removed",
      { rule: "guard-alarm", ids: ["Target0", "Target1"], force: false },
      ["rule guard-alarm", "ids Target0, Target1"],
    ],
    ["a target", { target: "i-1" }, ["target i-1"]],
    ["a URL, disarmed", { queueUrl: "https://sqs.example/q" }, ["queueUrl https[:]//sqs[.]example/q"]],
    ["nothing that is hidden", { userName: "HIDDEN_DUE_TO_SECURITY_REASONS" }, []],
    [
      "nothing that can't be shown",
      { instanceIds: ["\r\n", "i-1", "\ud83d", "\u200b", "i-2"] },
      ["instanceIds i-1, i-2"],
    ],
    ["nothing of which all can't be shown", { instanceIds: ["\r\n", "\ud83d"], userName: "\u2028" }, []],
    [
      "nothing where nothing is named",
      { attributeName: "restore", enabled: true, name: {}, bucketName: "" },
      [],
    ],
    ["nothing of null", null, []],
  ])("names %s", (_, parameters, expected) => {
    expect(resources(parameters)).toEqual(expected);
  });

  it("names what the record names where the parameters don't", () => {
    const arn = "arn:aws:kms:eu-west-1:123456789012:key/1";

    expect(resources(null, { resources: [{ ARN: arn }] })).toEqual([arn]);
    expect(resources(null, { resources: [{ ARN: "\r\n" }, { ARN: arn }, { ARN: "\u200b" }] })).toEqual([arn]);
    expect(resources({ keyId: "k" }, { resources: [{ ARN: arn }] })).toEqual(["keyId k"]);
  });

  it("looks at deep and huge objects no longer than at others", () => {
    const wide = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, index) => [`k${index}`, { a: [index] }]),
    );
    const started = performance.now();

    expect(resources(deepObject(3000))).toEqual([]);
    expect(resources({ groupName: "g", wide })).toEqual(["groupName g"]);
    expect(
      resources({ instanceIds: Array.from({ length: 100_000 }, (_, index) => `i-${index}`) })[0],
    ).toMatch(/^instanceIds i-0, i-1, i-2 and \d+ more$/);
    expect(performance.now() - started).toBeLessThan(4000);
  });

  it("is a few short lines, whatever the parameters hold", () => {
    fc.assert(
      fc.property(hostileCall, (call) => {
        const lines = resourcesOf(call);
        expect(lines.length).toBeLessThanOrEqual(3);
        for (const line of lines) {
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]|:\/\/|undefined|\[object/u);
          expect(line.length).toBeLessThan(450);
        }
      }),
      { numRuns: 200 },
    );
  });
});
