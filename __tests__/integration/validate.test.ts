import { copyFileSync } from "node:fs";
import path from "node:path";
import { synthesize } from "../../cli/synthesize";
import { type EnvironmentConfig, parseConfig, type StackSettings } from "../../config";
import { Terraform } from "../../local/terraform";
import { BACKENDS } from "./support/backends";
import { tempFolder } from "./support/temp-folder";

jest.setTimeout(180_000);

const REGION = "ap-northeast-2";
const KEY = `arn:aws:kms:${REGION}:123456789012:key/12345678-1234-4234-8234-123456789012`;

/** Every switch of the configuration, and beside them every type of backend. */
const ENVIRONMENTS: Readonly<Record<string, Omit<EnvironmentConfig, "region">>> = {
  "every default": {},
  "a name prefix and tags, state in S3": {
    namePrefix: "acme-prod-",
    tags: { Owner: "security", "cost:center": "42" },
    backend: BACKENDS.s3,
  },
  "one shared topic and addresses with commas between them, state in GCS": {
    alerts: { topics: "shared", emails: "security@example.com, audit@example.com" },
    backend: BACKENDS.gcs,
  },
  "plain alarms to one topic and other subscribers": {
    alerts: {
      enrich: false,
      topics: "shared",
      subscribers: [
        { protocol: "https", endpoint: "https://alerts.example.com/sns" },
        { protocol: "sqs", endpoint: `arn:aws:sqs:${REGION}:123456789012:alerts` },
        { protocol: "sms", endpoint: "+821012345678" },
      ],
    },
  },
  "routes, Slack, every kind of subscriber and a chat channel": {
    namePrefix: "acme-",
    alerts: {
      emails: ["security@example.com"],
      subscribers: [
        { protocol: "https", endpointParameter: "/alerts/pagerduty-url", receives: "alarms" },
        { protocol: "lambda", endpoint: `arn:aws:lambda:${REGION}:123456789012:function:alerts` },
      ],
      routes: [
        { name: "all", slack: [{ name: "all", secret: "alerts/slack", keyArn: KEY }] },
        {
          name: "urgent",
          severities: ["critical", "high"],
          detections: ["console-sign-in-failures", "trail-guard"],
          emails: "oncall@example.com",
          subscribers: [{ protocol: "sms", endpoint: "+821012345678" }],
          slack: [
            { name: "urgent", parameter: "/alerts/slack-urgent" },
            {
              name: "bridge",
              secret: `arn:aws:secretsmanager:${REGION}:123456789012:secret:alerts/bridge-Ab1Cd2`,
            },
          ],
        },
      ],
      chatbot: [{ name: "security", slackWorkspaceId: "T0123456789", slackChannelId: "C0123456789" }],
    },
  },
  "object lock, a bucket that may be destroyed and retentions of its own, state in Azure": {
    trail: { name: "audit.trail_1", objectLock: { mode: "COMPLIANCE", days: 400 }, forceDestroy: true },
    retention: { logGroupDays: 731, bucketDays: 3650 },
    backend: BACKENDS.azurerm,
  },
  "an existing trail and log group by their names, state over HTTP": {
    trail: { existingTrail: "central", existingLogGroup: "central-logs" },
    backend: BACKENDS.http,
  },
  "an existing trail, log group and key by their ARNs, state in PostgreSQL": {
    trail: {
      existingTrail: `arn:aws:cloudtrail:${REGION}:123456789012:trail/central`,
      existingLogGroup: `arn:aws:logs:${REGION}:123456789012:log-group:central-logs:*`,
      existingKey: KEY,
    },
    backend: BACKENDS.pg,
  },
  "an existing bucket, key and log group, state in Consul": {
    trail: { existingBucket: "arn:aws:s3:::log-files", existingKey: KEY, existingLogGroup: "/audit" },
    backend: BACKENDS.consul,
  },
  "a guard that observes, two EC2 states, state in Kubernetes": {
    guard: { mode: "observe" },
    ec2States: ["shutting-down", "terminated"],
    backend: BACKENDS.kubernetes,
  },
  "no guard and no EC2 states, state in a remote workspace": {
    guard: { mode: "off" },
    ec2States: [],
    backend: BACKENDS["remote, one workspace"],
  },
  "detections left out and overridden, state in HCP Terraform": {
    detections: {
      preset: "aws-guide",
      disabled: ["security-group-changes"],
      overrides: {
        "console-sign-in-failures": { name: "Sign-in failures", threshold: 5, periodSeconds: 60 },
        "iam-policy-changes": { threshold: 0.5, periodSeconds: 86400 },
      },
    },
    backend: BACKENDS["cloud, workspaces with tags"],
  },
  "every preset in both dialects, principals passed over and a detection of one's own": {
    namePrefix: "acme-prod-",
    detections: {
      preset: ["security-hub", "cis-3.0", "aws-guide", "tamper"],
      dialect: "both",
      ignorePrincipals: ["arn:aws:iam::123456789012:role/Deploy"],
      own: [
        {
          id: "snapshot-shared",
          title: "Snapshot shared",
          description: "Raises alarms if the attributes of a snapshot change",
          severity: "high",
          filterPattern: "{ $.eventName = ModifySnapshotAttribute }",
          runbook: ["See with whom it is shared.", "Ask its owner.", "Take the permission back."],
          examples: {
            matches: [{ eventSource: "ec2.amazonaws.com", eventName: "ModifySnapshotAttribute" }],
            ignores: [{ eventSource: "ec2.amazonaws.com", eventName: "CreateSnapshot" }],
          },
        },
      ],
    },
  },
  "no detections, the settings of an emulator, state in a file": {
    detections: {
      disabled: ["security-group-changes", "console-sign-in-failures", "iam-policy-changes"],
    },
    provider: {
      endpoint: "http://127.0.0.1:4566",
      s3UsePathStyle: true,
      skipCredentialsValidation: true,
      skipMetadataApiCheck: true,
      skipRequestingAccountId: true,
    },
    backend: BACKENDS.local,
  },
};

function stackFolder(environment: Omit<EnvironmentConfig, "region">): string {
  const config = { environments: { main: { region: REGION, ...environment } } };
  return synthesize("main", parseConfig(config).main as StackSettings, tempFolder());
}

/** Where the provider was installed to, once for all stacks. */
let installed: string;

beforeAll(async () => {
  installed = stackFolder({});
  const terraform = new Terraform({ folder: installed, environment: process.env });
  await terraform.init("-backend=false");
});

describe("the provider's schema", () => {
  it.concurrent.each(Object.entries(ENVIRONMENTS))("takes a stack with %s", async (_, environment) => {
    const folder = stackFolder(environment);
    copyFileSync(path.join(installed, ".terraform.lock.hcl"), path.join(folder, ".terraform.lock.hcl"));
    const terraform = new Terraform({
      folder,
      environment: { ...process.env, TF_DATA_DIR: path.join(installed, ".terraform") },
    });

    expect(await terraform.run(["validate", "-no-color"])).toContain("Success! The configuration is valid.");
  });
});
