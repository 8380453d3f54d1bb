import { z } from "zod";
import { isObject, settings, text, url, wholeNumber } from "./settings";

// Arguments of Terraform's backends (Terraform documentation, "Backend Configuration"), in camel case. Secrets have no
// place here: they reach Terraform through its environment variables or `terraform init -backend-config`. All arguments
// are optional, since they may be left to `-backend-config`, or for `cloud` to TF_CLOUD_ORGANIZATION and TF_WORKSPACE.

function backend<Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) {
  return settings({ type: z.literal(type), ...shape });
}

const s3 = backend("s3", {
  bucket: text.optional(),
  key: text.optional(),
  region: text.optional(),
  encrypt: z.boolean().optional(),
  kmsKeyId: text.optional(),
  useLockfile: z.boolean().optional(),
  dynamodbTable: text.optional(),
  acl: text.optional(),
  profile: text.optional(),
  workspaceKeyPrefix: text.optional(),
  assumeRole: settings({
    roleArn: text,
    sessionName: text.optional(),
    externalId: text.optional(),
    duration: text.optional(),
  }).optional(),
  allowedAccountIds: z.array(text).optional(),
  endpoints: settings({ s3: url.optional(), sts: url.optional(), dynamodb: url.optional() }).optional(),
  usePathStyle: z.boolean().optional(),
  skipCredentialsValidation: z.boolean().optional(),
  skipMetadataApiCheck: z.boolean().optional(),
  skipRegionValidation: z.boolean().optional(),
  skipRequestingAccountId: z.boolean().optional(),
  skipS3Checksum: z.boolean().optional(),
});

const gcs = backend("gcs", {
  bucket: text.optional(),
  prefix: text.optional(),
  kmsEncryptionKey: text.optional(),
  impersonateServiceAccount: text.optional(),
  storageCustomEndpoint: url.optional(),
});

const azurerm = backend("azurerm", {
  storageAccountName: text.optional(),
  containerName: text.optional(),
  key: text.optional(),
  resourceGroupName: text.optional(),
  subscriptionId: text.optional(),
  tenantId: text.optional(),
  clientId: text.optional(),
  environment: text.optional(),
  snapshot: z.boolean().optional(),
  useAzureadAuth: z.boolean().optional(),
  useOidc: z.boolean().optional(),
  useMsi: z.boolean().optional(),
});

const http = backend("http", {
  address: url.optional(),
  updateMethod: text.optional(),
  lockAddress: url.optional(),
  lockMethod: text.optional(),
  unlockAddress: url.optional(),
  unlockMethod: text.optional(),
  retryMax: wholeNumber(0, 3600).optional(),
  retryWaitMin: wholeNumber(0, 3600).optional(),
  retryWaitMax: wholeNumber(0, 3600).optional(),
});

const pg = backend("pg", {
  schemaName: text.optional(),
  skipSchemaCreation: z.boolean().optional(),
  skipTableCreation: z.boolean().optional(),
  skipIndexCreation: z.boolean().optional(),
});

const consul = backend("consul", {
  path: text.optional(),
  address: text.optional(),
  scheme: z.enum(["http", "https"]).optional(),
  datacenter: text.optional(),
  gzip: z.boolean().optional(),
  lock: z.boolean().optional(),
  caFile: text.optional(),
  certFile: text.optional(),
  keyFile: text.optional(),
});

const kubernetes = backend("kubernetes", {
  secretSuffix: text.optional(),
  namespace: text.optional(),
  labels: z.record(text, z.string()).optional(),
  inClusterConfig: z.boolean().optional(),
  configPath: text.optional(),
  configContext: text.optional(),
  configContextCluster: text.optional(),
  host: text.optional(),
});

const remote = backend("remote", {
  hostname: text.optional(),
  organization: text.optional(),
  workspaces: settings({ name: text.optional(), prefix: text.optional() }).optional(),
});

const cloud = backend("cloud", {
  hostname: text.optional(),
  organization: text.optional(),
  workspaces: settings({
    name: text.optional(),
    tags: z.array(text).optional(),
    project: text.optional(),
  }).optional(),
});

const local = backend("local", {
  path: text
    .refine((path) => !/^(?:\/|[A-Za-z]:|\\\\)/.test(path), {
      error:
        "is an absolute path; it must be relative to the folder of the stack's JSON, to hold on every machine",
    })
    .optional(),
});

export const backendSchema = z.discriminatedUnion("type", [
  s3,
  gcs,
  azurerm,
  http,
  pg,
  consul,
  kubernetes,
  remote,
  cloud,
  local,
]);

export type BackendConfig = z.output<typeof backendSchema>;

/** Arguments whose keys are the team's own and no names of Terraform's. */
const MAPS = ["labels"];

/** A backend's type, and its arguments under Terraform's own names. */
export function terraformBackend({ type, ...camelCased }: BackendConfig): {
  type: string;
  arguments: Record<string, unknown>;
} {
  return { type, arguments: snakeCased(camelCased) };
}

function snakeCased(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, argument]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      isObject(argument) && !MAPS.includes(name) ? snakeCased(argument) : argument,
    ]),
  );
}

/** Arguments that look like credentials, by backend: refused with the way that Terraform has for them. */
export const BACKEND_SECRETS: Readonly<Record<string, string>> = {
  accessKey: "AWS_ACCESS_KEY_ID or a profile",
  secretKey: "AWS_SECRET_ACCESS_KEY or a profile",
  sessionToken: "AWS_SESSION_TOKEN",
  sseCustomerKey: "AWS_SSE_CUSTOMER_KEY",
  credentials: "GOOGLE_APPLICATION_CREDENTIALS",
  accessToken: "GOOGLE_OAUTH_ACCESS_TOKEN or CONSUL_HTTP_TOKEN",
  encryptionKey: "GOOGLE_ENCRYPTION_KEY",
  clientSecret: "ARM_CLIENT_SECRET",
  sasToken: "ARM_SAS_TOKEN",
  username: "TF_HTTP_USERNAME",
  password: "TF_HTTP_PASSWORD",
  connStr: "PG_CONN_STR",
  httpAuth: "CONSUL_HTTP_AUTH",
  token: "`terraform login` or the backend's environment variable",
};
