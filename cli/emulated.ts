import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
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
    alerts: onThisMachine(settings.alerts),
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

/**
 * Has Terraform make, by the same names, what the environment adopts: an emulator starts empty.
 *
 * @param folder of the stack's Terraform JSON
 */
export function makeWhatIsAdopted(folder: string): void {
  const file = path.join(folder, "cdk.tf.json");
  const { import: imports, ...rest } = JSON.parse(readFileSync(file, "utf8"));
  if (imports !== undefined) {
    writeFileSync(file, JSON.stringify(rest, null, 2));
  }
}

type Alerts = StackSettings["alerts"];

/** Subscribers that the emulator has: none of them is called outside of it. */
const EMULATED_PROTOCOLS: readonly string[] = ["sms"];

/** Alerts without those who aren't on this machine: a rehearsal must not wake whoever is on call. */
function onThisMachine(alerts: Alerts): Alerts {
  const withoutOthers = <Subscriber extends { readonly protocol: string }>(
    subscribers: readonly Subscriber[] | undefined,
  ) => subscribers?.filter(({ protocol }) => EMULATED_PROTOCOLS.includes(protocol));
  return alerts === undefined
    ? undefined
    : {
        ...alerts,
        subscribers: withoutOthers(alerts.subscribers),
        routes: alerts.routes?.map((route) => ({
          ...route,
          subscribers: withoutOthers(route.subscribers),
        })),
        chatbot: [],
      };
}

/** Those who aren't, for people. */
export function leftOut({ alerts = {} }: Pick<StackSettings, "alerts">): string[] {
  const { subscribers = [], routes = [], chatbot = [] } = alerts;
  const others = [...subscribers, ...routes.flatMap((route) => route.subscribers ?? [])].filter(
    ({ protocol }) => !EMULATED_PROTOCOLS.includes(protocol),
  );
  return [
    ...others.map(
      ({ protocol, endpoint, endpointParameter }) => `${protocol} ${endpoint ?? endpointParameter}`,
    ),
    ...chatbot.map(({ name }) => `chatbot ${name}`),
  ];
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
