import type { AdoptAccount, TrailSummary } from "../../../../cli/adopt/existing";
import { findNamedParts, findTrailParts } from "../../../../cli/adopt/find-existing";

const PLACE = { region: "eu-central-1", accountId: "111122223333", partition: "aws" };
const NAMES = { trail: "trailwarden", bucket: "trailwarden-logs", logGroup: "/aws/cloudtrail/trailwarden" };
const USED = { trail: false, bucket: false, key: false, logGroup: false };

function trail(name: string, different: Partial<TrailSummary> = {}): TrailSummary {
  return {
    name,
    arn: `arn:aws:cloudtrail:eu-central-1:111122223333:trail/${name}`,
    arguments: {},
    homeRegion: "eu-central-1",
    isOrganizationTrail: false,
    bucketName: `${name}-logs`,
    logGroupArn: undefined,
    deliveryRoleArn: undefined,
    keyArn: undefined,
    s3KeyPrefix: undefined,
    snsTopic: undefined,
    ...different,
  };
}

/** An empty account, but for what a test says. */
function account(different: Partial<AdoptAccount> = {}): AdoptAccount {
  return {
    callerIdentity: async () => ({ accountId: "111122223333", arn: "arn:aws:iam::111122223333:root" }),
    trails: async () => [],
    trailDetails: async (summary) => ({
      ...summary,
      arguments: {},
      tags: {},
      otherEvents: [],
      hasAdvancedSelectors: false,
    }),
    bucket: async () => undefined,
    key: async () => undefined,
    logGroup: async () => undefined,
    role: async () => undefined,
    metricFilters: async () => new Map(),
    alarms: async () => new Map(),
    alarmsByAction: async () => new Map(),
    topic: async () => undefined,
    eventRule: async () => undefined,
    eventRulesOfTarget: async () => [],
    function: async () => undefined,
    keyAliases: async () => new Map(),
    ...different,
  };
}

describe("findTrailParts", () => {
  const find = (trails: readonly TrailSummary[], asked?: string) =>
    findTrailParts(account({ trails: async () => trails }), {
      place: PLACE,
      names: NAMES,
      asked,
      used: USED,
    });

  const foreign = trail("everywhere", { homeRegion: "us-east-1" });
  const organizations = trail("organization", { isOrganizationTrail: true });

  it("takes the only trail of account and region", async () => {
    const { trail: found } = await find([foreign, trail("audit"), organizations]);

    expect(found).toMatchObject({ found: { name: "audit" } });
  });

  it("takes of several the one that is named as the stack's", async () => {
    const { trail: found } = await find([trail("audit"), trail("trailwarden")]);

    expect(found).toMatchObject({ found: { name: "trailwarden" } });
  });

  it("asks for a choice among several others", async () => {
    await expect(find([trail("a"), trail("b")])).rejects.toThrow("choose one with --trail NAME: a, b");
  });

  it("takes the one that is asked for, whosever it is", async () => {
    const { trail: found } = await find([trail("a"), organizations], organizations.arn);

    expect(found).toMatchObject({ found: { name: "organization" } });
  });

  it("takes none whose home is another region, and asks nothing more of it", async () => {
    const trailDetails: AdoptAccount["trailDetails"] = async () => {
      throw new Error("never asked");
    };

    const parts = await findTrailParts(account({ trails: async () => [foreign], trailDetails }), {
      place: PLACE,
      names: NAMES,
      asked: "everywhere",
      used: USED,
    });

    expect(parts).toMatchObject({ trails: [foreign], trailName: undefined, trail: { found: undefined } });
  });

  it("refuses one that isn't there", async () => {
    await expect(find([foreign], "audit")).rejects.toThrow(
      'no trail "audit" is seen in eu-central-1; there is everywhere (us-east-1)',
    );
  });

  it("takes none of other regions by itself, and looks for what has the stack's names", async () => {
    const asked: string[] = [];
    const bucket = async (name: string): Promise<undefined> => {
      asked.push(name);
    };

    const parts = await findTrailParts(account({ trails: async () => [foreign], bucket }), {
      place: PLACE,
      names: NAMES,
      asked: undefined,
      used: USED,
    });

    expect(parts.trail).toEqual({ found: undefined });
    expect(asked).toEqual(["trailwarden-logs"]);
  });

  it("tells a denied call as what it is", async () => {
    const parts = await findTrailParts(
      account({
        trails: async () => {
          throw new Error("the caller may not cloudtrail:DescribeTrails");
        },
      }),
      { place: PLACE, names: NAMES, asked: undefined, used: USED },
    );

    expect(parts.trail).toEqual({ problem: "the caller may not cloudtrail:DescribeTrails" });
  });
});

describe("findNamedParts", () => {
  const NONE = {
    metricFilters: [],
    alarms: [],
    topics: [],
    eventRules: [],
    functions: [],
    logGroups: [],
    roles: [],
    keyAliases: [],
  };

  it("tells what isn't there from what couldn't be looked at", async () => {
    const topic: AdoptAccount["topic"] = async (arn) => {
      if (arn.endsWith("denied")) {
        throw new Error("the caller may not sns:GetTopicAttributes");
      }
      return undefined;
    };

    const { topics } = await findNamedParts(account({ topic }), {
      names: { ...NONE, topics: ["gone", "denied"] },
      logGroup: undefined,
      arnOfTopic: (name) => `arn:${name}`,
    });

    expect([...topics]).toEqual([
      ["gone", { found: undefined }],
      ["denied", { problem: "the caller may not sns:GetTopicAttributes" }],
    ]);
  });

  it("looks for everybody who publishes to a topic, at alarms once", async () => {
    let asked = 0;
    const parts = await findNamedParts(
      account({
        topic: async (arn) =>
          arn === "arn:none" ? undefined : { arn, arguments: {}, tags: {}, subscriptions: [] },
        alarmsByAction: async () => {
          asked += 1;
          return new Map([["arn:a", ["Disk full"]]]);
        },
        eventRulesOfTarget: async (arn) => {
          if (arn === "arn:b") {
            throw new Error("denied");
          }
          return ["nightly"];
        },
      }),
      {
        names: { ...NONE, topics: ["none", "a", "b"] },
        logGroup: undefined,
        arnOfTopic: (name) => `arn:${name}`,
      },
    );

    expect([...parts.topics.values()]).toMatchObject([
      { found: undefined },
      { found: { alarms: { found: ["Disk full"] }, eventRules: { found: ["nightly"] } } },
      { found: { alarms: { found: undefined }, eventRules: { problem: "denied" } } },
    ]);
    expect(asked).toBe(1);
  });

  it("tells the metric filters of the log group that the stack has none of", async () => {
    const metricFilters = async () =>
      new Map([
        ["A", { arguments: {}, tags: {} }],
        ["Others", { arguments: {}, tags: {} }],
      ]);

    const parts = await findNamedParts(account({ metricFilters }), {
      names: { ...NONE, metricFilters: ["A"] },
      logGroup: "events",
      arnOfTopic: (name) => name,
    });

    expect(parts.otherMetricFilters).toEqual(["Others"]);
  });

  it("looks for no metric filters where the log group is new", async () => {
    const metricFilters: AdoptAccount["metricFilters"] = async () => {
      throw new Error("never asked");
    };

    const parts = await findNamedParts(account({ metricFilters }), {
      names: { ...NONE, metricFilters: ["A"] },
      logGroup: undefined,
      arnOfTopic: (name) => name,
    });

    expect(parts.metricFilters.size).toBe(0);
  });
});
