import { readFileSync } from "node:fs";
import path from "node:path";
import { detectionsPage } from "../../../cli/detections-page";

describe("docs/detections.md", () => {
  it("is what the catalogue says now; if not, `npm run docs:detections`", () => {
    const page = readFileSync(path.join(__dirname, "../../../docs/detections.md"), "utf8");

    expect(page).toBe(detectionsPage());
  });
});
