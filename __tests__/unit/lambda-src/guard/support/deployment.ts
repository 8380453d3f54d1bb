import { deflateRawSync } from "node:zlib";
import {
  type DeclaredBucket,
  type DeclaredState,
  type DeclaredTrailSettings,
  DICTIONARY,
  declaredStateText,
  placeholder,
} from "../../../../../lambda-src/guard/declared-state";
import { GUARD_ROWS, type GuardMode, type GuardRow } from "../../../../../lambda-src/guard/rows";
import { type GuardSettings, guardParameterNames } from "../../../../../lambda-src/guard/settings";

export const ACCOUNT = "123456789012";
export const REGION = "ap-northeast-2";
export const TRAIL_ARN = arn("cloudtrail", "trail/trailwarden");
export const BUCKET = `trailwarden-${ACCOUNT}-${REGION}`;
export const KEY_ID = "11111111-2222-3333-4444-555555555555";
export const KEY_ARN = arn("kms", `key/${KEY_ID}`);
export const LOG_GROUP = "/aws/cloudtrail/trailwarden";
export const TOPIC_ARN = arn("sns", "trailwarden-alerts");
export const GUARD_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/enable_trail`;
export const PARAMETERS = guardParameterNames("/trailwarden/enable_trail");

export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}

export const TRAIL_SETTINGS: DeclaredTrailSettings = {
  bucketName: BUCKET,
  keyArn: KEY_ARN,
  logGroupArn: `${arn("logs", `log-group:${LOG_GROUP}`)}:*`,
  roleArn: `arn:aws:iam::${ACCOUNT}:role/trailwarden-log-delivery`,
  multiRegion: true,
  globalServiceEvents: true,
  logFileValidation: true,
  eventSelectors: [{ readWriteType: "All", includeManagementEvents: true }],
  insightSelectors: ["ApiCallRateInsight"],
  tags: { Environment: "production", Owner: "security" },
};

export const DECLARED_BUCKET: DeclaredBucket = {
  name: BUCKET,
  policy: {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AWSCloudTrailWrite",
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: `arn:aws:s3:::${BUCKET}/AWSLogs/${ACCOUNT}/*`,
        Condition: { StringEquals: { "aws:SourceArn": TRAIL_ARN } },
      },
      {
        Sid: "DenyWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  },
  lifecycle: {
    id: "expire-log-files",
    expiration: 3650,
    noncurrentVersionExpiration: 90,
    abortIncompleteMultipartUpload: 7,
  },
  encryptionKeyArn: KEY_ARN,
};

/** A whole deployment. */
export const DECLARED: DeclaredState = {
  trail: { arn: TRAIL_ARN, settings: TRAIL_SETTINGS },
  bucket: DECLARED_BUCKET,
  key: { arn: KEY_ARN },
  logGroup: {
    name: LOG_GROUP,
    retentionDays: 365,
    keyArn: KEY_ARN,
    metricFilters: ["root-account-usage", "cloudtrail-changes"].map((name) => ({
      name,
      pattern: `{ $.eventName = "${name}" }`,
      namespace: "Trailwarden",
      metricName: name,
    })),
  },
  alarms: [
    { name: "root-account-usage", tells: true },
    { name: "cloudtrail-changes", tells: true },
    { name: "enable_trail_errors", tells: false },
  ],
  rules: ["enable_trail_stop_logging", "enable_trail_tampering"],
};

/** What a parameter holds of a declared state; each of the values stands in the document as a placeholder. */
export function textOf(declared: unknown, values: readonly string[] = []): string {
  const document = values.reduce(
    (json, value, index) => json.replaceAll(JSON.stringify(value).slice(1, -1), placeholder(index)),
    JSON.stringify(declared),
  );
  return declaredStateText(
    deflateRawSync(document, { dictionary: Buffer.from(DICTIONARY) }).toString("base64"),
    values,
  );
}

/** Of the guard, as Terraform sets it up. */
export function guardSettingsOf(
  settings: Partial<Omit<GuardSettings, "modes">> & {
    readonly modes?: Partial<Record<GuardRow, GuardMode>>;
  } = {},
): GuardSettings {
  return {
    trailArn: TRAIL_ARN,
    topicArn: TOPIC_ARN,
    functionName: "enable_trail",
    roleArn: GUARD_ROLE_ARN,
    parameters: PARAMETERS,
    exemptPrincipals: [],
    repairLimit: 100,
    repairWindowMinutes: 15,
    gracePeriodMinutes: 30,
    longestPauseMinutes: 240,
    ...settings,
    modes: modesOf("enforce", settings.modes),
  };
}

export function modesOf(
  mode: GuardMode,
  own: Partial<Record<GuardRow, GuardMode>> = {},
): Record<GuardRow, GuardMode> {
  return {
    ...(Object.fromEntries(GUARD_ROWS.map((row) => [row, mode])) as Record<GuardRow, GuardMode>),
    ...own,
  };
}
