import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from "@aws-sdk/client-iam";
import { GetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { roleNameOf } from "../arn";
import { emulatorClientSettings } from "../environment";
import type { ApiRequest } from "../gateway/api-request";
import { Kept } from "../kept";
import type { Context } from "./conditions";
import { judgeIdentityPolicies, judgeResourcePolicy, type Policy, parsePolicy } from "./policy";
import { type Account, type Requirement, requirementsOf, UnknownCallError } from "./requirements";
import { UnknownPolicyError } from "./unknown-policy-error";

/** Whose credentials a call comes with. */
export interface RoleSession {
  readonly roleArn: string;
  readonly sessionArn: string;
}

/** What a caller who may not is answered: the service's own error code, the words of AWS, the HTTP status. */
export interface Denial {
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

/** The policies of roles as they are in the emulator, kept until they are forgotten. */
export class RolePolicies {
  readonly #endpoint: string;
  readonly #iam: IAMClient;
  readonly #kept = new Kept();

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
    // IAM has no regions.
    this.#iam = new IAMClient(emulatorClientSettings(endpoint, "us-east-1"));
  }

  /**
   * Its inline policies, and of its attached ones the default versions.
   *
   * @throws UnknownPolicyError for a policy that isn't understood, or a permissions boundary; `NoSuchEntityException`
   *   without such a role
   */
  policiesOf(roleName: string): Promise<readonly Policy[]> {
    return this.#kept.of("policies", roleName, () => this.#readPolicies(roleName));
  }

  /** @throws UnknownPolicyError for one that isn't understood; `NoSuchEntityException` without such a role */
  trustPolicyOf(roleName: string): Promise<Policy> {
    return this.#kept.of("trust policy", roleName, () => this.#readTrustPolicy(roleName));
  }

  /**
   * Whether a role's trust policy lets an AWS service take it on.
   *
   * @param context condition keys that the service sends beside `aws:SecureTransport`
   * @throws as `trustPolicyOf`
   */
  async lets(service: string, roleArn: string, context: Context = {}): Promise<boolean> {
    const { effect } = judgeResourcePolicy(await this.trustPolicyOf(roleNameOf(roleArn)), {
      principal: { service },
      action: "sts:AssumeRole",
      resource: roleArn,
      context: { ...context, "aws:SecureTransport": "true" },
    });
    return effect === "allow";
  }

  /**
   * Whether a role may do something that a service does with it.
   *
   * @throws as `policiesOf`
   */
  async may(roleArn: string, action: string, resource: string): Promise<boolean> {
    const { effect } = judgeIdentityPolicies(await this.policiesOf(roleNameOf(roleArn)), {
      principal: { arn: roleArn, accountId: roleArn.split(":")[4] ?? "" },
      action,
      resource,
      context: { "aws:SecureTransport": "true" },
    });
    return effect === "allow";
  }

  /** For after a write to IAM. */
  forget(): void {
    this.#kept.forget("policies");
    this.#kept.forget("trust policy");
  }

  /**
   * Why a role may not make a call; undefined if it may. Only the role's own policies are asked: not the policies of
   * resources, which could allow as well or deny, nor those of keys, which could deny. A policy that isn't understood
   * refuses the call, and the message says so.
   *
   * @throws `NoSuchEntityException` without such a role
   */
  async judge(request: ApiRequest, session: RoleSession): Promise<Denial | undefined> {
    const roleName = roleNameOf(session.roleArn);
    try {
      const [policies, topicKeyId] = await Promise.all([
        this.policiesOf(roleName),
        this.#topicKeyId(request),
      ]);
      return denialOf(request, session, policies, topicKeyId);
    } catch (error) {
      if (error instanceof UnknownPolicyError) {
        return denial(request, `this emulator can't judge the call: ${error.message}`);
      }
      throw error;
    }
  }

  close(): void {
    this.#iam.destroy();
  }

  async #readPolicies(RoleName: string): Promise<readonly Policy[]> {
    const { Role } = await this.#iam.send(new GetRoleCommand({ RoleName }));
    if (Role?.PermissionsBoundary !== undefined) {
      throw new UnknownPolicyError(
        `role ${RoleName}`,
        "it has a permissions boundary, which isn't judged here",
      );
    }
    const policies: Policy[] = [];
    for await (const { PolicyNames = [] } of paginateListRolePolicies({ client: this.#iam }, { RoleName })) {
      for (const PolicyName of PolicyNames) {
        const { PolicyDocument } = await this.#iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        policies.push(parsePolicy(decoded(PolicyDocument), `${PolicyName} of role ${RoleName}`));
      }
    }
    for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies(
      { client: this.#iam },
      { RoleName },
    )) {
      for (const { PolicyArn } of AttachedPolicies) {
        policies.push(await this.#readManagedPolicy(PolicyArn));
      }
    }
    return policies;
  }

  async #readManagedPolicy(PolicyArn: string | undefined): Promise<Policy> {
    const { Policy: policy } = await this.#iam.send(new GetPolicyCommand({ PolicyArn }));
    const { PolicyVersion } = await this.#iam.send(
      new GetPolicyVersionCommand({ PolicyArn, VersionId: policy?.DefaultVersionId }),
    );
    return parsePolicy(decoded(PolicyVersion?.Document), String(PolicyArn));
  }

  async #readTrustPolicy(RoleName: string): Promise<Policy> {
    const { Role } = await this.#iam.send(new GetRoleCommand({ RoleName }));
    return parsePolicy(decoded(Role?.AssumeRolePolicyDocument), `of trust of role ${RoleName}`);
  }

  async #topicKeyId({ service, operation, input }: ApiRequest): Promise<string | undefined> {
    const { TopicArn } = input;
    if (service !== "sns" || operation !== "Publish" || typeof TopicArn !== "string") {
      return undefined;
    }
    const region = TopicArn.split(":")[3] ?? "";
    const sns = new SNSClient(emulatorClientSettings(this.#endpoint, region));
    try {
      const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
      return Attributes?.KmsMasterKeyId;
    } catch (error) {
      // That there is no such topic is for the call itself to hear.
      if (error instanceof Error && error.name === "NotFoundException") {
        return undefined;
      }
      throw error;
    } finally {
      sns.destroy();
    }
  }
}

/** IAM gives its documents URL-encoded (RFC 3986). */
function decoded(document: string | undefined): string {
  return decodeURIComponent(document ?? "");
}

/**
 * Why these policies of a role don't allow a call; undefined if they do. A call whose needs aren't known is refused, too,
 * and the message says so.
 *
 * Sources: IAM user guide, "Access denied error message examples", and of a service's code what it answers.
 *
 * @param topicKeyId `KmsMasterKeyId` of the topic that the call publishes to, where it has one
 * @throws UnknownPolicyError for a policy that isn't an identity-based one
 */
export function denialOf(
  request: ApiRequest,
  { roleArn, sessionArn }: RoleSession,
  policies: readonly Policy[],
  topicKeyId?: string,
): Denial | undefined {
  const [, partition = "", , , accountId = ""] = roleArn.split(":");
  const needs = needsOf(request, { partition, accountId, topicKeyId });
  if (typeof needs === "string") {
    return denial(request, needs);
  }
  for (const { action, resource, context } of needs) {
    const { effect } = judgeIdentityPolicies(policies, {
      principal: { arn: roleArn, accountId },
      action,
      resource,
      context: {
        "aws:PrincipalArn": roleArn,
        "aws:PrincipalAccount": accountId,
        "aws:RequestedRegion": request.region,
        // It speaks for AWS, where the call would be one over TLS.
        "aws:SecureTransport": "true",
        ...context,
      },
    });
    if (effect !== "allow") {
      const reason =
        effect === "explicit deny"
          ? "with an explicit deny in an identity-based policy"
          : `because no identity-based policy allows the ${action} action`;
      const message = `User: ${sessionArn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
      return request.service === "sns" && action.startsWith("kms:")
        ? { ...KMS_DENIAL_OF_SNS, message }
        : denial(request, message);
    }
  }
  return undefined;
}

/** Or, as text, that they aren't known. */
function needsOf(request: ApiRequest, account: Account): readonly Requirement[] | string {
  try {
    return requirementsOf(request, account);
  } catch (error) {
    if (error instanceof UnknownCallError) {
      return error.message;
    }
    throw error;
  }
}

/** Of the services that don't answer AccessDeniedException, and 400, as those of the JSON protocols do. */
const DENIALS: ReadonlyMap<string, Omit<Denial, "message">> = new Map([
  ["s3", { code: "AccessDenied", status: 403 }],
  ["iam", { code: "AccessDenied", status: 403 }],
  ["sts", { code: "AccessDenied", status: 403 }],
  ["monitoring", { code: "AccessDenied", status: 403 }],
  ["sqs", { code: "AccessDenied", status: 403 }],
  ["sns", { code: "AuthorizationError", status: 403 }],
  ["lambda", { code: "AccessDeniedException", status: 403 }],
  ["ec2", { code: "UnauthorizedOperation", status: 403 }],
]);

/** SNS API Reference, "Publish": what it answers who may publish but not use the topic's key. */
const KMS_DENIAL_OF_SNS = { code: "KMSAccessDenied", status: 400 };

function denial({ service }: ApiRequest, message: string): Denial {
  return { ...(DENIALS.get(service) ?? { code: "AccessDeniedException", status: 400 }), message };
}
