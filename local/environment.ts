/** The emulator takes any access key; one that nobody issued is taken for a user of that name. */
const DEFAULT_USER = "emulator";

/**
 * Environment variables of a program that must reach the emulator and nothing but the emulator: the caller's own
 * AWS credentials and profiles are kept from it.
 *
 * @param user that it is to the emulator
 */
export function emulatorEnvironment(
  endpoint: string,
  region: string,
  user = DEFAULT_USER,
): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  return {
    ...Object.fromEntries(own),
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: user,
    AWS_SECRET_ACCESS_KEY: user,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** Settings of an AWS SDK client that reaches the emulator. @param user that it is to the emulator */
export function emulatorClientSettings(endpoint: string, region: string, user = DEFAULT_USER) {
  return {
    endpoint,
    region,
    credentials: { accessKeyId: user, secretAccessKey: user },
  };
}

/** Settings of the Terraform AWS provider that an emulator needs. */
export function emulatorProviderSettings(endpoint: string) {
  return { endpoint, s3UsePathStyle: true, skipCredentialsValidation: true, skipMetadataApiCheck: true };
}
