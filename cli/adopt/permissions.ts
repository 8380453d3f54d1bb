import {
  alertPublisherKeyGrants,
  logGroupKeyGrant,
  type Place,
  type ServiceGrant,
  trailBucketGrants,
  trailKeyGrants,
} from "../../aws/service-grants";
import { messageOf } from "../drill/aws-error";
import { statementsNotCovered, UnreadablePolicy } from "../iam-policy/policy-changes";
import type { Look } from "./look";
import { statementsOf, titleOf } from "./policy-statements";

export interface Grantee extends Place {
  /** ARN of the trail. */
  readonly trailArn: string;
}

/** A statement that a used bucket's or key's policy must have. */
export type Statement =
  | ServiceGrant
  | (Omit<ServiceGrant, "Principal"> & { readonly Principal: { readonly AWS: string } });

/** What the policy of a used bucket must allow. */
export function bucketStatements(bucket: string, { partition, accountId, trailArn }: Grantee): Statement[] {
  return trailBucketGrants(`arn:${partition}:s3:::${bucket}`, trailArn, accountId);
}

/**
 * What the policy of a used key must allow.
 *
 * @param logGroups names of those that are encrypted with it
 */
export function keyStatements(logGroups: readonly string[], grantee: Grantee): Statement[] {
  const { partition, region, accountId, trailArn } = grantee;
  const arns = logGroups.map((name) => `arn:${partition}:logs:${region}:${accountId}:log-group:${name}`);
  return [
    ...trailKeyGrants(trailArn, grantee),
    ...(arns.length === 0 ? [] : [logGroupKeyGrant("CloudWatchLogsEncryptsItsLogGroups", region, arns)]),
    ...alertPublisherKeyGrants(),
    // The functions publish, too, by roles that are new to the key: their IAM policies count where the account is allowed
    // (AWS KMS developer guide, "Default key policy").
    {
      Sid: "IamPoliciesOfTheAccountCount",
      Effect: "Allow",
      Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
      Action: ["kms:GenerateDataKey", "kms:Decrypt"],
      Resource: "*",
    },
  ];
}

/**
 * Notes on what a used policy lacks: each statement that it doesn't surely allow, with the actions that are missing, as JSON to
 * paste; and what its owner does about it before `terraform apply`.
 */
export function missingPermissions(
  what: string,
  policy: Look<string>,
  required: readonly Statement[],
): { readonly notes: string[]; readonly before: string[] } {
  if ("problem" in policy) {
    return unread(what, policy.problem, required);
  }
  let missing: Statement[];
  try {
    missing = required.flatMap((statement) => missingOf(policy.found, statement));
  } catch (error) {
    if (error instanceof UnreadablePolicy) {
      return unread(what, messageOf(error), required);
    }
    throw error;
  }
  const denials = statementsOf(policy.found).filter(({ Effect }) => Effect === "Deny");
  const notes = [
    ...(missing.length === 0
      ? [`the ${what}'s policy allows what it must`]
      : [
          `the ${what}'s policy must allow this, too:`,
          ...missing.map((statement) => JSON.stringify(statement)),
        ]),
    ...(denials.length === 0
      ? []
      : [
          `the ${what}'s policy denies, too: see that none of it is meant for these services (${denials.map(titleOf).join(", ")})`,
        ]),
  ];
  return {
    notes,
    before: missing.length === 0 ? [] : ["its owner adds to its policy what it must allow, which is listed"],
  };
}

function unread(
  what: string,
  why: string,
  required: readonly Statement[],
): ReturnType<typeof missingPermissions> {
  return {
    notes: [
      `the ${what}'s policy couldn't be read (${why}); it must allow:`,
      ...required.map((statement) => JSON.stringify(statement)),
    ],
    before: ["its owner sees to it that its policy allows what it must, which is listed"],
  };
}

/** A statement with the actions that a policy doesn't surely allow; none if it allows all. */
function missingOf(policy: string | undefined, statement: Statement): Statement[] {
  const actions = [statement.Action].flat();
  const missing = actions.filter(
    (Action) => statementsNotCovered(policy, [{ ...statement, Action }]).length > 0,
  );
  return missing.length === 0
    ? []
    : [missing.length === actions.length ? statement : { ...statement, Action: missing }];
}
