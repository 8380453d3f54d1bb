import { writeFileSync } from "node:fs";
import path from "node:path";
import { publishedSchema } from "./review/format/json";

const FILE = path.join(__dirname, "../docs/review.schema.json");

writeFileSync(FILE, `${JSON.stringify(publishedSchema(), null, 2)}\n`);
console.log(`wrote ${path.relative(process.cwd(), FILE)}`);
