import { spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { startGateway } from "./gateway";
import { findTool } from "./tools";

/** An emulated AWS on this machine, empty when it starts. */
export interface Emulator {
  /** Endpoint of every AWS service. */
  readonly url: string;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;

/**
 * Starts moto and the gateway before it on free ports of the loopback interface, and waits until both answer.
 *
 * @throws MissingToolError without moto_server on the PATH; Error, with what moto said, if it doesn't come up
 */
export async function startEmulator(signal?: AbortSignal): Promise<Emulator> {
  signal?.throwIfAborted();
  const motoServer = findTool("moto_server");
  const port = await freePort();
  // The shell ends moto when its standard input closes, and that closes however this process ends.
  const shell = spawn(
    "sh",
    ["-c", '"$0" -H 127.0.0.1 -p "$1" & trap "kill $!" EXIT; cat >/dev/null', motoServer, String(port)],
    { stdio: ["pipe", "ignore", "pipe"], detached: true },
  );
  let said = "";
  shell.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  const ended = new Promise<void>((resolve) => shell.once("close", () => resolve()));
  const stopMoto = async (): Promise<void> => {
    shell.stdin.end();
    await ended;
  };

  const motoUrl = `http://127.0.0.1:${port}`;
  const up = await answers(motoUrl, signal);
  if (signal?.aborted || !up) {
    await stopMoto();
    signal?.throwIfAborted();
    throw new Error(`moto_server did not answer on ${motoUrl}; it said:\n${said}`);
  }
  const gateway = await startGateway(motoUrl);
  return {
    url: gateway.url,
    stop: async () => {
      await gateway.close();
      await stopMoto();
    },
  };
}

async function answers(url: string, signal: AbortSignal | undefined): Promise<boolean> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline && !signal?.aborted) {
    try {
      await fetch(`${url}/moto-api/data.json`);
      return true;
    } catch {
      await sleep(100);
    }
  }
  return false;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
