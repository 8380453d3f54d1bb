import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { chooseEnvironment } from "./choose-environment";
import { madeParts } from "./preview/made-parts";
import { previewPage } from "./preview/page";
import { samplesOf } from "./preview/samples";
import { run } from "./run";

const FILE = path.join("preview", "index.html");

const USAGE = `Usage: npm run preview -- [options]

Shows what people will get, before anything is deployed: writes ${FILE} with a sample of each alert of an environment,
as mail and as Slack message, and its dashboard's grid. Nothing is sent, and no AWS account is asked.

  --environment NAME   environment of trailwarden.config.ts (default: the first)
  --help               print this`;

run(async () => {
  const { values: options } = parseArgs({
    options: {
      environment: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const { name, settings } = chooseEnvironment(options.environment);
  const { deployment, dashboard } = madeParts(name, settings);
  const page = previewPage({
    name,
    region: settings.region,
    isEnriched: deployment !== undefined,
    samples: samplesOf(settings, deployment),
    dashboard,
  });
  mkdirSync(path.dirname(FILE), { recursive: true });
  writeFileSync(FILE, page);
  console.log(FILE);
});
