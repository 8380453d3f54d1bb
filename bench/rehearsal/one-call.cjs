// What a rehearsed repair is measured against: loads a function's handler, as Lambda would, and the archive's own client
// of CloudTrail, and asks once whether a trail logs.
const { readdirSync } = require("node:fs");
const path = require("node:path");

const [folder, trailArn, region] = process.argv.slice(2);
require(path.join(folder, "index.js"));
const client = readdirSync(folder).find((name) => /^cloudtrail-.*\.js$/.test(name));
const { calls } = require(path.join(folder, client));

calls({ region, maxAttempts: 1 })
  ["cloudtrail:GetTrailStatus"]({ Name: trailArn })
  .then(
    // Not when its connection is let go.
    () => process.exit(),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
