import { accountOf, logGroupNameOf, resourceName } from "../arn";
import type { Place } from "./declared";
import type {
  AdoptAccount,
  ExistingFunction,
  ExistingRole,
  ExistingTopic,
  NamedParts,
  TrailParts,
  TrailSummary,
} from "./existing";
import { type Look, look } from "./look";

/** What a stack has names for, each kind by itself. */
export interface Names {
  readonly metricFilters: readonly string[];
  readonly alarms: readonly string[];
  readonly topics: readonly string[];
  readonly eventRules: readonly string[];
  readonly functions: readonly string[];
  readonly logGroups: readonly string[];
  readonly roles: readonly string[];
  readonly keyAliases: readonly string[];
}

/** Names that the trail and its parts would have, where no trail says otherwise. */
export interface TrailNames {
  readonly trail: string;
  readonly bucket: string;
  readonly logGroup: string;
}

/** Nothing to look for. */
const NONE = { found: undefined };

/**
 * Finds the trail and what it delivers to. A trail is imported, and described in full, in its home region only: one with
 * another is none here, whoever asks for it.
 *
 * @param asked name or ARN of the trail, where somebody has chosen
 * @param used what the settings use already: it is looked for nowhere
 * @throws Error for a chosen trail that isn't there, and for several trails of which none is chosen
 */
export async function findTrailParts(
  account: AdoptAccount,
  {
    place,
    names,
    asked,
    used,
  }: {
    readonly place: Place;
    readonly names: TrailNames;
    readonly asked: string | undefined;
    readonly used: {
      readonly trail: boolean;
      readonly bucket: boolean;
      readonly key: boolean;
      readonly logGroup: boolean;
    };
  },
): Promise<TrailParts> {
  const { accountId, region } = place;
  const listed = await look(() => account.trails());
  const trails = "problem" in listed ? [] : (listed.found ?? []);
  const wanted = used.trail
    ? undefined
    : chooseTrail(trails, { region, accountId, ownName: names.trail, asked });
  const chosen = wanted?.homeRegion === region ? wanted : undefined;
  const trail: TrailParts["trail"] =
    "problem" in listed
      ? listed
      : chosen === undefined
        ? NONE
        : await look(() => account.trailDetails(chosen));
  const bucketName = chosen?.bucketName ?? names.bucket;
  const logGroupArn = chosen?.logGroupArn;
  const isOwn = logGroupArn === undefined || accountOf(logGroupArn) === accountId;
  const roleArn = chosen?.deliveryRoleArn;
  const [bucket, key, logGroup, deliveryRole] = await Promise.all([
    used.trail || used.bucket ? NONE : look(() => account.bucket(bucketName)),
    used.trail || used.key ? NONE : lookAtKey(account, chosen?.keyArn),
    used.trail || used.logGroup || !isOwn
      ? NONE
      : look(() =>
          account.logGroup(logGroupArn === undefined ? names.logGroup : logGroupNameOf(logGroupArn)),
        ),
    roleArn === undefined || accountOf(roleArn) !== accountId
      ? NONE
      : look(() => account.role(resourceName(roleArn))),
  ]);
  return { ...place, trails, trailName: chosen?.name, trail, bucket, key, logGroup, deliveryRole };
}

function lookAtKey(account: AdoptAccount, arn: string | undefined): Promise<TrailParts["key"]> {
  return look(async () => (arn === undefined ? undefined : account.key(arn)));
}

function chooseTrail(
  trails: readonly TrailSummary[],
  {
    region,
    accountId,
    ownName,
    asked,
  }: {
    readonly region: string;
    readonly accountId: string;
    readonly ownName: string;
    readonly asked: string | undefined;
  },
): TrailSummary | undefined {
  const there = (): string =>
    trails.length === 0
      ? "there is none"
      : `there is ${trails.map(({ name, homeRegion }) => `${name} (${homeRegion})`).join(", ")}`;
  if (asked !== undefined) {
    const found = trails.find(({ name, arn }) => asked === name || asked === arn);
    if (found === undefined) {
      throw new Error(`no trail ${JSON.stringify(asked)} is seen in ${region}; ${there()}`);
    }
    return found;
  }
  const own = trails.filter(
    (trail) =>
      trail.homeRegion === region && accountOf(trail.arn) === accountId && !trail.isOrganizationTrail,
  );
  const named = own.find(({ name }) => name === ownName);
  if (named === undefined && own.length > 1) {
    throw new Error(
      `the account has several trails in ${region}; choose one with --trail NAME: ${own.map(({ name }) => name).join(", ")}`,
    );
  }
  return named ?? own[0];
}

/** @param logGroup that metric filters are looked for in; undefined where it is new */
export async function findNamedParts(
  account: AdoptAccount,
  {
    names,
    logGroup,
    arnOfTopic,
  }: {
    readonly names: Names;
    readonly logGroup: string | undefined;
    readonly arnOfTopic: (name: string) => string;
  },
): Promise<NamedParts> {
  const [metricFilters, alarms, keyAliases] = await Promise.all([
    lookAtFilters(account, names.metricFilters, logGroup),
    ofAll(names.alarms, () => account.alarms(names.alarms)),
    ofAll(names.keyAliases, () => account.keyAliases()),
  ]);
  const [topics, eventRules, logGroups, roles, functions] = await Promise.all([
    lookAtTopics(account, names.topics, arnOfTopic),
    each(names.eventRules, (name) => account.eventRule(name)),
    each(names.logGroups, (name) => account.logGroup(name)),
    each(names.roles, (name) => account.role(name)),
    each(names.functions, (name) => functionAndRole(account, name, names.roles)),
  ]);
  return { ...metricFilters, alarms, keyAliases, topics, eventRules, logGroups, roles, functions };
}

async function lookAtFilters(
  account: AdoptAccount,
  names: readonly string[],
  logGroup: string | undefined,
): Promise<Pick<NamedParts, "metricFilters" | "otherMetricFilters">> {
  let there: readonly string[] = [];
  const metricFilters = await ofAll(logGroup === undefined ? [] : names, async () => {
    const all = await account.metricFilters(logGroup ?? "");
    there = [...all.keys()];
    return all;
  });
  return { metricFilters, otherMetricFilters: there.filter((name) => !names.includes(name)) };
}

async function lookAtTopics(
  account: AdoptAccount,
  names: readonly string[],
  arnOf: (name: string) => string,
): Promise<NamedParts["topics"]> {
  // One call for all topics, and none where there is no topic.
  let byAction: Promise<Look<ReadonlyMap<string, readonly string[]>>> | undefined;
  return each(names, async (name): Promise<ExistingTopic | undefined> => {
    const arn = arnOf(name);
    const topic = await account.topic(arn);
    if (topic === undefined) {
      return undefined;
    }
    byAction ??= look(() => account.alarmsByAction());
    const alarms = await byAction;
    return {
      ...topic,
      alarms: "problem" in alarms ? alarms : { found: alarms.found?.get(arn) },
      eventRules: await look(() => account.eventRulesOfTarget(arn)),
    };
  });
}

async function functionAndRole(
  account: AdoptAccount,
  name: string,
  ownRoles: readonly string[],
): Promise<ExistingFunction | undefined> {
  const found = await account.function(name);
  if (found === undefined) {
    return undefined;
  }
  const roleName = resourceName(found.roleArn);
  const role: Look<ExistingRole> = ownRoles.includes(roleName)
    ? NONE
    : await look(() => account.role(roleName));
  return { ...found, role };
}

/** One call that answers for all the names. */
async function ofAll<Found>(
  names: readonly string[],
  ask: () => Promise<ReadonlyMap<string, Found>>,
): Promise<ReadonlyMap<string, Look<Found>>> {
  if (names.length === 0) {
    return new Map();
  }
  const answer = await look(ask);
  return new Map(
    names.map((name) => [name, "problem" in answer ? answer : { found: answer.found?.get(name) }]),
  );
}

/** One after the other: IAM and EventBridge answer few calls a second. */
async function each<Found>(
  names: readonly string[],
  ask: (name: string) => Promise<Found | undefined>,
): Promise<ReadonlyMap<string, Look<Found>>> {
  const found = new Map<string, Look<Found>>();
  for (const name of names) {
    found.set(name, await look(() => ask(name)));
  }
  return found;
}
