import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { unzipSync } from "fflate";
import { AuditTrail, TrailGuard, type TrailGuardProps } from "../../../constructs";
import { foreignStack } from "../../support/app";
import { statement, statements, Template } from "../../support/template";

function guardTemplate(props: Partial<TrailGuardProps> = {}): Template {
  const stack = foreignStack();
  const trail = new AuditTrail(stack, "audit", {
    trailName: "audit",
    existingTrail: "audit",
    existingLogGroup: "group",
  });
  new TrailGuard(stack, "guard", { trail, ...props });
  return Template.fromStack(stack);
}

const TRAIL_ARN = expect.stringMatching(/^arn:\$\{.+\}:cloudtrail:\$\{.+\}:\$\{.+\}:trail\/audit$/);

describe("the guard function", () => {
  it("is enable_trail on Lambda's Node 22 and arm64, and knows its trail", () => {
    expect(guardTemplate().resource("aws_lambda_function")).toMatchObject({
      function_name: "enable_trail",
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      environment: { variables: { TRAIL_ARN, GUARD_MODE: "enforce" } },
    });
  });

  it("may start its trail and read its status, write its own log and its queue, and nothing else", () => {
    expect(statements(guardTemplate().resource("aws_iam_role_policy"))).toEqual([
      {
        Sid: "KeepTheTrailLogging",
        Effect: "Allow",
        Action: ["cloudtrail:StartLogging", "cloudtrail:GetTrailStatus"],
        Resource: TRAIL_ARN,
      },
      {
        Sid: "WriteOwnLog",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\..+\.arn\}:log-stream:\*$/),
      },
      {
        Sid: "KeepWhatCouldNotBeHandled",
        Effect: "Allow",
        Action: "sqs:SendMessage",
        Resource: expect.stringMatching(/^\$\{aws_sqs_queue\..+\.arn\}$/),
      },
    ]);
  });

  it("may change nothing in observe mode", () => {
    const template = guardTemplate({ mode: "observe" });

    expect(statements(template.resource("aws_iam_role_policy")).map(({ Sid }) => Sid)).toEqual([
      "WriteOwnLog",
      "KeepWhatCouldNotBeHandled",
    ]);
    expect(template.resource("aws_lambda_function").environment).toEqual({
      variables: { TRAIL_ARN, GUARD_MODE: "observe" },
    });
  });

  it("is woken by StopLogging, and by its own rule only", () => {
    const template = guardTemplate();

    const rule = template.resource("aws_cloudwatch_event_rule");
    expect(rule.name).toBe("enable_trail");
    expect(JSON.parse(String(rule.event_pattern))).toEqual({
      source: ["aws.cloudtrail"],
      "detail-type": ["AWS API Call via CloudTrail"],
      detail: { eventSource: ["cloudtrail.amazonaws.com"], eventName: ["StopLogging"] },
    });
    expect(template.resource("aws_lambda_permission")).toMatchObject({
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      source_arn: expect.stringMatching(/^\$\{aws_cloudwatch_event_rule\..+\.arn\}$/),
    });
  });

  it("loses no event: what can't be delivered or handled is kept, encrypted, for 14 days", () => {
    const template = guardTemplate();

    const queueArn = expect.stringMatching(/^\$\{aws_sqs_queue\..+\.arn\}$/);
    expect(template.resource("aws_sqs_queue")).toMatchObject({
      sqs_managed_sse_enabled: true,
      message_retention_seconds: 14 * 24 * 3600,
    });
    expect(template.resource("aws_cloudwatch_event_target")).toMatchObject({
      target_id: "guard",
      dead_letter_config: { arn: queueArn },
    });
    expect(template.resource("aws_lambda_function_event_invoke_config")).toMatchObject({
      maximum_retry_attempts: 2,
      destination_config: { on_failure: { destination: queueArn } },
    });
    const policy = template.resource("aws_sqs_queue_policy");
    expect(statement(policy, "EventRuleKeepsWhatItCannotDeliver")).toMatchObject({
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Condition: { ArnEquals: { "aws:SourceArn": expect.stringContaining("aws_cloudwatch_event_rule.") } },
    });
    expect(statement(policy, "DenyWithoutTls").Effect).toBe("Deny");
  });

  it("keeps its log encrypted, and no longer than told", () => {
    expect(guardTemplate({ logRetentionDays: 90 }).resource("aws_cloudwatch_log_group")).toMatchObject({
      name: "/aws/lambda/enable_trail",
      retention_in_days: 90,
      kms_key_id: expect.stringContaining("aws_kms_key."),
    });
  });

  it("refuses a name that Lambda does not take", () => {
    expect(() => guardTemplate({ functionName: "no spaces" })).toThrow(
      'functionName must be 1 to 50 letters, digits, "_" or "-", got "no spaces"',
    );
  });
});

describe("the function's archive", () => {
  let outdir: string;
  beforeAll(() => {
    outdir = mkdtempSync(path.join(tmpdir(), "trailwarden-archive-"));
  });
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));

  function writtenArchive(name: string): { hash: string; content: Buffer } {
    const app = new App({ outdir: path.join(outdir, name) });
    const stack = new TerraformStack(app, "foreign");
    new AwsProvider(stack, "aws", { region: "eu-west-1" });
    const trail = new AuditTrail(stack, "audit", { trailName: "a-b-c" });
    new TrailGuard(stack, "guard", { trail });
    app.synth();
    const folder = path.join(outdir, name, "stacks/foreign");
    const json = JSON.parse(readFileSync(path.join(folder, "cdk.tf.json"), "utf8"));
    const [guard] = Object.values(json.resource.aws_lambda_function) as [
      { filename: string; source_code_hash: string },
    ];
    return { hash: guard.source_code_hash, content: readFileSync(path.join(folder, guard.filename)) };
  }

  it("is written beside the stack's JSON with the hash that Lambda reports, the same each time", () => {
    const first = writtenArchive("first");
    const second = writtenArchive("second");

    expect(createHash("sha256").update(first.content).digest("base64")).toBe(first.hash);
    expect(second.content.equals(first.content)).toBe(true);
  });

  it("holds one minified file and no path of the machine", () => {
    const files = unzipSync(writtenArchive("third").content);

    expect(Object.keys(files)).toEqual(["index.js"]);
    expect(Buffer.from(files["index.js"] as Uint8Array).toString()).not.toContain(process.cwd());
  });
});
