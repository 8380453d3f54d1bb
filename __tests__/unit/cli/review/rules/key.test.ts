import { judgeKeys } from "../../../../../cli/review/rules/key";
import { change, judged, REPLACED, referring, unchanged, verdicts } from "../support";

const ARN = "arn:aws:kms:eu-central-1:111122223333:key/k-1";
const TRAIL = unchanged("aws_cloudtrail.this", { kms_key_id: ARN, s3_bucket_name: "logs" });
const ADMINISTER = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:root" },
  Action: "kms:PutKeyPolicy",
  Resource: "*",
};
const ENCRYPT = {
  Effect: "Allow",
  Principal: { Service: "cloudtrail.amazonaws.com" },
  Action: ["kms:GenerateDataKey*", "kms:DescribeKey"],
  Resource: "*",
};
const FOREIGN = { ...ENCRYPT, Principal: { AWS: "arn:aws:iam::999999999999:root" }, Action: "kms:Decrypt" };
const KEY = {
  key_id: "k-1",
  arn: ARN,
  is_enabled: true,
  enabled: true,
  deletion_window_in_days: 30,
  policy: policy(ADMINISTER, ENCRYPT),
};
const ADDRESS = "aws_kms_key.this";
const POLICY_ADDRESS = "aws_kms_key_policy.this";

function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

function updated(different: object, options = {}, address = ADDRESS) {
  return [TRAIL, change(address, KEY, { ...KEY, ...different }, options)];
}

describe("judgeKeys", () => {
  it.each([["aws_kms_key.this"], ["aws_kms_external_key.this"], ["aws_kms_replica_key.this"]])(
    "finds %s destroyed, replaced or disabled",
    (address) => {
      const disabled = address === ADDRESS ? { is_enabled: false } : { enabled: false };
      const expected = [`blocks key-destroyed ${address}`];

      expect(verdicts(judgeKeys, [TRAIL, change(address, KEY, undefined)])).toEqual(expected);
      expect(verdicts(judgeKeys, updated({}, REPLACED, address))).toEqual(expected);
      expect(verdicts(judgeKeys, updated(disabled, {}, address))).toEqual(expected);
    },
  );

  it("can't judge whether one is enabled where that isn't known", () => {
    expect(verdicts(judgeKeys, updated({}, { unknown: { is_enabled: true } }))).toEqual([
      `unknown key-destroyed ${ADDRESS}`,
    ]);
  });

  it("finds nothing in another key, one that stays, and one that is made", () => {
    expect(
      verdicts(judgeKeys, [
        TRAIL,
        change(ADDRESS, { ...KEY, key_id: "k-2", policy: policy(ADMINISTER) }, undefined),
      ]),
    ).toEqual([]);
    expect(verdicts(judgeKeys, [TRAIL, unchanged(ADDRESS, KEY)])).toEqual([]);
    const made = { ...KEY, policy: policy(FOREIGN), is_enabled: false };
    expect(verdicts(judgeKeys, [TRAIL, change(ADDRESS, undefined, made)])).toEqual([]);
  });

  it("finds a deletion window that is shorter", () => {
    expect(judged(judgeKeys, updated({ deletion_window_in_days: 7 }))).toMatchObject([
      {
        rule: "key-deletion-window-shortened",
        severity: "blocks",
        message: "The key would be deleted after 7 days instead of 30",
      },
    ]);
    const hidden = { sensitive: { deletion_window_in_days: true } };
    expect(JSON.stringify(judged(judgeKeys, updated({ deletion_window_in_days: 7 }, hidden)))).not.toMatch(
      /\d/,
    );
    expect(verdicts(judgeKeys, updated({ deletion_window_in_days: null }))).toEqual([]);
    expect(verdicts(judgeKeys, updated({ deletion_window_in_days: "7" }))).toEqual([
      `unknown key-deletion-window-shortened ${ADDRESS}`,
    ]);
  });

  describe("of the policy", () => {
    it("finds it opened", () => {
      expect(judged(judgeKeys, updated({ policy: policy(ADMINISTER, ENCRYPT, FOREIGN) }))).toMatchObject([
        {
          rule: "key-policy-opened",
          severity: "blocks",
          message: "The policy of the key is opened",
          details: [expect.stringContaining("999999999999")],
        },
      ]);
    });

    it("finds that CloudTrail may no longer encrypt", () => {
      expect(judged(judgeKeys, updated({ policy: policy(ADMINISTER) }))).toMatchObject([
        { rule: "key-destroyed", message: "CloudTrail may no longer encrypt log files with the key" },
      ]);
    });

    it("can't judge what isn't known, or can't be read", () => {
      expect(verdicts(judgeKeys, updated({}, { unknown: { policy: true } }))).toEqual([
        `unknown key-destroyed ${ADDRESS}`,
        `unknown key-policy-opened ${ADDRESS}`,
      ]);
      expect(verdicts(judgeKeys, updated({ policy: "{" }))).toEqual([
        `unknown key-destroyed ${ADDRESS}`,
        `unknown key-policy-opened ${ADDRESS}`,
      ]);
    });

    it("never tells what is sensitive", () => {
      const opened = updated(
        { policy: policy(ADMINISTER, ENCRYPT, FOREIGN) },
        { sensitive: { policy: true } },
      );

      expect(judged(judgeKeys, opened)).toMatchObject([{ rule: "key-policy-opened", details: [] }]);
    });

    it("compares one of its own with the key's", () => {
      const own = (...statements: readonly object[]) =>
        change(POLICY_ADDRESS, undefined, { key_id: "k-1", policy: policy(...statements) });

      expect(verdicts(judgeKeys, [TRAIL, unchanged(ADDRESS, KEY), own(ADMINISTER, ENCRYPT)])).toEqual([]);
      expect(
        verdicts(judgeKeys, [TRAIL, unchanged(ADDRESS, KEY), own(ADMINISTER, ENCRYPT, FOREIGN)]),
      ).toEqual([`blocks key-policy-opened ${POLICY_ADDRESS}`]);
    });

    it("finds one of its own destroyed, unless another takes its place or the key goes, too", () => {
      const settings = { key_id: "k-1", policy: KEY.policy };
      const destroyed = change(POLICY_ADDRESS, settings, undefined);
      const other = change("aws_kms_key_policy.other", undefined, settings);

      expect(verdicts(judgeKeys, [TRAIL, destroyed])).toEqual([`blocks key-policy-opened ${POLICY_ADDRESS}`]);
      expect(verdicts(judgeKeys, [TRAIL, destroyed, other])).toEqual([]);
      expect(verdicts(judgeKeys, [TRAIL, destroyed, change(ADDRESS, KEY, undefined)])).toEqual([
        `blocks key-destroyed ${ADDRESS}`,
      ]);
    });
  });

  describe("of a grant", () => {
    const GRANT = {
      key_id: ARN,
      grantee_principal: "arn:aws:iam::999999999999:root",
      operations: ["Decrypt"],
    };

    it("finds one that is made or replaced by another", () => {
      expect(judged(judgeKeys, [TRAIL, change("aws_kms_grant.a", undefined, GRANT)])).toMatchObject([
        { rule: "key-policy-opened", details: ["arn:aws:iam::999999999999:root: Decrypt"] },
      ]);
      const more = { ...GRANT, operations: ["Decrypt", "CreateGrant"] };
      expect(verdicts(judgeKeys, [TRAIL, change("aws_kms_grant.a", GRANT, more, REPLACED)])).toEqual([
        "blocks key-policy-opened aws_kms_grant.a",
      ]);
    });

    it("finds nothing in one that stays or goes, and in that of a new key", () => {
      expect(verdicts(judgeKeys, [TRAIL, unchanged("aws_kms_grant.a", GRANT)])).toEqual([]);
      expect(verdicts(judgeKeys, [TRAIL, change("aws_kms_grant.a", GRANT, undefined)])).toEqual([]);
      const { key_id: _, ...granted } = GRANT;
      const { key_id: _id, ...key } = KEY;
      expect(
        verdicts(
          judgeKeys,
          [
            change(
              "aws_cloudtrail.this",
              undefined,
              { s3_bucket_name: "logs" },
              { unknown: { kms_key_id: true } },
            ),
            change(ADDRESS, undefined, key, { unknown: { key_id: true } }),
            change("aws_kms_grant.a", undefined, granted, { unknown: { key_id: true } }),
          ],
          referring({
            "aws_cloudtrail.this": { kms_key_id: "aws_kms_key.this.arn" },
            "aws_kms_grant.a": { key_id: "aws_kms_key.this.key_id" },
          }),
        ),
      ).toEqual([]);
    });

    it("never tells what is sensitive", () => {
      const sensitive = { grantee_principal: true, operations: true };
      const [found] = judged(judgeKeys, [TRAIL, change("aws_kms_grant.a", undefined, GRANT, { sensitive })]);

      expect(found?.details).toEqual(["a sensitive value: sensitive values"]);
    });
  });
});
