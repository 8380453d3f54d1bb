import { type EnvironmentConfig, parseConfig } from "../../../config";

type BackendConfig = NonNullable<EnvironmentConfig["backend"]>;

function rendered(backend: BackendConfig) {
  return parseConfig({ environments: { main: { region: "eu-west-1", backend } } }).main?.backend;
}

function complaint(backend: unknown): string {
  try {
    parseConfig({ environments: { main: { region: "eu-west-1", backend } } });
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("a backend", () => {
  it.each<[BackendConfig, Record<string, unknown>]>([
    [
      {
        type: "s3",
        bucket: "state",
        key: "main.tfstate",
        region: "eu-west-1",
        useLockfile: true,
        kmsKeyId: "alias/state",
      },
      {
        bucket: "state",
        key: "main.tfstate",
        region: "eu-west-1",
        use_lockfile: true,
        kms_key_id: "alias/state",
      },
    ],
    [
      {
        type: "s3",
        assumeRole: { roleArn: "arn:aws:iam::123456789012:role/state" },
        endpoints: { s3: "https://s3.example.com" },
      },
      {
        assume_role: { role_arn: "arn:aws:iam::123456789012:role/state" },
        endpoints: { s3: "https://s3.example.com" },
      },
    ],
    [{ type: "s3", skipS3Checksum: true }, { skip_s3_checksum: true }],
    [
      { type: "gcs", bucket: "state", prefix: "main", impersonateServiceAccount: "sa" },
      { bucket: "state", prefix: "main", impersonate_service_account: "sa" },
    ],
    [
      { type: "azurerm", storageAccountName: "a", containerName: "c", key: "k", useAzureadAuth: true },
      { storage_account_name: "a", container_name: "c", key: "k", use_azuread_auth: true },
    ],
    [
      {
        type: "http",
        address: "https://state.example.com/main",
        lockAddress: "https://state.example.com/lock",
      },
      { address: "https://state.example.com/main", lock_address: "https://state.example.com/lock" },
    ],
    [{ type: "pg", schemaName: "main" }, { schema_name: "main" }],
    [
      { type: "consul", path: "trailwarden/main", scheme: "https" },
      { path: "trailwarden/main", scheme: "https" },
    ],
    [
      { type: "kubernetes", secretSuffix: "main", labels: { ownerTeam: "security" }, inClusterConfig: true },
      { secret_suffix: "main", labels: { ownerTeam: "security" }, in_cluster_config: true },
    ],
    [
      { type: "remote", organization: "o", workspaces: { name: "w" } },
      { organization: "o", workspaces: { name: "w" } },
    ],
    [
      { type: "cloud", organization: "o", workspaces: { tags: ["a"] } },
      { organization: "o", workspaces: { tags: ["a"] } },
    ],
    [{ type: "local", path: "../../../state/main.tfstate" }, { path: "../../../state/main.tfstate" }],
  ])("has its arguments under Terraform's own names: %j", (backend, expected) => {
    expect(rendered(backend)).toEqual({ type: backend.type, arguments: expected });
  });

  it.each(["s3", "gcs", "azurerm", "http", "pg", "consul", "kubernetes", "remote", "cloud"] as const)(
    "may leave everything to `terraform init` and its environment: %s",
    (type) => {
      expect(rendered({ type })).toEqual({ type, arguments: {} });
    },
  );

  it("of a local file without a path is left to the stack, which keeps it out of cdktf.out", () => {
    expect(rendered({ type: "local" })).toBeUndefined();
  });

  it.each([
    [{}, /^environments\.main\.backend\.type: missing; expected one of s3, gcs, azurerm, /],
    [
      { type: "s3", assumeRole: { roleArn: "r", token: "x" } },
      /^environments\.main\.backend\.assumeRole\.token: a secret has no place/,
    ],
    [
      { type: "cloud", workspaces: { names: ["w"] } },
      /^environments\.main\.backend\.workspaces\.names: no such setting; allowed are name, tags, project$/,
    ],
    [{ type: "swift" }, /^environments\.main\.backend\.type: "swift" is not one of s3, gcs, azurerm, /],
    [{ type: "s3", bucket: 1 }, /^environments\.main\.backend\.bucket: 1 is not text$/],
    [{ type: "s3", bucket: "" }, /^environments\.main\.backend\.bucket: "" is empty$/],
    [
      { type: "gcs", key: "k" },
      /^environments\.main\.backend\.key: no such setting; allowed are type, bucket, prefix/,
    ],
    [
      { type: "local", path: "/var/state" },
      /^environments\.main\.backend\.path: "\/var\/state" is an absolute path; it must be relative/,
    ],
    [
      { type: "pg", connStr: "postgres://u:hunter2@h/d" },
      /^environments\.main\.backend\.connStr: a secret .* use PG_CONN_STR$/,
    ],
  ])("is refused with what is allowed: %j", (backend, expected) => {
    expect(complaint(backend)).toMatch(expected);
  });
});
