import { readFileSync } from "node:fs";

/** Only reads and parses a file of JSON: what a review does at least. */
JSON.parse(readFileSync(process.argv[2] as string, "utf8"));
