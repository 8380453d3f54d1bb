import { emulated, makeStateBucket } from "../../../cli/emulated";
import { Rehearsal } from "../../../cli/rehearsal/rehearsal";
import { type PlayedSlack, playSlack } from "../../../cli/rehearsal/slack";
import { synthesize } from "../../../cli/synthesize";
import { type EnvironmentConfig, parseConfig } from "../../../config";
import { startLivingEmulator } from "../../../local/emulator";
import { emulatorClientSettings, emulatorEnvironment } from "../../../local/environment";
import type { EventPlane } from "../../../local/event-plane/event-plane";
import { Terraform } from "../../../local/terraform";
import { afterwards } from "./afterwards";
import { tempFolder } from "./temp-folder";

/** An environment that is deployed to an emulated AWS in which it acts. */
export interface Rehearsed {
  readonly endpoint: string;
  readonly plane: EventPlane;
  readonly rehearsal: Rehearsal;
  readonly terraform: Terraform;
  readonly slack: PlayedSlack;
  /** Settings of an AWS SDK client, as the user that Terraform is. */
  readonly clientSettings: ReturnType<typeof emulatorClientSettings>;
}

export async function rehearsed(environment: EnvironmentConfig): Promise<Rehearsed> {
  const { main: settings } = parseConfig({ environments: { main: environment } });
  if (settings === undefined) {
    throw new Error("no environment main");
  }
  const { region } = settings;
  const { url: endpoint, plane, stop } = await startLivingEmulator();
  afterwards(stop);
  await makeStateBucket(endpoint, region);
  const terraform = new Terraform({
    folder: synthesize("main", emulated("main", settings, endpoint), tempFolder()),
    environment: emulatorEnvironment(endpoint, region, "terraform"),
  });
  const slack = await playSlack(settings, endpoint, plane);
  afterwards(() => slack.close());
  await terraform.init();
  await terraform.apply();
  const outputs = await terraform.outputs();
  const rehearsal = await Rehearsal.of({ settings, endpoint, plane, outputs });
  return {
    endpoint,
    plane,
    rehearsal,
    terraform,
    slack,
    clientSettings: emulatorClientSettings(endpoint, region, "terraform"),
  };
}
