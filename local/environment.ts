/**
 * Environment variables of a program that must reach the emulator and nothing but the emulator: the caller's own
 * AWS credentials and profiles are kept from it.
 */
export function emulatorEnvironment(endpoint: string, region: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  return {
    ...Object.fromEntries(own),
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    ...EMULATOR_CREDENTIALS,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** The emulator takes any. */
const EMULATOR_CREDENTIALS = { AWS_ACCESS_KEY_ID: "emulator", AWS_SECRET_ACCESS_KEY: "emulator" };

/** Settings of an AWS SDK client that reaches the emulator. */
export function emulatorClientSettings(endpoint: string, region: string) {
  return {
    endpoint,
    region,
    credentials: { accessKeyId: "emulator", secretAccessKey: "emulator" },
  };
}

/** Settings of the Terraform AWS provider that an emulator needs. */
export function emulatorProviderSettings(endpoint: string) {
  return { endpoint, s3UsePathStyle: true, skipCredentialsValidation: true, skipMetadataApiCheck: true };
}
