import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { awsAccount } from "../../../../cli/adopt/aws-account";
import type { AdoptAccount, TrailSummary } from "../../../../cli/adopt/existing";
import { look } from "../../../../cli/adopt/look";

type Answer =
  /** JSON, or XML as it is sent. */
  { readonly body: object | string } | { readonly code: string; readonly status: number };

/** What AWS answers to a call; undefined for one that nothing is known of. */
type Answers = (call: string, body: string) => Answer | undefined;

const DENIED: Answer = { code: "AccessDenied", status: 403 };
const TOPIC_ARN = "arn:aws:sns:eu-west-1:111122223333:Alerts";
const TRAIL: TrailSummary = {
  name: "audit",
  arn: "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit",
  arguments: {},
  homeRegion: "eu-west-1",
  isOrganizationTrail: false,
  bucketName: "logs",
  logGroupArn: undefined,
  deliveryRoleArn: undefined,
  keyArn: undefined,
  s3KeyPrefix: undefined,
  snsTopic: undefined,
};
const KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1";

describe("awsAccount", () => {
  const environment = process.env;
  let server: Server;
  let account: AdoptAccount;
  let answers: Answers;

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        const call = nameOfCall(`${request.headers["x-amz-target"] ?? ""}`, `${request.url}`, body);
        const answer = answers(call, body) ?? DENIED;
        if ("code" in answer) {
          response.writeHead(answer.status, { "x-amzn-errortype": answer.code });
          response.end(errorText(request, answer.code));
        } else {
          response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    process.env = { ...environment, AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "secret" };
    account = awsAccount("eu-west-1", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });

  afterAll(async () => {
    process.env = environment;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    ["kms:DescribeKey", () => account.key(KEY_ARN)],
    ["logs:DescribeLogGroups", () => account.logGroup("events")],
    ["events:DescribeRule", () => account.eventRule("rule")],
    ["lambda:GetFunction", () => account.function("guard")],
    ["iam:GetRole", () => account.role("guard")],
    ["sns:GetTopicAttributes", () => account.topic(TOPIC_ARN)],
    ["s3:ListAllMyBuckets", () => account.bucket("logs")],
    ["cloudwatch:DescribeAlarms", () => account.alarms(["A"])],
    ["cloudwatch:DescribeAlarms", () => account.alarmsByAction()],
    ["events:ListRuleNamesByTarget", () => account.eventRulesOfTarget(TOPIC_ARN)],
    ["cloudtrail:DescribeTrails", () => account.trails()],
  ])("tells what the caller may not, %s, and doesn't take it for missing", async (action, ask) => {
    answers = () => undefined;

    expect(await look<unknown>(ask)).toEqual({
      problem: expect.stringMatching(new RegExp(`^the caller may not ${action}: `)),
    });
  });

  it.each([
    ["key", "NotFoundException", () => account.key(KEY_ARN)],
    ["event rule", "ResourceNotFoundException", () => account.eventRule("rule")],
    ["function", "ResourceNotFoundException", () => account.function("guard")],
    ["role", "NoSuchEntity", () => account.role("guard")],
    ["topic", "NotFound", () => account.topic(TOPIC_ARN)],
  ])("finds no %s where AWS answers %s", async (_, code, ask) => {
    answers = () => ({ code, status: 404 });

    expect(await ask()).toBeUndefined();
  });

  describe("of a bucket", () => {
    const buckets = (...names: string[]): Answer => ({
      body: `<ListAllMyBucketsResult><Buckets>${names.map((name) => `<Bucket><Name>${name}</Name></Bucket>`).join("")}</Buckets></ListAllMyBucketsResult>`,
    });
    const NONE: Readonly<Record<string, string>> = {
      policy: "NoSuchBucketPolicy",
      publicAccessBlock: "NoSuchPublicAccessBlockConfiguration",
      ownershipControls: "OwnershipControlsNotFoundError",
      encryption: "ServerSideEncryptionConfigurationNotFoundError",
      lifecycle: "NoSuchLifecycleConfiguration",
      "object-lock": "ObjectLockConfigurationNotFoundError",
      tagging: "NoSuchTagSet",
    };

    function bucketThat(different: Readonly<Record<string, Answer>>): Answers {
      return (call) =>
        different[call] ??
        (call in NONE
          ? { code: NONE[call] ?? "", status: 404 }
          : call === "location"
            ? {
                body: '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">EU</LocationConstraint>',
              }
            : call === "versioning"
              ? { body: "<VersioningConfiguration/>" }
              : buckets("other", "logs"));
    }

    it("takes what isn't configured for missing", async () => {
      answers = bucketThat({});

      expect(await account.bucket("logs")).toEqual({
        name: "logs",
        isOwned: true,
        region: "eu-west-1",
        policy: { found: undefined },
        settings: {},
        lifecycleRules: [],
        problems: [],
        tags: {},
      });
    });

    it("tells each setting that it couldn't read, and reads the others", async () => {
      answers = bucketThat({
        encryption: DENIED,
        versioning: { body: "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>" },
      });

      expect(await account.bucket("logs")).toMatchObject({
        settings: { versioning: { versioning_configuration: { status: "Enabled" } } },
        problems: [expect.stringContaining("the caller may not s3:GetEncryptionConfiguration")],
      });
    });

    it.each([
      ["NoSuchBucket", 404, undefined],
      ["AccessDenied", 403, { isOwned: false, policy: { problem: expect.stringContaining("may not") } }],
    ])("that is another account's, or nobody's, takes %s for what it says", async (code, status, found) => {
      answers = (call) => (call === "policy" ? { code, status } : buckets("other"));

      const bucket = await account.bucket("logs");

      expect(bucket && { isOwned: bucket.isOwned, policy: bucket.policy }).toEqual(found);
    });
  });

  it("reads all pages of a rule's targets", async () => {
    answers = (call, body) => {
      if (call === "DescribeRule") {
        return { body: { Name: "rule", Arn: "arn" } };
      }
      return call === "ListTagsForResource"
        ? { body: { Tags: [] } }
        : body.includes("NextToken")
          ? { body: { Targets: [{ Id: "2", Arn: "b" }] } }
          : { body: { Targets: [{ Id: "1", Arn: "a" }], NextToken: "more" } };
    };

    const rule = await account.eventRule("rule");

    expect(rule?.targets.map(({ id }) => id)).toEqual(["1", "2"]);
  });

  it("reads all pages of the rules with a target", async () => {
    answers = (_, body) =>
      body.includes("NextToken")
        ? { body: { RuleNames: ["b"] } }
        : { body: { RuleNames: ["a"], NextToken: "more" } };

    expect(await account.eventRulesOfTarget(TOPIC_ARN)).toEqual(["a", "b"]);
  });

  it("reads all pages of alarms, and what each tells of any state", async () => {
    answers = (_, body) =>
      body.includes("NextToken")
        ? { body: { CompositeAlarms: [{ AlarmName: "b", InsufficientDataActions: [TOPIC_ARN] }] } }
        : {
            body: {
              MetricAlarms: [{ AlarmName: "a", AlarmActions: [TOPIC_ARN], OKActions: [TOPIC_ARN] }],
              NextToken: "more",
            },
          };

    expect([...(await account.alarmsByAction())]).toEqual([[TOPIC_ARN, ["a", "b"]]]);
  });

  it("tells a trail's selectors by what they leave out", async () => {
    answers = (call) =>
      call === "GetTrailStatus"
        ? { body: { IsLogging: true } }
        : call === "GetEventSelectors"
          ? {
              body: {
                EventSelectors: [
                  { ReadWriteType: "WriteOnly", IncludeManagementEvents: true, DataResources: [] },
                  { ReadWriteType: "All", IncludeManagementEvents: true, DataResources: [] },
                ],
              },
            }
          : { body: {} };

    const details = await account.trailDetails(TRAIL);

    expect(details.arguments.event_selector).toEqual([{ read_write_type: "WriteOnly" }]);
  });

  it("reads all pages of aliases", async () => {
    answers = (_, body) =>
      body.includes("Marker")
        ? { body: { Aliases: [{ AliasName: "alias/b" }] } }
        : { body: { Aliases: [{ AliasName: "alias/a" }], Truncated: true, NextMarker: "more" } };

    expect([...(await account.keyAliases()).keys()]).toEqual(["alias/a", "alias/b"]);
  });

  it("adopts what it may not read the tags of", async () => {
    answers = (call) =>
      call === "DescribeLogGroups"
        ? { body: { logGroups: [{ logGroupName: "events-2" }, { logGroupName: "events" }] } }
        : undefined;

    expect(await account.logGroup("events")).toMatchObject({ name: "events", tags: undefined });
  });

  it("tells CloudFormation's stack, and no tags of AWS's own", async () => {
    answers = (call) =>
      call === "DescribeLogGroups"
        ? { body: { logGroups: [{ logGroupName: "events" }] } }
        : { body: { tags: { "aws:cloudformation:stack-name": "audit", team: "a" } } };

    const group = await account.logGroup("events");

    expect(group?.tags).toEqual({ team: "a" });
    expect(group?.cloudFormationStack).toBe("audit");
  });
});

/** By the target of JSON calls, the action of query calls, and the setting of S3's. */
function nameOfCall(target: string, url: string, body: string): string {
  const query = [...new URL(url, "http://aws").searchParams.keys()].find((name) => name !== "x-id");
  return target.split(".").at(-1) || /\bAction=(\w+)/.exec(body)?.[1] || query || "";
}

/** An error in the protocol of the call. */
function errorText({ headers, url }: IncomingMessage, code: string): string {
  if (headers["x-amz-target"] !== undefined || url?.includes("/functions/")) {
    return JSON.stringify({ __type: code, message: "no" });
  }
  const error = `<Error><Code>${code}</Code><Message>no</Message></Error>`;
  return headers["content-type"] === "application/x-www-form-urlencoded"
    ? `<ErrorResponse>${error}</ErrorResponse>`
    : error;
}
