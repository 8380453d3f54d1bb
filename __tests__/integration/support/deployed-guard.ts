import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { emulatorEnvironment } from "../../../local/environment";
import { type DeployedFunction, type Invocation, invoke, unpack } from "../../../local/function-runner";
import { afterwards } from "./afterwards";
import type { Checkout, Sandbox } from "./sandbox";

/** The guard function of a deployment: the archive that Terraform uploaded, configured as the emulator has it. */
export class DeployedGuard {
  private constructor(
    private readonly sandbox: Sandbox,
    private readonly deployed: DeployedFunction,
    readonly sha256: string,
  ) {}

  static async of(sandbox: Sandbox, { folder }: Checkout): Promise<DeployedGuard> {
    const { configuration } = await sandbox.account.guardFunction("enable_trail");
    const [zip = ""] = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
      /guard_archive.*function\.zip$/.test(file),
    );
    const archive = readFileSync(path.join(folder, zip));
    const deployed = {
      name: "enable_trail",
      folder: unpack(archive),
      handler: configuration.Handler ?? "",
      environment: configuration.Environment?.Variables ?? {},
      timeoutSeconds: configuration.Timeout ?? 0,
      memoryMegabytes: configuration.MemorySize ?? 0,
    };
    afterwards(async () => rmSync(deployed.folder, { recursive: true, force: true }));
    return new DeployedGuard(sandbox, deployed, createHash("sha256").update(archive).digest("base64"));
  }

  /** Hands it an event, as Lambda would. @param endpoint where it finds AWS */
  invoke(event: unknown, endpoint = this.sandbox.endpoint): Promise<Invocation> {
    const environment = {
      ...emulatorEnvironment(endpoint, this.sandbox.region),
      ...this.deployed.environment,
    };
    return invoke({ ...this.deployed, environment }, event);
  }
}
