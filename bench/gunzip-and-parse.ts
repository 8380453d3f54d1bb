import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { gunzipSync } from "node:zlib";

// What `match` is measured against: a program that only unpacks and parses the same files, on as many threads.

if (isMainThread) {
  const folder = String(process.argv[2]);
  const files = readdirSync(folder).map((name) => path.join(folder, name));
  const next = new Int32Array(new SharedArrayBuffer(4));
  for (let thread = 0; thread < availableParallelism(); thread++) {
    new Worker(String(process.argv[1]), { workerData: { files, next } });
  }
} else {
  const { files, next } = workerData as { files: string[]; next: Int32Array };
  for (let file = files[Atomics.add(next, 0, 1)]; file !== undefined; file = files[Atomics.add(next, 0, 1)]) {
    JSON.parse(gunzipSync(readFileSync(file)).toString());
  }
}
