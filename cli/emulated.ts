import { type BucketLocationConstraint, CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { StackSettings } from "../config";
import { emulatorClientSettings, emulatorProviderSettings } from "../local/environment";

/** Bucket of the Terraform state in the emulator. */
export const STATE_BUCKET = "terraform-state";

/**
 * An environment's settings as they are, but for the emulator: its provider settings, and the state in a bucket of
 * its own S3, locked, as a team would keep it.
 */
export function emulated(name: string, settings: StackSettings, endpoint: string): StackSettings {
  return {
    ...settings,
    provider: emulatorProviderSettings(endpoint),
    backend: {
      type: "s3",
      arguments: {
        bucket: STATE_BUCKET,
        key: `trailwarden/${name}.tfstate`,
        region: settings.region,
        use_lockfile: true,
        endpoints: { s3: endpoint },
        use_path_style: true,
        skip_credentials_validation: true,
        skip_metadata_api_check: true,
        skip_requesting_account_id: true,
      },
    },
  };
}

export async function makeStateBucket(endpoint: string, region: string): Promise<void> {
  const s3 = new S3Client({ ...emulatorClientSettings(endpoint, region), forcePathStyle: true });
  await s3.send(
    new CreateBucketCommand({
      Bucket: STATE_BUCKET,
      ...(region === "us-east-1"
        ? {}
        : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } }),
    }),
  );
}
