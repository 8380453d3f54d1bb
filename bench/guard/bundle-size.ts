import { readdirSync } from "node:fs";
import path from "node:path";
import { buildSync } from "esbuild";
import { BUILD_OPTIONS } from "../../constructs/function-code";

const SOURCES = path.join(__dirname, "../../lambda-src/guard");

/** The guard's code, all its files, against one bundle of the same clients of the AWS SDK, with the same calls, and nothing else. */
export function benchBundleSize(deployed: Readonly<Record<string, Uint8Array>>): void {
  const bytes = Object.values(deployed).reduce((sum, { length }) => sum + length, 0);
  const clients = clientsAlone();
  const kilobytes = (length: number): string => `${(length / 1024).toFixed(0)} KB`;
  console.log(
    `guard, bundle: ${kilobytes(bytes)}; a bundle of the same clients of the SDK and nothing else: ${kilobytes(clients)}`,
  );
  console.log(`  ratio: ${(bytes / clients).toFixed(2)} (at most 1.2)`);
}

function clientsAlone(): number {
  const names = readdirSync(path.join(SOURCES, "clients"))
    .map((file) => path.parse(file).name)
    .filter((name) => name !== "calls-of");
  const contents = names.map((name) => `export * as ${name} from "./clients/${name}";`).join("\n");
  const { outputFiles } = buildSync({
    ...BUILD_OPTIONS,
    stdin: { contents, resolveDir: SOURCES, loader: "ts" },
  });
  return outputFiles.reduce((sum, { contents }) => sum + contents.length, 0);
}
