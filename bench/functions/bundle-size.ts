import { readdirSync } from "node:fs";
import path from "node:path";
import { buildSync } from "esbuild";
import { unzipSync } from "fflate";
import { BUILD_OPTIONS, type FunctionName, functionArchive } from "../../constructs/function-code";

/** A function's code, all its files, against one bundle of the same clients of the AWS SDK, with the same calls, and nothing else. */
export function benchBundleSize(name: FunctionName): void {
  const files = Object.values(unzipSync(functionArchive(name)));
  const bytes = files.reduce((sum, { length }) => sum + length, 0);
  const clients = clientsAlone(path.join(__dirname, "../../lambda-src", name));
  const kilobytes = (length: number): string => `${(length / 1024).toFixed(0)} KB`;
  console.log(
    `${name}, bundle: ${kilobytes(bytes)}; a bundle of the same clients of the SDK and nothing else: ${kilobytes(clients)}`,
  );
  console.log(`  ratio: ${(bytes / clients).toFixed(2)} (at most 1.2)`);
}

function clientsAlone(sources: string): number {
  const names = readdirSync(path.join(sources, "clients"))
    .map((file) => path.parse(file).name)
    .filter((name) => name !== "calls-of");
  const contents = names.map((name) => `export * as ${name} from "./clients/${name}";`).join("\n");
  const { outputFiles } = buildSync({
    ...BUILD_OPTIONS,
    stdin: { contents, resolveDir: sources, loader: "ts" },
  });
  return outputFiles.reduce((sum, { contents }) => sum + contents.length, 0);
}
