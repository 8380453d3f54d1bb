import ora from "ora";

/**
 * Does one step of a long command and tells how it gets on, on standard error: a spinner on a terminal, elsewhere a
 * line as it begins and ends and, for one that takes long, a line every few seconds.
 */
export async function step<Result>(
  title: string,
  work: (tell: (detail: string) => void) => Promise<Result>,
): Promise<Result> {
  const started = Date.now();
  const seconds = (): string => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  const isTerminal = process.stderr.isTTY;
  // Elsewhere it would print its colours, too.
  const spinner = ora({
    text: title,
    stream: process.stderr,
    discardStdin: false,
    isSilent: !isTerminal,
  }).start();
  const say = (line: string): void => {
    if (!isTerminal) {
      console.error(line);
    }
  };
  let lastLine = started;
  say(`- ${title}`);
  const tell = (detail: string): void => {
    spinner.text = `${title}: ${detail}`;
    if (Date.now() - lastLine > LINE_EVERY_MS) {
      lastLine = Date.now();
      say(`  ${detail}`);
    }
  };
  try {
    const result = await work(tell);
    spinner.succeed(`${title} (${seconds()})`);
    say(`✔ ${title} (${seconds()})`);
    return result;
  } catch (error) {
    spinner.fail(`${title} (${seconds()})`);
    say(`✖ ${title} (${seconds()})`);
    throw error;
  }
}

const LINE_EVERY_MS = 5000;
