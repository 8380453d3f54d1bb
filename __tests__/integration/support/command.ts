import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { afterwards } from "./afterwards";
import { descendants } from "./processes";

export interface Ended {
  /** As a shell tells it: 128 and the signal's number for a program that a signal ended. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that runs in a process group of its own; it doesn't outlive the tests of the file. */
export class Command {
  readonly ended: Promise<Ended>;
  private stdout = "";
  private stderr = "";
  private readonly child: ChildProcess;

  constructor(program: string, args: readonly string[], folder: string, environment = process.env) {
    const child = spawn(program, args, {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    child.stdout.on("data", (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.child = child;
    this.ended = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => {
        const status = code ?? 128 + constants.signals[signal as NodeJS.Signals];
        resolve({ status, stdout: this.stdout, stderr: this.stderr });
      });
    });
    afterwards(() => this.kill());
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** What it has printed so far. */
  get output(): string {
    return this.stdout + this.stderr;
  }

  /** Sends a signal to the program and all that it started in its group, as a terminal's Ctrl-C does. */
  signal(name: NodeJS.Signals): void {
    send(name, -this.pid);
  }

  /** Ends it and all that it started, in its group or not. */
  private async kill(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const started = descendants(this.pid);
      this.signal("SIGKILL");
      for (const { pid } of started) {
        send("SIGKILL", pid);
      }
    }
    await this.ended;
  }
}

function send(signal: NodeJS.Signals, pid: number): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It may have ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
      throw error;
    }
  }
}

/** Waits until something holds. @throws when it does not within the time */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs = 90_000,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > deadline) {
      throw new Error(`waited ${limitMs / 1000} s in vain until ${what}`);
    }
    await sleep(50);
  }
}
