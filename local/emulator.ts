import { spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { EventPlane } from "./event-plane/event-plane";
import { startGateway } from "./gateway";
import { findTool } from "./tools";

/** An emulated AWS on this machine, empty when it starts. */
export interface Emulator {
  /** Endpoint of every AWS service. */
  readonly url: string;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;

/** An emulated AWS in which what was deployed acts: events are delivered, functions run, alarms fire. */
export interface LivingEmulator extends Emulator {
  readonly plane: EventPlane;
}

/**
 * Starts moto and the gateway before it on free ports of the loopback interface, and waits until both answer.
 *
 * @throws MissingToolError without moto_server on the PATH; Error, with what moto said, if it doesn't come up
 */
export async function startEmulator(signal?: AbortSignal): Promise<Emulator> {
  const moto = await startMoto(signal);
  const gateway = await startGateway(moto.url);
  return {
    url: gateway.url,
    stop: async () => {
      await gateway.close();
      await moto.stop();
    },
  };
}

/** As {@link startEmulator}, with an event plane. */
export async function startLivingEmulator(signal?: AbortSignal): Promise<LivingEmulator> {
  const moto = await startMoto(signal);
  const plane = new EventPlane(moto.url);
  const gateway = await startGateway(moto.url, plane.around, plane.later);
  await plane.start(gateway.url);
  return {
    url: gateway.url,
    plane,
    stop: async () => {
      await plane.stop();
      await gateway.close();
      await moto.stop();
    },
  };
}

async function startMoto(signal: AbortSignal | undefined): Promise<Emulator> {
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
  const stop = async (): Promise<void> => {
    shell.stdin.end();
    await ended;
  };

  const url = `http://127.0.0.1:${port}`;
  const up = await answers(url, signal);
  if (signal?.aborted || !up) {
    await stop();
    signal?.throwIfAborted();
    throw new Error(`moto_server did not answer on ${url}; it said:\n${said}`);
  }
  return { url, stop };
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
