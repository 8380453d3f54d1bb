import { writeFileSync } from "node:fs";
import path from "node:path";
import { detectionsPage } from "./detections-page";

const FILE = path.join(__dirname, "../docs/detections.md");

writeFileSync(FILE, detectionsPage());
console.log(`wrote ${path.relative(process.cwd(), FILE)}`);
