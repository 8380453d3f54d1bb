import { isObject } from "../../config/settings";
import { accountOf, regionOf } from "../arn";
import { type Found, granteeOf, NOTHING, OF_ITS_OWN, only, type TrailDecision } from "./decision";
import type { ExistingKey, TrailParts } from "./existing";
import { beforeOfPart, notLookedAt } from "./item";
import { keyStatements, missingPermissions } from "./permissions";
import { listed, statementsOf, titleOf } from "./policy-statements";

const KIND = "key";
const IS_MADE = "a key is made; what was encrypted before stays as it is";
const KEEP_IT = "keep it: older log files need it";

/**
 * Decides about the trail's key, which becomes the one of everything.
 *
 * @param logGroups names of those that are encrypted with it
 */
export function decideKey(
  { parts, settings, trail }: Found,
  trailName: string,
  logGroups: readonly string[],
): TrailDecision {
  if (settings.trail?.existingKey !== undefined) {
    return NOTHING;
  }
  const keyArn = trail?.keyArn;
  if (keyArn === undefined) {
    const notes = trail === undefined ? [] : [`the trail has none: ${IS_MADE}`];
    return only({ kind: KIND, name: OF_ITS_OWN, decision: "new", notes });
  }
  const use = ([reason, ...more]: readonly string[], policy: ExistingKey["policy"]): TrailDecision => {
    const statements = keyStatements(logGroups, granteeOf(parts, trail, trailName));
    const { notes, before } = missingPermissions(KIND, policy, statements);
    return only(
      {
        kind: KIND,
        name: keyArn,
        decision: "use",
        notes: [`with trail.existingKey: ${reason}`, ...more, ...notes],
        before,
      },
      { settings: { trail: { existingKey: keyArn } } },
    );
  };
  const leave = (...notes: string[]): TrailDecision =>
    only({ kind: KIND, name: keyArn, decision: "leave", notes });
  if (regionOf(keyArn) !== parts.region) {
    return leave(`is of another region, where this deployment can't use it: ${IS_MADE}`, KEEP_IT);
  }
  if (accountOf(keyArn) !== parts.accountId) {
    const why = `it is a key of the account ${accountOf(keyArn)}`;
    const key = "problem" in parts.key ? undefined : parts.key.found;
    return use([why], key?.policy ?? { problem: why });
  }
  if ("problem" in parts.key) {
    return only(notLookedAt(KIND, keyArn, parts.key.problem));
  }
  const key = parts.key.found;
  if (key === undefined) {
    return leave(`isn't there any more: ${IS_MADE}`);
  }
  if (key.manager === "AWS") {
    return leave(`is AWS's own: ${IS_MADE}`);
  }
  if (key.state !== "Enabled") {
    return leave(`is ${key.state}: ${IS_MADE}`, KEEP_IT);
  }
  const why = whyUsed(key, parts);
  return why === undefined ? adoptKey(key) : use(why, key.policy);
}

function adoptKey(key: ExistingKey): TrailDecision {
  return only(
    {
      kind: KIND,
      name: key.arn,
      decision: "adopt",
      becomes: { type: "aws_kms_key", arguments: key.arguments, tags: key.tags },
      before: beforeOfPart(key),
      notes: [],
    },
    { adopt: { key: key.arn } },
  );
}

/** Why a key can only be used as it is, in lines; undefined for one that can be imported. */
function whyUsed(key: ExistingKey, { accountId, partition }: TrailParts): readonly string[] | undefined {
  if (key.spec !== "SYMMETRIC_DEFAULT" || key.usage !== "ENCRYPT_DECRYPT" || key.origin !== "AWS_KMS") {
    return [
      `it is a key of another sort than this deployment makes (${key.spec}, ${key.usage}, ${key.origin})`,
    ];
  }
  if (key.isMultiRegion) {
    return ["it is a multi-region key, which importing would have to replace"];
  }
  if ("problem" in key.policy) {
    return ["whether it serves others couldn't be read"];
  }
  const own = [accountId, `arn:${partition}:iam::${accountId}:root`];
  const serving = statementsOf(key.policy.found).flatMap((statement) => {
    const others = othersOf(statement, own);
    return others.length === 0 ? [] : [`- ${describeServing(statement, others, accountId)}`];
  });
  return serving.length === 0
    ? undefined
    : [
        "importing it would replace its policy, which serves others by itself, without IAM policies:",
        ...serving,
      ];
}

/** Services whose permissions the deployment's own key policy has. */
const SERVICES = /^(?:cloudtrail|cloudwatch|events|sns|logs(?:\.[a-z0-9-]+)?)\.amazonaws\.com$/;

/** Whom a statement allows something beside the account itself and the services that this deployment needs. */
function othersOf(
  { Effect, Principal, NotPrincipal }: Readonly<Record<string, unknown>>,
  own: readonly string[],
): string[] {
  if (Effect === "Deny") {
    return [];
  }
  const byType = isObject(Principal) ? Principal : { AWS: Principal };
  return [
    ...Object.entries(byType).flatMap(([type, principals]) =>
      listed(principals).flatMap((principal) => {
        const name = String(principal);
        const isOurs = type === "AWS" ? own.includes(name) : type === "Service" && SERVICES.test(name);
        return isOurs ? [] : [name];
      }),
    ),
    ...(NotPrincipal === undefined ? [] : [`everybody but ${JSON.stringify(NotPrincipal)}`]),
  ];
}

/** In words: the statement, what it allows and whom. A new key of the CloudTrail console has some for `*` in the account. */
function describeServing(
  statement: Readonly<Record<string, unknown>>,
  others: readonly string[],
  accountId: string,
): string {
  const { Action, Condition } = statement;
  const equals = isObject(Condition) && isObject(Condition.StringEquals) ? Condition.StringEquals : {};
  const isOfAccount = listed(equals["kms:CallerAccount"]).join() === accountId;
  const whom = others.map((other) =>
    other === "*" ? (isOfAccount ? "everybody in this account" : "everybody") : other,
  );
  const via = listed(equals["kms:ViaService"]).join(" or ");
  return `${titleOf(statement)}: ${listed(Action).join(", ")} for ${whom.join(", ")}${via === "" ? "" : ` through ${via}`}`;
}
