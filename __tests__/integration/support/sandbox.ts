import { readFileSync } from "node:fs";
import path from "node:path";
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  GetObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { emulated, makeStateBucket, STATE_BUCKET } from "../../../cli/emulated";
import { synthesize } from "../../../cli/synthesize";
import { type EnvironmentConfig, parseConfig, type StackSettings } from "../../../config";
import { startEmulator } from "../../../local/emulator";
import { emulatorClientSettings, emulatorEnvironment } from "../../../local/environment";
import { Terraform } from "../../../local/terraform";
import { findTool, TERRAFORM } from "../../../local/tools";
import { Account } from "./account";
import { afterwards } from "./afterwards";
import { Command } from "./command";
import { HoldingProxy } from "./holding-proxy";
import { tempFolder } from "./temp-folder";

const STATE_KEY = "trailwarden/main.tfstate";

/** An emulated AWS that an environment is deployed to, with the Terraform state in a bucket of its own. */
export class Sandbox {
  /** Every call to the emulator passes through it. */
  readonly proxy: HoldingProxy;
  readonly region: string;
  readonly account: Account;
  private readonly s3: S3Client;

  private constructor(
    proxy: HoldingProxy,
    private readonly settings: StackSettings,
  ) {
    this.proxy = proxy;
    this.region = settings.region;
    this.account = new Account(this.clientSettings());
    this.s3 = new S3Client({ ...this.clientSettings(), forcePathStyle: true });
  }

  static async open(environment: EnvironmentConfig): Promise<Sandbox> {
    const settings = settingsOf(environment);
    const emulator = await startEmulator();
    afterwards(() => emulator.stop());
    const proxy = await HoldingProxy.before(emulator.url);
    await makeStateBucket(proxy.url, settings.region);
    return new Sandbox(proxy, settings);
  }

  get endpoint(): string {
    return this.proxy.url;
  }

  /** Settings of an AWS SDK client that asks the emulator. */
  clientSettings() {
    return emulatorClientSettings(this.endpoint, this.region);
  }

  /** Environment variables of a program that reaches the emulator and nothing else. */
  environment(): NodeJS.ProcessEnv {
    return emulatorEnvironment(this.endpoint, this.region);
  }

  /**
   * The environment synthesized in a new folder, as on another machine.
   *
   * @param changed what it became since the sandbox was opened
   */
  checkout(changed?: EnvironmentConfig): Checkout {
    const settings = changed === undefined ? this.settings : settingsOf(changed);
    const folder = synthesize("main", emulated("main", settings, this.endpoint), tempFolder());
    // Terraform that is killed leaves its temporary files.
    return new Checkout(folder, { ...this.environment(), TMPDIR: tempFolder() });
  }

  /** A bucket that was there before the environment. */
  async makeBucket(name: string): Promise<void> {
    const LocationConstraint = this.region as BucketLocationConstraint;
    await this.s3.send(
      new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration: { LocationConstraint } }),
    );
  }

  /** Addresses of the resources in the remote state, with a mark on those that Terraform will replace. */
  async stateResources(): Promise<string[]> {
    const state = (await this.object(STATE_KEY)) as TerraformState | undefined;
    return (state?.resources ?? [])
      .filter(({ mode }) => mode === "managed")
      .map(({ type, name, instances: [instance] }) =>
        instance?.status === "tainted" ? `${type}.${name} (tainted)` : `${type}.${name}`,
      );
  }

  /** Who holds the lock of the state; undefined when nobody does. */
  async lock(): Promise<StateLock | undefined> {
    return (await this.object(`${STATE_KEY}.tflock`)) as StateLock | undefined;
  }

  private async object(key: string): Promise<unknown> {
    try {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: STATE_BUCKET, Key: key }));
      return JSON.parse((await Body?.transformToString()) ?? "");
    } catch (error) {
      if ((error as Error).name === "NoSuchKey") {
        return undefined;
      }
      throw error;
    }
  }
}

function settingsOf(environment: EnvironmentConfig): StackSettings {
  return parseConfig({ environments: { main: environment } }).main as StackSettings;
}

interface TerraformState {
  readonly resources: readonly {
    readonly mode: "managed" | "data";
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly status?: "tainted" }[];
  }[];
}

export interface StateLock {
  readonly ID: string;
  readonly Operation: string;
}

/** A folder with the environment's Terraform JSON. */
export class Checkout {
  readonly terraform: Terraform;

  constructor(
    readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {
    const stopping = new AbortController();
    this.terraform = new Terraform({ folder, environment, signal: stopping.signal });
    afterwards(() => stopping.abort());
  }

  /** Addresses of the resources in the configuration. */
  resources(): string[] {
    const { resource } = JSON.parse(readFileSync(path.join(this.folder, "cdk.tf.json"), "utf8")) as {
      resource: Record<string, Record<string, unknown>>;
    };
    return Object.entries(resource).flatMap(([type, named]) =>
      Object.keys(named).map((name) => `${type}.${name}`),
    );
  }

  /** Starts Terraform, for a test to watch and to interrupt. */
  start(...args: string[]): Command {
    return new Command(findTool(TERRAFORM), args, this.folder, this.environment);
  }
}
