import type { Aws } from "./aws";
import type { Part } from "./concern";
import type { DeclaredState } from "./declared-state";
import { type Seen, seeEach } from "./difference";
import { observeAlarms } from "./parts/alarms";
import { observeBucket } from "./parts/bucket";
import { observeKey } from "./parts/key";
import { observeLogGroup } from "./parts/log-group";
import { observeRules } from "./parts/rules";
import { observeLogging, observeTrail } from "./parts/trail";

/** How one part was seen. */
export interface Observation extends Seen {
  readonly part: Part;
}

/** Sees how parts differ from what was declared. */
export function observe(aws: Aws, declared: DeclaredState, parts: readonly Part[]): Promise<Observation[]> {
  return Promise.all(parts.map(async (part) => ({ part, ...(await see(aws, declared, part)) })));
}

function see(
  aws: Aws,
  { trail, bucket, key, logGroup, alarms, rules }: DeclaredState,
  part: Part,
): Promise<Seen> {
  switch (part) {
    case "logging":
      return seeEach({ "trail.logging": observeLogging(aws, trail) });
    case "trail":
      return observeTrail(aws, trail);
    case "bucket":
      return bucket === undefined ? seeEach({}) : observeBucket(aws, bucket);
    case "key":
      return seeEach(key === undefined ? {} : { key: observeKey(aws, key) });
    case "log-group":
      return observeLogGroup(aws, logGroup);
    case "alarms":
      return seeEach({ alarm: observeAlarms(aws, alarms) });
    case "rules":
      return seeEach({ rule: observeRules(aws, rules) });
  }
}
