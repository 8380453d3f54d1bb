import { judgeDeclaredState, lossesOf } from "../../../../../cli/review/rules/guard-declared-state";
import { textOfDeclaredState } from "../../../../../constructs/declared-state-text";
import type { DeclaredState } from "../../../../../lambda-src/guard/declared-state";
import { change, plan, REPLACED } from "../support";

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/1";
const deny = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::logs/*" };
const PATTERN = '{ ($.eventName = "StopLogging") || ($.eventName = "DeleteTrail") }';
const filter = { name: "f", pattern: PATTERN, namespace: "N", metricName: "M" };

const SETTINGS = {
  bucketName: "logs",
  keyArn: KEY,
  logGroupArn: "arn:aws:logs:eu-west-1:123456789012:log-group:trail:*",
  roleArn: "arn:aws:iam::123456789012:role/delivery",
  multiRegion: true,
  globalServiceEvents: true,
  logFileValidation: true,
  eventSelectors: [{ readWriteType: "All" as const, includeManagementEvents: true }],
  insightSelectors: ["ApiCallRateInsight"],
  tags: { owner: "audit" },
};
const BUCKET = {
  name: "logs",
  policy: { Version: "2012-10-17", Statement: [deny] },
  lifecycle: { id: "x", expiration: 365, noncurrentVersionExpiration: 90, abortIncompleteMultipartUpload: 7 },
  encryptionKeyArn: KEY,
};
const LOG_GROUP = { name: "trail", retentionDays: 365, keyArn: KEY, metricFilters: [filter] };
const TRAIL = { arn: "arn:aws:cloudtrail:eu-west-1:123456789012:trail/main", settings: SETTINGS };
const STATE: DeclaredState = {
  trail: TRAIL,
  bucket: BUCKET,
  key: { arn: KEY },
  logGroup: LOG_GROUP,
  alarms: [{ name: "a", tells: true }],
  rules: ["enable_trail"],
};

const settings = (changed: Partial<typeof SETTINGS> | { eventSelectors: object[] }) =>
  ({ trail: { ...TRAIL, settings: { ...SETTINGS, ...changed } } }) as Partial<DeclaredState>;
const bucket = (changed: object): Partial<DeclaredState> => ({ bucket: { ...BUCKET, ...changed } });
const lifecycle = (changed: object) => bucket({ lifecycle: { ...BUCKET.lifecycle, ...changed } });
const logGroup = (changed: object): Partial<DeclaredState> => ({ logGroup: { ...LOG_GROUP, ...changed } });
const none = { includeManagementEvents: true };

describe("lossesOf", () => {
  it.each<[string, Partial<DeclaredState>, string[]]>([
    ["nothing", {}, []],
    ["another trail", { trail: { ...TRAIL, arn: "x" } }, [`trail: x instead of ${TRAIL.arn}`]],
    ["the settings", { trail: { arn: TRAIL.arn } }, ["settings of the trail no longer kept"]],
    ["regions", settings({ multiRegion: false }), ["trail: no longer all regions"]],
    [
      "global events",
      settings({ globalServiceEvents: false }),
      ["trail: no longer events of global services"],
    ],
    ["validation", settings({ logFileValidation: false }), ["trail: no longer validation of log files"]],
    [
      "reads",
      settings({ eventSelectors: [{ ...none, readWriteType: "WriteOnly" }] }),
      ["trail: no longer management events that read"],
    ],
    [
      "writes",
      settings({ eventSelectors: [{ ...none, readWriteType: "ReadOnly" }] }),
      ["trail: no longer management events that write"],
    ],
    [
      "both by halves",
      settings({
        eventSelectors: [
          { ...none, readWriteType: "ReadOnly" },
          { ...none, readWriteType: "WriteOnly" },
        ],
      }),
      [],
    ],
    ["insights", settings({ insightSelectors: [] }), ["trail: no longer ApiCallRateInsight"]],
    ["the trail's bucket", settings({ bucketName: "other" }), ["trail's bucket: other instead of logs"]],
    ["the trail's key", settings({ keyArn: "x" }), [`trail's key: x instead of ${KEY}`]],
    ["tags", settings({ tags: { owner: "x" } }), []],
    ["the bucket", { bucket: undefined }, ["bucket no longer kept"]],
    [
      "a Deny of its policy",
      bucket({ policy: { ...BUCKET.policy, Statement: [] } }),
      [expect.stringMatching(/^bucket policy: /) as unknown as string],
    ],
    [
      "a policy",
      bucket({ policy: { Statement: ["x"] } }),
      [expect.stringMatching(/^bucket policy that can't be compared: /) as unknown as string],
    ],
    ["log files", lifecycle({ expiration: 90 }), ["log files: kept 90 days instead of 365"]],
    [
      "versions",
      lifecycle({ noncurrentVersionExpiration: 1 }),
      ["older versions of log files: kept 1 days instead of 90"],
    ],
    ["nothing, for longer", lifecycle({ expiration: 3650 }), []],
    ["the key", { key: undefined }, ["key no longer kept"]],
    ["events", logGroup({ retentionDays: 30 }), ["events in the log group: kept 30 days instead of 365"]],
    [
      "retention",
      logGroup({ retentionDays: undefined }),
      ["events in the log group: no longer kept 365 days"],
    ],
    ["the log group's key", logGroup({ keyArn: undefined }), [`log group's key: none instead of ${KEY}`]],
    ["a filter", logGroup({ metricFilters: [] }), ["metric filter no longer kept: f"]],
    [
      "what a filter matches",
      logGroup({ metricFilters: [{ ...filter, pattern: '{ $.eventName = "StopLogging" }' }] }),
      [expect.stringMatching(/^metric filter f matches less: no longer /) as unknown as string],
    ],
    [
      "a filter's metric",
      logGroup({ metricFilters: [{ ...filter, metricName: "O" }] }),
      ["metric of filter f: N/O instead of N/M"],
    ],
    ["an alarm", { alarms: [] }, ["alarm no longer kept: a"]],
    ["whom it tells", { alarms: [{ name: "a", tells: false }] }, ["alarm no longer tells anybody: a"]],
    ["a rule", { rules: ["other"] }, ["event rule no longer kept: enable_trail"]],
  ])("of %s", (_, changed, losses) => {
    expect(lossesOf(STATE, { ...STATE, ...changed })).toEqual(losses);
  });

  it("of what wasn't kept before are none", () => {
    const less: DeclaredState = {
      trail: { arn: TRAIL.arn },
      logGroup: { name: "trail", metricFilters: [] },
      alarms: [{ name: "a", tells: false }],
      rules: [],
    };

    expect(lossesOf(less, STATE)).toEqual([]);
  });
});

describe("judgeDeclaredState", () => {
  const NAME = "/trailwarden/enable_trail/declared-state";
  const text = textOfDeclaredState(STATE).text;
  const less = textOfDeclaredState({ ...STATE, rules: [] }).text;
  const LOOSER = "blocks What the guard keeps is less";
  const AFTER_APPLY = "is known after apply only: whether the rule is broken can't be judged";
  const value = (insecure: unknown, secure: unknown = null) => ({ insecure_value: insecure, value: secure });

  type Options = Parameters<typeof change>[3];

  function found(was: object, is: object | undefined, options: Options = {}): string[] {
    const attributes = { name: NAME, type: "String" };
    const { changes } = plan([
      change("aws_ssm_parameter.x", { ...attributes, ...was }, is && { ...attributes, ...is }, options),
    ]);
    return changes
      .flatMap(judgeDeclaredState)
      .map(({ severity, message, details }) => [`${severity} ${message}`, ...details].join("; "));
  }

  it.each<[string, object, object | undefined, Options, string[]]>([
    ["kept", value(text), value(text), {}, []],
    ["more", value(less), value(text), {}, []],
    ["less", value(text), value(less), {}, [`${LOOSER}; event rule no longer kept: enable_trail`]],
    [
      "less, made anew",
      value(text),
      value(less),
      REPLACED,
      [`${LOOSER}; event rule no longer kept: enable_trail`],
    ],
    ["less, in secret", value(null, text), value(null, less), { sensitive: { value: true } }, [LOOSER]],
    ["destroyed", value(text), undefined, {}, ["blocks What the guard keeps is destroyed"]],
    [
      "of another version",
      value(text),
      value('{"version":2}'),
      {},
      ["unknown What the guard is to keep can't be judged"],
    ],
    ["readable again", value("none"), value(less), {}, []],
    ["no text", value(text), value(null), {}, ["unknown What the guard is to keep can't be judged"]],
    [
      "known after apply",
      value(text),
      value(text),
      { unknown: { insecure_value: true } },
      [`unknown What the guard is to keep ${AFTER_APPLY}`],
    ],
    [
      "under another name",
      value(text),
      { ...value(text), name: "/other/declared-state" },
      REPLACED,
      ["unknown Whether the guard finds what it keeps under the other name can't be judged"],
    ],
    ["another parameter", { ...value(text), name: "/x/pause" }, undefined, {}, []],
  ])("judges what is %s", (_, was, is, options, expected) => {
    expect(found(was, is, options)).toEqual(expected);
  });
});
