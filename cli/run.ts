/**
 * Runs a command to its end: Ctrl-C (or a SIGTERM) aborts it so that it cleans up, and a problem is told in a
 * sentence, with exit status 1.
 */
export async function run(command: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15],
  ] as const) {
    // Not once: tsx, which the commands run on, may pass a Ctrl-C on that came here already.
    process.on(signal, () => {
      process.exitCode = 128 + number;
      controller.abort(new Interrupted());
    });
  }
  try {
    await command(controller.signal);
  } catch (error) {
    if (error instanceof Interrupted) {
      console.error("interrupted; everything that was started has been stopped");
      return;
    }
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

class Interrupted extends Error {}
