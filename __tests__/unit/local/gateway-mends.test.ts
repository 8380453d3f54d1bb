import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import {
  CloudTrailClient,
  DeleteTrailCommand,
  GetInsightSelectorsCommand,
  type InsightType,
  PutInsightSelectorsCommand,
} from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  AssociateKmsKeyCommand,
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DisassociateKmsKeyCommand,
  PutMetricFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { type Gateway, startGateway } from "../../../local/gateway";

interface EmulatedCall {
  readonly operation: string;
  readonly region: string;
  readonly body: string;
}
type Reply = [status: number, body: string];

const NOT_FOUND: Reply = [
  400,
  '{"__type": "ResourceNotFoundException", "message": "The specified log group does not exist."}',
];
const NOT_IMPLEMENTED: Reply = [500, "<!doctype html>"];

/** Does with these calls what moto 5.2.1 does, its defects included. */
class FakeEmulator {
  readonly calls: EmulatedCall[] = [];
  /** Told of each call before it is answered. */
  onCall: (call: EmulatedCall) => Promise<void> = async () => undefined;
  filters: { filterName: string; logGroupName: string; filterPattern?: string }[] = [];
  /** By region and name, as the alarms. */
  readonly logGroups = new Map<string, { logGroupName: string; kmsKeyId?: string }>();
  /** By region and trail. */
  readonly insights = new Map<string, object[]>();
  refusesInsights = false;
  readonly #alarms = new Map<string, object>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (incoming, outgoing) => {
      const operation = String(incoming.headers["x-amz-target"]).split(".").at(-1) ?? "";
      const region = incoming.headers.authorization?.split("/")[2] ?? "us-east-1";
      const call = { operation, region, body: await text(incoming) };
      this.calls.push(call);
      await this.onCall(call).then(
        () => {
          const [status, body] = this.#reply(call);
          outgoing.writeHead(status, { "content-length": Buffer.byteLength(body) }).end(body);
        },
        () => incoming.socket.destroy(),
      );
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  operations(): string[] {
    return this.calls.map(({ operation }) => operation);
  }

  #reply({ operation, region, body }: EmulatedCall): Reply {
    const input = operation === "undefined" ? {} : JSON.parse(body);
    const alarm = `${region} ${input.AlarmName}`;
    const logGroup = `${region} ${input.logGroupName}`;
    const trail = `${region} ${String(input.TrailName ?? input.Name).replace(/^.*\//, "")}`;
    switch (operation) {
      case "PutInsightSelectors":
        if (this.refusesInsights) {
          return [400, '{"__type": "TrailNotFoundException", "message": "no such trail"}'];
        }
        this.insights.set(trail, [...(this.insights.get(trail) ?? []), ...input.InsightSelectors]);
        return [200, "{}"];
      case "GetInsightSelectors":
        return [200, JSON.stringify({ InsightSelectors: this.insights.get(trail) ?? [] })];
      case "DeleteTrail":
        this.insights.delete(trail);
        return [200, "{}"];
      case "PutMetricFilter":
        this.filters.push(input);
        return [200, ""];
      case "DeleteMetricFilter": {
        const others = this.filters.filter(
          (one) => one.filterName !== input.filterName || one.logGroupName !== input.logGroupName,
        );
        const reply: Reply = others.length === this.filters.length ? NOT_FOUND : [200, ""];
        this.filters = others;
        return reply;
      }
      case "PutMetricAlarm":
        this.#alarms.set(alarm, {
          ActionsEnabled: true,
          ...input,
          AlarmArn: `arn:aws:cloudwatch:${region}:123456789012:alarm:${input.AlarmName}`,
          AlarmConfigurationUpdatedTimestamp: 1795306233.5,
          StateValue: "OK",
          StateReason: "Unchecked: Initial alarm creation",
          StateReasonData: "{}",
        });
        return [200, "{}"];
      case "SetAlarmState": {
        const { StateValue, StateReason, StateReasonData } = input;
        this.#alarms.set(alarm, { ...this.#alarms.get(alarm), StateValue, StateReason, StateReasonData });
        return [200, "{}"];
      }
      case "DescribeAlarms": {
        const names: string[] = input.AlarmNames ?? [];
        const described = [...this.#alarms]
          .filter(([key]) => key.startsWith(`${region} `))
          .filter(([key]) => names.length === 0 || names.includes(key.slice(region.length + 1)));
        return [200, JSON.stringify({ MetricAlarms: described.map(([, one]) => one), CompositeAlarms: [] })];
      }
      case "CreateLogGroup":
        if (this.logGroups.has(logGroup)) {
          return [400, '{"__type": "ResourceAlreadyExistsException", "message": "exists"}'];
        }
        this.logGroups.set(logGroup, input);
        return [200, ""];
      case "DeleteLogGroup":
        return this.logGroups.delete(logGroup) ? [200, ""] : NOT_FOUND;
      case "UntagLogGroup":
        return this.logGroups.has(logGroup) ? [200, ""] : NOT_FOUND;
      case "DescribeLogGroups": {
        const logGroups = [...this.logGroups].filter(([key]) => key.startsWith(`${region} `));
        return [200, JSON.stringify({ logGroups: logGroups.map(([, one]) => one), nextToken: null })];
      }
      default:
        return NOT_IMPLEMENTED;
    }
  }
}

let emulator: FakeEmulator;
let gateway: Gateway;
beforeEach(async () => {
  emulator = new FakeEmulator();
  gateway = await startGateway(await emulator.start());
});
afterEach(async () => {
  await gateway.close();
  await emulator.stop();
});

function settings(region: string) {
  const credentials = { accessKeyId: "emulator", secretAccessKey: "emulator" };
  return { endpoint: gateway.url, region, credentials, maxAttempts: 1 };
}

describe("the gateway's PutMetricFilter", () => {
  function put(filterName: string, filterPattern: string, logGroupName = "trail"): Promise<unknown> {
    const metricTransformations = [{ metricName: "m", metricNamespace: "n", metricValue: "1" }];
    return new CloudWatchLogsClient(settings("eu-west-1")).send(
      new PutMetricFilterCommand({ logGroupName, filterName, filterPattern, metricTransformations }),
    );
  }

  function patterns(): string[] {
    return emulator.filters.map((one) => `${one.logGroupName}/${one.filterName}: ${one.filterPattern}`);
  }

  it("overwrites the filter of the same name in the log group and no other", async () => {
    await put("root", "old");
    await put("other", "kept");
    await put("root", "kept", "other-trail");
    await put("root", "new");

    expect(patterns()).toEqual(["trail/other: kept", "other-trail/root: kept", "trail/root: new"]);
  });

  it("leaves one filter of two that are put at once", async () => {
    await put("root", "old");
    emulator.onCall = () => new Promise((resolve) => setTimeout(resolve, 20));

    await Promise.all([put("root", "a"), put("root", "b")]);

    expect(patterns()).toHaveLength(1);
  });

  it("passes on what the emulator says of the filter, not of the deletion", async () => {
    const answer = await fetch(gateway.url, {
      method: "POST",
      headers: { "x-amz-target": "Logs_20140328.PutMetricFilter" },
      body: '{"filterName": "root",  "logGroupName": "trail"}',
    });

    expect([answer.status, await answer.text()]).toEqual([200, ""]);
    expect(emulator.calls).toEqual([
      {
        operation: "DeleteMetricFilter",
        region: "us-east-1",
        body: '{"logGroupName":"trail","filterName":"root"}',
      },
      {
        operation: "PutMetricFilter",
        region: "us-east-1",
        body: '{"filterName": "root",  "logGroupName": "trail"}',
      },
    ]);
  });

  it("goes on after a call that the emulator didn't answer", async () => {
    emulator.onCall = () => Promise.reject(new Error("gone"));
    await expect(put("root", "lost")).rejects.toThrow();
    emulator.onCall = async () => undefined;

    await put("root", "new");

    expect(patterns()).toEqual(["trail/root: new"]);
  });
});

describe("the gateway's EnableAlarmActions and DisableAlarmActions", () => {
  const ALARM: PutMetricAlarmCommandInput = {
    AlarmName: "root",
    AlarmDescription: "the root user <did> & something",
    ActionsEnabled: true,
    OKActions: ["arn:aws:sns:eu-west-1:123456789012:ok"],
    AlarmActions: ["arn:aws:sns:eu-west-1:123456789012:alarm"],
    InsufficientDataActions: ["arn:aws:sns:eu-west-1:123456789012:data"],
    MetricName: "root",
    Namespace: "trailwarden",
    Statistic: "Sum",
    Dimensions: [{ Name: "trail", Value: "main" }],
    Period: 300,
    Unit: "Count",
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    Threshold: 0.5,
    ComparisonOperator: "GreaterThanOrEqualToThreshold",
    TreatMissingData: "notBreaching",
  };
  const MATH_ALARM: PutMetricAlarmCommandInput = {
    AlarmName: "math",
    EvaluationPeriods: 1,
    ComparisonOperator: "GreaterThanUpperThreshold",
    EvaluateLowSampleCountPercentile: "ignore",
    ThresholdMetricId: "band",
    Metrics: [
      {
        Id: "calls",
        Label: "calls",
        MetricStat: {
          Metric: { Namespace: "n", MetricName: "m", Dimensions: [{ Name: "a", Value: "b" }] },
          Period: 60,
          Stat: "p99",
          Unit: "Count",
        },
        ReturnData: true,
      },
      { Id: "band", Expression: "ANOMALY_DETECTION_BAND(calls, 2)", ReturnData: false, Period: 60 },
    ],
  };

  let ireland: CloudWatchClient;
  let ohio: CloudWatchClient;
  beforeEach(async () => {
    ireland = new CloudWatchClient(settings("eu-west-1"));
    ohio = new CloudWatchClient(settings("us-east-2"));
    for (const client of [ireland, ohio]) {
      await client.send(new PutMetricAlarmCommand(ALARM));
      await client.send(new PutMetricAlarmCommand(MATH_ALARM));
    }
    emulator.calls.length = 0;
  });

  async function alarms(client: CloudWatchClient): Promise<MetricAlarm[]> {
    return (await client.send(new DescribeAlarmsCommand({}))).MetricAlarms ?? [];
  }

  async function areEnabled(client: CloudWatchClient): Promise<unknown> {
    return Object.fromEntries((await alarms(client)).map((one) => [one.AlarmName, one.ActionsEnabled]));
  }

  it("change nothing else of the alarms", async () => {
    await ireland.send(
      new SetAlarmStateCommand({
        AlarmName: "root",
        StateValue: "ALARM",
        StateReason: "it did",
        StateReasonData: '{"at":1}',
      }),
    );
    const before = await alarms(ireland);

    await ireland.send(new DisableAlarmActionsCommand({ AlarmNames: ["root", "math"] }));
    const disabled = await alarms(ireland);
    await ireland.send(new EnableAlarmActionsCommand({ AlarmNames: ["root", "math"] }));

    expect(disabled).toEqual(before.map((one) => ({ ...one, ActionsEnabled: false })));
    expect(await alarms(ireland)).toEqual(before);
  });

  it("put the settings of an alarm and nothing else", async () => {
    await ireland.send(new DisableAlarmActionsCommand({ AlarmNames: ["root"] }));

    const put = emulator.calls.find(({ operation }) => operation === "PutMetricAlarm");
    expect(JSON.parse(put?.body ?? "")).toEqual({ ...ALARM, ActionsEnabled: false });
  });

  it("leave alarms alone that aren't named or are another region's", async () => {
    await ireland.send(new DisableAlarmActionsCommand({ AlarmNames: ["math", "absent"] }));

    expect(await areEnabled(ireland)).toEqual({ root: true, math: false });
    expect(await areEnabled(ohio)).toEqual({ root: true, math: true });
  });

  it("answer in the JSON protocol", async () => {
    const answer = await fetch(gateway.url, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "GraniteServiceVersion20100801.DisableAlarmActions",
      },
      body: JSON.stringify({ AlarmNames: ["root"] }),
    });

    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/x-amz-json-1.0");
    expect(await answer.text()).toBe("{}");
  });

  async function query(form: Record<string, string>): Promise<Response> {
    const scope = "emulator/20260101/us-east-2/monitoring/aws4_request";
    return fetch(gateway.url, {
      method: "POST",
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      },
      body: new URLSearchParams(form).toString(),
    });
  }

  it("understand the Query protocol and answer in it", async () => {
    const answer = await query({
      Action: "DisableAlarmActions",
      Version: "2010-08-01",
      "AlarmNames.member.1": "root",
      "AlarmNames.member.2": "math",
    });

    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/xml");
    const id = answer.headers.get("x-amzn-requestid");
    expect(await answer.text()).toBe(
      `<DisableAlarmActionsResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></DisableAlarmActionsResponse>`,
    );
    expect(await areEnabled(ohio)).toEqual({ root: false, math: false });
    expect(await areEnabled(ireland)).toEqual({ root: true, math: true });
  });

  it.each([
    ["no alarm", { Action: "EnableAlarmActions", Version: "2010-08-01" }],
    ["another operation", { Action: "DeleteAlarms", Version: "2010-08-01", "AlarmNames.member.1": "root" }],
    [
      "another service",
      { Action: "DisableAlarmActions", Version: "2010-03-31", "AlarmNames.member.1": "root" },
    ],
  ])("let a Query call of %s pass as it is", async (_, form) => {
    const answer = await query(form);

    expect([answer.status, await answer.text()]).toEqual(NOT_IMPLEMENTED);
    expect(emulator.calls.map(({ body }) => body)).toEqual([new URLSearchParams(form).toString()]);
  });
});

describe("the gateway's AssociateKmsKey and DisassociateKmsKey", () => {
  const KEY = "arn:aws:kms:eu-west-1:123456789012:key/1";
  const ARN = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/trail";

  let ireland: CloudWatchLogsClient;
  let ohio: CloudWatchLogsClient;
  beforeEach(async () => {
    ireland = new CloudWatchLogsClient(settings("eu-west-1"));
    ohio = new CloudWatchLogsClient(settings("us-east-2"));
    for (const client of [ireland, ohio]) {
      await client.send(new CreateLogGroupCommand({ logGroupName: "/aws/trail" }));
      await client.send(new CreateLogGroupCommand({ logGroupName: "/aws/born", kmsKeyId: "first" }));
    }
  });

  async function keys(client: CloudWatchLogsClient): Promise<unknown> {
    const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({}));
    return Object.fromEntries(logGroups.map((one) => [one.logGroupName, one.kmsKeyId]));
  }

  it("give a log group of the region a key, and another one", async () => {
    await ireland.send(new AssociateKmsKeyCommand({ logGroupName: "/aws/trail", kmsKeyId: KEY }));
    await ireland.send(new AssociateKmsKeyCommand({ logGroupName: "/aws/born", kmsKeyId: "second" }));

    expect(await keys(ireland)).toEqual({ "/aws/trail": KEY, "/aws/born": "second" });
    expect(await keys(ohio)).toEqual({ "/aws/trail": undefined, "/aws/born": "first" });
  });

  it("take a log group's key", async () => {
    await ireland.send(new AssociateKmsKeyCommand({ logGroupName: "/aws/trail", kmsKeyId: KEY }));
    await ireland.send(new DisassociateKmsKeyCommand({ logGroupName: "/aws/trail" }));
    await ireland.send(new DisassociateKmsKeyCommand({ logGroupName: "/aws/born" }));

    expect(await keys(ireland)).toEqual({ "/aws/trail": undefined, "/aws/born": undefined });
  });

  it("describe a log group that lost its key as one that never had any", async () => {
    const headers = { "x-amz-target": "Logs_20140328.DisassociateKmsKey" };
    emulator.logGroups.set("us-east-1 main", { logGroupName: "main", kmsKeyId: "first" });
    await fetch(gateway.url, { method: "POST", headers, body: '{"logGroupName":"main"}' });

    headers["x-amz-target"] = "Logs_20140328.DescribeLogGroups";
    const described = await fetch(gateway.url, { method: "POST", headers, body: "{}" });

    expect(await described.json()).toEqual({ logGroups: [{ logGroupName: "main" }], nextToken: null });
  });

  it.each([ARN, `${ARN}:*`])("know the log group as %s", async (resourceIdentifier) => {
    await ireland.send(new AssociateKmsKeyCommand({ resourceIdentifier, kmsKeyId: KEY }));
    expect(await keys(ireland)).toMatchObject({ "/aws/trail": KEY });

    await ireland.send(new DisassociateKmsKeyCommand({ resourceIdentifier }));
    expect(await keys(ireland)).toMatchObject({ "/aws/trail": undefined });
  });

  it.each([
    ["AssociateKmsKey", new AssociateKmsKeyCommand({ logGroupName: "absent", kmsKeyId: KEY })],
    ["DisassociateKmsKey", new DisassociateKmsKeyCommand({ logGroupName: "absent" })],
  ])("%s says that there's no such log group, and keeps nothing", async (_, command) => {
    await expect(ireland.send(command as AssociateKmsKeyCommand)).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "The specified log group does not exist.",
      $metadata: { httpStatusCode: 400 },
    });

    emulator.logGroups.set("eu-west-1 absent", { logGroupName: "absent", kmsKeyId: "first" });
    expect(await keys(ireland)).toMatchObject({ absent: "first" });
  });

  it.each([
    ["query results", { resourceIdentifier: "arn:aws:logs:eu-west-1:1:query-result:*", kmsKeyId: KEY }],
    ["no key", { logGroupName: "/aws/trail", kmsKeyId: undefined }],
  ])("let a call for %s pass as it is", async (_, input) => {
    await expect(ireland.send(new AssociateKmsKeyCommand(input))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 500 },
    });

    expect(emulator.operations().at(-1)).toBe("AssociateKmsKey");
    expect(await keys(ireland)).toEqual({ "/aws/trail": undefined, "/aws/born": "first" });
  });

  it.each([
    [
      "is deleted, and comes back with an event that is logged to it",
      async () => {
        await ireland.send(new DeleteLogGroupCommand({ logGroupName: "/aws/trail" }));
        emulator.logGroups.set("eu-west-1 /aws/trail", { logGroupName: "/aws/trail" });
      },
    ],
    [
      "is created after the emulator was emptied",
      async () => {
        emulator.logGroups.delete("eu-west-1 /aws/trail");
        await ireland.send(new CreateLogGroupCommand({ logGroupName: "/aws/trail" }));
      },
    ],
  ])("forget the key of a log group that %s", async (_, replace) => {
    await ireland.send(new AssociateKmsKeyCommand({ logGroupName: "/aws/trail", kmsKeyId: KEY }));
    await ireland.send(new AssociateKmsKeyCommand({ logGroupName: "/aws/born", kmsKeyId: KEY }));

    await replace();

    expect(await keys(ireland)).toEqual({ "/aws/trail": undefined, "/aws/born": KEY });
  });

  it("keep the key of a log group that isn't created again because it exists", async () => {
    await ireland.send(new AssociateKmsKeyCommand({ logGroupName: "/aws/trail", kmsKeyId: KEY }));

    const again = ireland.send(new CreateLogGroupCommand({ logGroupName: "/aws/trail" }));

    await expect(again).rejects.toMatchObject({ name: "ResourceAlreadyExistsException" });
    expect(await keys(ireland)).toMatchObject({ "/aws/trail": KEY });
  });
});

describe("the gateway's PutInsightSelectors", () => {
  const ARN = "arn:aws:cloudtrail:eu-west-1:123456789012:trail/audit";
  let cloudTrail: CloudTrailClient;

  beforeEach(() => {
    cloudTrail = new CloudTrailClient(settings("eu-west-1"));
  });

  const put = (TrailName: string, ...types: InsightType[]) =>
    cloudTrail.send(
      new PutInsightSelectorsCommand({
        TrailName,
        InsightSelectors: types.map((InsightType) => ({ InsightType })),
      }),
    );
  const typesOf = async (TrailName: string) => {
    const { InsightSelectors = [] } = await cloudTrail.send(new GetInsightSelectorsCommand({ TrailName }));
    return InsightSelectors.map(({ InsightType }) => InsightType);
  };

  it("replaces the selectors that the trail has, by its name or its ARN", async () => {
    await put(ARN, "ApiCallRateInsight", "ApiErrorRateInsight");
    await put("audit", "ApiErrorRateInsight");

    expect(await typesOf(ARN)).toEqual(["ApiErrorRateInsight"]);
  });

  it("leaves other trails alone, and forgets one that is deleted", async () => {
    await put("other", "ApiErrorRateInsight");
    await put("audit", "ApiCallRateInsight");
    await cloudTrail.send(new DeleteTrailCommand({ Name: ARN }));
    await put("audit", "ApiErrorRateInsight");

    expect(await typesOf("other")).toEqual(["ApiErrorRateInsight"]);
    expect(await typesOf("audit")).toEqual(["ApiErrorRateInsight"]);
  });

  it("passes on what the emulator refuses, and keeps what was there", async () => {
    await put("audit", "ApiCallRateInsight");
    emulator.refusesInsights = true;

    await expect(put("audit", "ApiErrorRateInsight")).rejects.toThrow("no such trail");
    expect(await typesOf("audit")).toEqual(["ApiCallRateInsight"]);
  });
});
