import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { awsClients } from "../../../../lambda-src/notifier/aws-clients";

describe("awsClients", () => {
  const before = process.env;
  let server: Server;
  let requests: { readonly target: string; readonly body: string }[];
  let isSilent: boolean;

  beforeEach(async () => {
    requests = [];
    isSilent = false;
    server = createServer(async (incoming, outgoing) => {
      requests.push({ target: targetOf(incoming), body: await text(incoming) });
      if (!isSilent) {
        outgoing.end("{}");
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    process.env = {
      ...before,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
    };
  });
  afterEach(async () => {
    process.env = before;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it("sends each call to its service", async () => {
    const aws = awsClients("eu-west-1");
    const key = { id: { S: "x" } };

    await aws("logs:FilterLogEvents", { logGroupName: "trail" });
    await aws("dynamodb:GetItem", { TableName: "told", Key: key });
    await aws("dynamodb:UpdateItem", { TableName: "told", Key: key });
    await aws("secretsmanager:GetSecretValue", { SecretId: "slack" });
    await aws("ssm:GetParameter", { Name: "/slack", WithDecryption: true });

    expect(requests).toEqual([
      { target: "Logs_20140328.FilterLogEvents", body: '{"logGroupName":"trail"}' },
      { target: "DynamoDB_20120810.GetItem", body: expect.stringContaining('"TableName":"told"') },
      { target: "DynamoDB_20120810.UpdateItem", body: expect.stringContaining('"TableName":"told"') },
      { target: "secretsmanager.GetSecretValue", body: '{"SecretId":"slack"}' },
      { target: "AmazonSSM.GetParameter", body: '{"Name":"/slack","WithDecryption":true}' },
    ]);
  });

  it("publishes to topics", async () => {
    await awsClients("eu-west-1")("sns:Publish", { TopicArn: "arn", Message: "hello" }).catch(() => {
      // It is answered in JSON, where SNS speaks XML.
    });

    expect(requests[0]?.body).toMatch(/^Action=Publish.*Message=hello/s);
  });

  it("gives a call up that isn't answered, after three tries", async () => {
    isSilent = true;

    const published = awsClients("eu-west-1", 50)("secretsmanager:GetSecretValue", { SecretId: "slack" });

    await expect(published).rejects.toMatchObject({ name: "TimeoutError" });
    expect(requests).toHaveLength(3);
  });
});

function targetOf({ headers }: IncomingMessage): string {
  return String(headers["x-amz-target"]);
}
