import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { findTool, TERRAFORM } from "./tools";

/** Terraform ended with an error; the message holds what it said. */
export class TerraformError extends Error {
  override readonly name = "TerraformError";

  constructor(
    command: string,
    readonly exitCode: number | null,
    readonly output: string,
  ) {
    super(`terraform ${command} failed (exit status ${exitCode}):\n${output.trim()}`);
  }
}

export interface TerraformOptions {
  /** Folder of the configuration. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Called with each resource that Terraform begins or finishes, e.g. `aws_kms_key.key: Creation complete after 13s`. */
  readonly onProgress?: ((message: string) => void) | undefined;
  /** Stops the running command. */
  readonly signal?: AbortSignal | undefined;
}

/** One line of `terraform apply -json`. */
interface JsonLine {
  readonly "@message": string;
  readonly "@level": string;
  readonly type: string;
  readonly diagnostic?: { readonly summary: string; readonly detail: string };
  readonly changes?: { readonly add: number; readonly change: number; readonly remove: number };
}

export interface Changes {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
}

const STOP_LIMIT_MS = 10_000;

/** Drives the real `terraform` in one folder. */
export class Terraform {
  constructor(private readonly options: TerraformOptions) {}

  async init(...args: string[]): Promise<void> {
    await this.run(["init", "-input=false", "-no-color", ...args]);
  }

  async validate(): Promise<void> {
    await this.run(["validate", "-no-color"]);
  }

  apply(): Promise<Changes> {
    return this.runWithProgress(["apply", "-auto-approve", "-input=false", "-json"]);
  }

  destroy(): Promise<Changes> {
    return this.runWithProgress(["destroy", "-auto-approve", "-input=false", "-json"]);
  }

  /** @returns whether Terraform would change nothing, and what it printed */
  async plan(): Promise<{ empty: boolean; output: string }> {
    const { exitCode, output, errors } = await this.execute([
      "plan",
      "-detailed-exitcode",
      "-input=false",
      "-no-color",
    ]);
    if (exitCode !== 0 && exitCode !== 2) {
      throw new TerraformError("plan", exitCode, errors);
    }
    return { empty: exitCode === 0, output };
  }

  /** @returns the values of the configuration's outputs */
  async outputs(): Promise<Record<string, unknown>> {
    const outputs = JSON.parse(await this.run(["output", "-json"])) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** Runs any command. @returns what it printed */
  async run(args: readonly string[]): Promise<string> {
    const { exitCode, output, errors } = await this.execute(args);
    if (exitCode !== 0) {
      throw new TerraformError(String(args[0]), exitCode, errors);
    }
    return output;
  }

  private async runWithProgress(args: readonly string[]): Promise<Changes> {
    let changes: Changes = { add: 0, change: 0, remove: 0 };
    const diagnostics: string[] = [];
    const { exitCode, output, errors } = await this.execute(args, (text) => {
      const line = parseLine(text);
      if (line?.type === "change_summary" && line.changes !== undefined) {
        const { add, change, remove } = line.changes;
        changes = { add, change, remove };
      } else if (line?.type === "diagnostic" && line["@level"] === "error") {
        diagnostics.push(`${line.diagnostic?.summary}\n${line.diagnostic?.detail ?? ""}`);
      } else if (line?.type.startsWith("apply_")) {
        this.options.onProgress?.(line["@message"]);
      }
    });
    if (exitCode !== 0) {
      throw new TerraformError(String(args[0]), exitCode, diagnostics.join("\n") || errors || output);
    }
    return changes;
  }

  private async execute(
    args: readonly string[],
    onLine: (line: string) => void = () => {},
  ): Promise<{ exitCode: number | null; output: string; errors: string }> {
    const { folder, environment, signal } = this.options;
    signal?.throwIfAborted();
    const child = spawn(findTool(TERRAFORM), args, {
      cwd: folder,
      env: { ...environment, TF_IN_AUTOMATION: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      // A process group of its own: a Ctrl-C in the terminal is for this program to act on, not for Terraform.
      detached: true,
    });
    let killing: NodeJS.Timeout | undefined;
    const stop = (): void => {
      // Asked to stop, Terraform ends its providers and removes their files; killed, it leaves them.
      signalGroup(child, "SIGINT");
      killing = setTimeout(() => signalGroup(child, "SIGKILL"), STOP_LIMIT_MS);
    };
    signal?.addEventListener("abort", stop);
    const stdout = collectLines(child.stdout, onLine);
    const stderr = collectLines(child.stderr, onLine);
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    clearTimeout(killing);
    signal?.removeEventListener("abort", stop);
    signal?.throwIfAborted();
    return { exitCode, output: stdout.join("\n"), errors: stderr.join("\n") };
  }
}

function collectLines(stream: Readable, onLine: (line: string) => void): string[] {
  const lines: string[] = [];
  createInterface({ input: stream }).on("line", (line) => {
    lines.push(line);
    onLine(line);
  });
  return lines;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) {
    process.kill(-child.pid, signal);
  }
}

function parseLine(line: string): JsonLine | undefined {
  try {
    return JSON.parse(line) as JsonLine;
  } catch {
    return undefined;
  }
}
