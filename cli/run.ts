import { constants } from "node:os";

/**
 * Runs a command to its end: Ctrl-C (or a SIGTERM) aborts it so that it cleans up, and a problem is told in a
 * sentence, with exit status 1.
 *
 * @param signals that abort it. Others keep what Node does with them. Default: SIGINT and SIGTERM
 */
export async function run(
  command: (signal: AbortSignal) => Promise<void>,
  signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM"],
): Promise<void> {
  const controller = new AbortController();
  for (const signal of signals) {
    // Not once: tsx, which the commands run on, may pass a Ctrl-C on that came here already.
    process.on(signal, () => {
      process.exitCode = 128 + constants.signals[signal];
      controller.abort(new Interrupted(`interrupted by ${signal}`));
    });
  }
  try {
    await command(controller.signal);
  } catch (error) {
    if (error instanceof Interrupted) {
      console.error("interrupted; everything that was started has been stopped");
      return;
    }
    console.error(messageOf(error));
    process.exitCode = 1;
  }
}

/** Of an option that isn't known Node says more than helps. */
function messageOf(error: unknown): string {
  const { code, message } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) };
  return code?.startsWith("ERR_PARSE_ARGS_")
    ? `${message.split(". ")[0]}; --help tells what there is`
    : message;
}

class Interrupted extends Error {}
