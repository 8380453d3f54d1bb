import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

export const RECORDS_PER_FILE = 4000;

/**
 * Writes gzipped logs as CloudTrail does: the calls of an account of some size, 2 to 3 in a hundred of them of the
 * kind that detections are for. The same on every machine.
 */
export function writeCloudTrailLogs(folder: string, files: number): void {
  mkdirSync(folder, { recursive: true });
  const next = recordWriter();
  for (let file = 0; file < files; file++) {
    const records = Array.from({ length: RECORDS_PER_FILE }, next);
    const name = `${ACCOUNT}_CloudTrail_${REGION}_${String(file).padStart(6, "0")}.json.gz`;
    writeFileSync(path.join(folder, name), gzipSync(`{"Records":[${records.join(",")}]}`));
  }
}

/** @returns JSON of one record after the other, as they stand in {@link writeCloudTrailLogs}'s files */
export function recordWriter(): () => string {
  const random = new Random(1);
  let time = Date.parse("2026-03-02T00:00:00Z");
  return () => {
    time += random.below(600);
    return record(random, time);
  };
}

const ACCOUNT = "111122223333";
/** Of the records. */
export const REGION = "eu-central-1";
const BASE_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Numbers that are the same in each run (the generator mulberry32). */
class Random {
  constructor(private state: number) {}

  /** @returns a whole number from 0 up to, but not including, `limit` */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit) | 0;
  }

  of<Choice>(choices: readonly Choice[]): Choice {
    return choices[this.below(choices.length)] as Choice;
  }

  hex(digits: number): string {
    let text = "";
    while (text.length < digits) {
      text += this.below(2 ** 24)
        .toString(16)
        .padStart(6, "0");
    }
    return text.slice(0, digits);
  }

  key(prefix: string): string {
    let text = prefix;
    while (text.length < 20) {
      text += BASE_36.charAt(this.below(36));
    }
    return text;
  }

  uuid(): string {
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-a${this.hex(3)}-${this.hex(12)}`;
  }

  address(): string {
    return `203.0.${this.below(114)}.${this.below(256)}`;
  }
}

interface Call {
  readonly service: string;
  readonly name: string;
  readonly weight: number;
  readonly readOnly: boolean;
  readonly parameters: (random: Random) => unknown;
  readonly response?: (random: Random) => unknown;
  readonly errorCode?: string;
}

const instance = (random: Random) => `i-0${random.hex(16)}`;
const bucket = (random: Random) =>
  `example-${random.of(["assets", "reports", "backups"])}-${random.below(40)}`;
const role = (random: Random) => `arn:aws:iam::${ACCOUNT}:role/service-role/worker-${random.below(60)}`;
const filters = (random: Random) => ({
  maxResults: 100,
  filterSet: {
    items: [
      {
        name: "tag:Environment",
        valueSet: { items: [{ value: random.of(["production", "staging", "test"]) }] },
      },
      { name: "instance-state-name", valueSet: { items: [{ value: "running" }, { value: "pending" }] } },
    ],
  },
});
const credentials = (random: Random) => ({
  credentials: {
    accessKeyId: random.key("ASIA"),
    sessionToken: random.hex(300),
    expiration: "Mar 2, 2026, 10:14:27 AM",
  },
  assumedRoleUser: { assumedRoleId: `${random.key("AROA")}:worker`, arn: role(random) },
});
const policy = (random: Random) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject"],
        Resource: `arn:aws:s3:::${bucket(random)}/*`,
        Condition: { StringEquals: { "aws:PrincipalOrgID": `o-${random.hex(10)}` } },
      },
    ],
  });

/** What an account is full of, and below it what detections are for; `weight` is per 1,000 records. */
const CALLS: readonly Call[] = [
  {
    service: "sts",
    name: "AssumeRole",
    weight: 190,
    readOnly: true,
    parameters: (random) => ({
      roleArn: role(random),
      roleSessionName: `worker-${random.hex(8)}`,
      durationSeconds: 3600,
    }),
    response: credentials,
  },
  {
    service: "kms",
    name: "Decrypt",
    weight: 120,
    readOnly: true,
    parameters: (random) => ({
      encryptionContext: { "aws:s3:arn": `arn:aws:s3:::${bucket(random)}/${random.uuid()}` },
      encryptionAlgorithm: "SYMMETRIC_DEFAULT",
    }),
  },
  {
    service: "kms",
    name: "GenerateDataKey",
    weight: 60,
    readOnly: true,
    parameters: (random) => ({
      keySpec: "AES_256",
      keyId: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${random.uuid()}`,
    }),
  },
  { service: "ec2", name: "DescribeInstances", weight: 90, readOnly: true, parameters: filters },
  { service: "ec2", name: "DescribeNetworkInterfaces", weight: 50, readOnly: true, parameters: filters },
  { service: "ec2", name: "DescribeSecurityGroups", weight: 30, readOnly: true, parameters: filters },
  {
    service: "s3",
    name: "GetBucketAcl",
    weight: 60,
    readOnly: true,
    parameters: (random) => ({ bucketName: bucket(random), Host: `s3.${REGION}.amazonaws.com`, acl: "" }),
  },
  {
    service: "s3",
    name: "GetBucketPolicy",
    weight: 25,
    readOnly: true,
    parameters: (random) => ({ bucketName: bucket(random), Host: `s3.${REGION}.amazonaws.com`, policy: "" }),
  },
  {
    service: "logs",
    name: "CreateLogStream",
    weight: 60,
    readOnly: false,
    parameters: (random) => ({
      logGroupName: `/aws/lambda/worker-${random.below(60)}`,
      logStreamName: `2026/03/02/[$LATEST]${random.hex(32)}`,
    }),
  },
  {
    service: "logs",
    name: "DescribeLogGroups",
    weight: 25,
    readOnly: true,
    parameters: () => ({ logGroupNamePrefix: "/aws/lambda/" }),
  },
  {
    service: "monitoring",
    name: "DescribeAlarms",
    weight: 30,
    readOnly: true,
    parameters: () => ({ maxRecords: 100, stateValue: "ALARM" }),
  },
  {
    service: "lambda",
    name: "GetFunction20150331v2",
    weight: 35,
    readOnly: true,
    parameters: (random) => ({ functionName: `worker-${random.below(60)}` }),
  },
  {
    service: "lambda",
    name: "ListTags20170331",
    weight: 20,
    readOnly: true,
    parameters: (random) => ({
      resource: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:worker-${random.below(60)}`,
    }),
  },
  {
    service: "iam",
    name: "GetRole",
    weight: 35,
    readOnly: true,
    parameters: (random) => ({ roleName: `worker-${random.below(60)}` }),
  },
  {
    service: "iam",
    name: "ListAttachedRolePolicies",
    weight: 20,
    readOnly: true,
    parameters: (random) => ({ roleName: `worker-${random.below(60)}` }),
  },
  {
    service: "dynamodb",
    name: "DescribeTable",
    weight: 30,
    readOnly: true,
    parameters: (random) => ({ tableName: `orders-${random.below(9)}` }),
  },
  {
    service: "sqs",
    name: "GetQueueAttributes",
    weight: 20,
    readOnly: true,
    parameters: (random) => ({
      queueUrl: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/jobs-${random.below(20)}`,
      attributeNames: ["All"],
    }),
  },
  {
    service: "ecs",
    name: "DescribeTasks",
    weight: 20,
    readOnly: true,
    parameters: (random) => ({
      cluster: "production",
      tasks: Array.from(
        { length: 1 + random.below(8) },
        () => `arn:aws:ecs:${REGION}:${ACCOUNT}:task/production/${random.hex(32)}`,
      ),
    }),
  },
  {
    service: "ssm",
    name: "UpdateInstanceInformation",
    weight: 30,
    readOnly: false,
    parameters: (random) => ({
      instanceId: instance(random),
      agentVersion: "3.3.1611.0",
      agentStatus: "Active",
      platformType: "Linux",
      platformName: "Amazon Linux",
      platformVersion: "2023",
      iPAddress: `10.0.${random.below(256)}.${random.below(256)}`,
      computerName: `ip-10-0-${random.below(256)}-${random.below(256)}.${REGION}.compute.internal`,
      agentName: "amazon-ssm-agent",
    }),
  },
  {
    service: "ec2",
    name: "CreateTags",
    weight: 15,
    readOnly: false,
    parameters: (random) => ({
      resourcesSet: { items: [{ resourceId: instance(random) }] },
      tagSet: {
        items: [
          { key: "Name", value: `worker-${random.below(60)}` },
          { key: "Owner", value: "platform" },
        ],
      },
    }),
    response: (random) => ({ requestId: random.uuid(), _return: true }),
  },
  {
    service: "iam",
    name: "PassRole",
    weight: 5,
    readOnly: false,
    parameters: (random) => ({ roleName: role(random), policyDocument: policy(random) }),
  },
  {
    service: "ec2",
    name: "CreateNetworkInterface",
    weight: 5,
    readOnly: false,
    parameters: (random) => ({
      subnetId: `subnet-0${random.hex(16)}`,
      description: "AWS Lambda VPC ENI",
      groupSet: { items: [{ groupId: `sg-0${random.hex(16)}` }] },
    }),
  },

  {
    service: "ec2",
    name: "AuthorizeSecurityGroupIngress",
    weight: 5,
    readOnly: false,
    parameters: (random) => ({
      groupId: `sg-0${random.hex(16)}`,
      ipPermissions: {
        items: [
          {
            ipProtocol: "tcp",
            fromPort: 443,
            toPort: 443,
            groups: {},
            ipRanges: { items: [{ cidrIp: "10.0.0.0/8" }] },
            ipv6Ranges: {},
            prefixListIds: {},
          },
        ],
      },
    }),
    response: (random) => ({ requestId: random.uuid(), _return: true }),
  },
  {
    service: "iam",
    name: "PutRolePolicy",
    weight: 4,
    readOnly: false,
    parameters: (random) => ({
      roleName: `worker-${random.below(60)}`,
      policyName: "inline",
      policyDocument: policy(random),
    }),
  },
  {
    service: "iam",
    name: "AttachRolePolicy",
    weight: 4,
    readOnly: false,
    parameters: (random) => ({
      roleName: `worker-${random.below(60)}`,
      policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
    }),
  },
  {
    service: "s3",
    name: "PutBucketPolicy",
    weight: 2,
    readOnly: false,
    parameters: (random) => ({ bucketName: bucket(random), bucketPolicy: JSON.parse(policy(random)) }),
  },
  {
    service: "cloudtrail",
    name: "StopLogging",
    weight: 1,
    readOnly: false,
    parameters: () => ({ name: "trailwarden" }),
  },
  {
    service: "s3",
    name: "GetBucketLogging",
    weight: 9,
    readOnly: true,
    parameters: (random) => ({ bucketName: bucket(random), logging: "" }),
    errorCode: "AccessDenied",
  },
];

/** Each call as often as its weight says. */
const MIX = CALLS.flatMap((call) => Array<Call>(call.weight).fill(call));

function record(random: Random, time: number): string {
  const call = random.of(MIX);
  const eventTime = new Date(time).toISOString().replace(/\.\d+/, "");
  const sourceIPAddress = random.below(3) === 0 ? `${call.service}.amazonaws.com` : random.address();
  return JSON.stringify({
    eventVersion: "1.11",
    userIdentity: random.below(8) === 0 ? user(random) : session(random, eventTime),
    eventTime,
    eventSource: `${call.service}.amazonaws.com`,
    eventName: call.name,
    awsRegion: REGION,
    sourceIPAddress,
    userAgent: random.of(USER_AGENTS),
    ...(call.errorCode === undefined
      ? {}
      : {
          errorCode: call.errorCode,
          errorMessage: `User is not authorized to perform: ${call.service}:${call.name}`,
        }),
    requestParameters: call.parameters(random),
    responseElements: call.response?.(random) ?? null,
    requestID: random.uuid(),
    eventID: random.uuid(),
    readOnly: call.readOnly,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: "Management",
    tlsDetails: {
      tlsVersion: "TLSv1.3",
      cipherSuite: "TLS_AES_128_GCM_SHA256",
      clientProvidedHostHeader: `${call.service}.${REGION}.amazonaws.com`,
    },
  });
}

const USER_AGENTS = [
  "aws-sdk-go-v2/1.36.3 ua/2.1 os/linux lang/go#1.24.1 md/GOOS#linux md/GOARCH#arm64 api/sts#1.33.17 m/E",
  "Boto3/1.37.11 md/Botocore#1.37.11 ua/2.0 os/linux#6.1.128 md/arch#x86_64 lang/python#3.13.2 md/pyimpl#CPython cfg/retry-mode#standard",
  "APN/1.0 HashiCorp/1.0 Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-aws/5.100.0 (+https://registry.terraform.io/providers/hashicorp/aws)",
  "lambda.amazonaws.com",
  "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
];

function user(random: Random) {
  const userName = random.of(["alice", "bob", "carol", "dave"]);
  return {
    type: "IAMUser",
    principalId: `AIDACKCEVSQ6C2${userName.toUpperCase()}`,
    arn: `arn:aws:iam::${ACCOUNT}:user/${userName}`,
    accountId: ACCOUNT,
    accessKeyId: `AKIAIOSFODNN7${userName.toUpperCase()}`,
    userName,
  };
}

function session(random: Random, creationDate: string) {
  const worker = random.below(60);
  const userName = `worker-${worker}`;
  const principalId = `AROACKCEVSQ6C2EXAM${String(worker).padStart(2, "0")}`;
  const name = random.of([instance(random), "alice@example.com", `worker-${random.hex(8)}`]);
  return {
    type: "AssumedRole",
    principalId: `${principalId}:${name}`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${userName}/${name}`,
    accountId: ACCOUNT,
    accessKeyId: random.key("ASIA"),
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId,
        arn: `arn:aws:iam::${ACCOUNT}:role/service-role/${userName}`,
        accountId: ACCOUNT,
        userName,
      },
      attributes: { creationDate, mfaAuthenticated: "false" },
    },
  };
}
