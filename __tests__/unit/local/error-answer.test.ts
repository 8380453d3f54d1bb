import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer, text } from "node:stream/consumers";
import { CloudTrailClient, StartLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetBucketPolicyCommand, HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Call } from "../../../local/gateway/call";
import { type ApiError, errorAnswer } from "../../../local/gateway/error-answer";

const REFUSED: ApiError = { code: "AccessDenied", message: 'may not <do> "it" & më', status: 403 };

/** Answers each call with the next of the errors, and with the last from then on. */
let errors: ApiError[];
let calls: number;
let server: Server;
let endpoint: string;
beforeAll(async () => {
  server = createServer(async (incoming, outgoing) => {
    const { method, url = "/", headers } = incoming;
    const error = errors[Math.min(calls++, errors.length - 1)] ?? REFUSED;
    const answer = errorAnswer({ method, path: url, headers, body: await buffer(incoming) }, error);
    outgoing.writeHead(answer.status, answer.headers);
    answer.body.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  errors = [REFUSED];
  calls = 0;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function settings(maxAttempts = 1) {
  const credentials = { accessKeyId: "emulator", secretAccessKey: "emulator" };
  return { endpoint, region: "eu-west-1", credentials, maxAttempts };
}

const CLIENTS: Record<string, () => Promise<unknown>> = {
  "CloudTrail, JSON 1.1": () => new CloudTrailClient(settings()).send(new StartLoggingCommand({ Name: "t" })),
  "SSM, JSON 1.1": () => new SSMClient(settings()).send(new GetParameterCommand({ Name: "p" })),
  "CloudWatch, JSON 1.0": () => new CloudWatchClient(settings()).send(new DescribeAlarmsCommand({})),
  "SQS, JSON 1.0": () =>
    new SQSClient(settings()).send(
      new SendMessageCommand({ QueueUrl: `${endpoint}/111122223333/q`, MessageBody: "m" }),
    ),
  "SNS, Query": () =>
    new SNSClient(settings()).send(
      new PublishCommand({ TopicArn: "arn:aws:sns:eu-west-1:111122223333:t", Message: "m" }),
    ),
  "IAM, Query": () => new IAMClient(settings()).send(new GetRoleCommand({ RoleName: "r" })),
  "S3, REST-XML": () =>
    new S3Client({ ...settings(), forcePathStyle: true }).send(new GetBucketPolicyCommand({ Bucket: "b" })),
  "Lambda, REST-JSON": () => new LambdaClient(settings()).send(new GetFunctionCommand({ FunctionName: "f" })),
};

describe("errorAnswer", () => {
  it.each(Object.keys(CLIENTS))("is read as the error by the client of %s", async (name) => {
    await expect(CLIENTS[name]?.()).rejects.toMatchObject({
      name: "AccessDenied",
      message: REFUSED.message,
      $metadata: { httpStatusCode: 403 },
      $fault: "client",
    });
  });

  it.each(Object.keys(CLIENTS))("is the service's fault from 500 on, for the client of %s", async (name) => {
    errors = [{ code: "ServiceUnavailable", message: "busy", status: 503 }];
    await expect(CLIENTS[name]?.()).rejects.toMatchObject({
      name: "ServiceUnavailable",
      $metadata: { httpStatusCode: 503 },
    });
  });

  it("has no body that a HEAD could show", async () => {
    const s3 = new S3Client({ ...settings(), forcePathStyle: true });
    await expect(s3.send(new HeadBucketCommand({ Bucket: "b" }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
  });

  it("of a throttle has the client try again", async () => {
    errors = [{ code: "ThrottlingException", message: "Rate exceeded", status: 400 }, REFUSED];
    // The client waits a random time.
    const random = jest.spyOn(Math, "random").mockReturnValue(0);
    const client = new CloudTrailClient(settings(3));
    await expect(client.send(new StartLoggingCommand({ Name: "t" }))).rejects.toMatchObject({
      name: "AccessDenied",
      $metadata: { attempts: 2 },
    });
    random.mockRestore();
    expect(calls).toBe(2);
  });

  function answerTo(call: Partial<Call>, error = REFUSED) {
    return errorAnswer({ method: "POST", path: "/", headers: {}, body: Buffer.of(), ...call }, error);
  }

  it("of EC2 is its own XML", async () => {
    const answer = answerTo({
      headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
      body: Buffer.from("Action=StopInstances&Version=2016-11-15"),
    });
    expect(answer.headers).toMatchObject({ "content-type": "text/xml" });
    expect(await text(answer.body)).toMatch(
      /^<Response><Errors><Error><Code>AccessDenied<\/Code><Message>may not &lt;do&gt; "it" &amp; më<\/Message><\/Error><\/Errors><RequestID>[\w-]+<\/RequestID><\/Response>$/,
    );
  });

  it.each([
    [403, "Sender"],
    [500, "Receiver"],
  ])("of the Query protocol with status %i names the %s", async (status, type) => {
    const form = {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: Buffer.from("Action=Publish&Version=2010-03-31"),
    };
    expect(await text(answerTo(form, { ...REFUSED, status }).body)).toContain(`<Type>${type}</Type>`);
  });

  it.each<[string, Partial<Call>]>([
    ["presigned", { path: "/b/k?X-Amz-Credential=AKIA%2F20260302%2Feu-west-1%2Fs3%2Faws4_request" }],
    ["not signed", { path: "/b/k" }],
  ])("of a REST call that is %s is S3's", async (_, call) => {
    expect(await text(answerTo({ method: "GET", ...call }).body)).toContain(
      "<Error><Code>AccessDenied</Code>",
    );
  });

  it("says what the JSON protocol's version is", () => {
    const headers = { "x-amz-target": "a.b", "content-type": "application/x-amz-json-1.0" };
    expect(answerTo({ headers }).headers).toMatchObject({
      "content-type": "application/x-amz-json-1.0",
      "x-amzn-errortype": "AccessDenied",
    });
  });
});
