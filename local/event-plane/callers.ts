import { randomBytes, randomInt } from "node:crypto";
import { roleNameOf } from "../arn";
import type { ApiRequest } from "../gateway/api-request";
import { readXml } from "../gateway/xml";

/** Who makes a call. */
export type Caller =
  | { readonly kind: "user"; readonly userName: string; readonly arn: string }
  | {
      readonly kind: "role";
      readonly roleArn: string;
      readonly roleName: string;
      readonly sessionName: string;
      /** The session's. */
      readonly arn: string;
    }
  | { readonly kind: "root"; readonly arn: string }
  | {
      readonly kind: "service";
      /** e.g. `events.amazonaws.com` */
      readonly service: string;
    };

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * Knows callers by their access keys: those of sessions that it issued or heard of, and those made for users. The emulator
 * takes any credentials, so a key that nobody issued is an IAM user of that name: `mallory` is `user/mallory`.
 */
export class Callers {
  readonly #callers = new Map<string, Caller>();

  /** @param partition @default aws */
  constructor(
    private readonly accountId: string,
    private readonly partition = "aws",
  ) {}

  /** Credentials of a new session of a role, such as Lambda gives to a function. */
  issue(roleArn: string, sessionName: string): Credentials {
    const accessKeyId = `ASIA${randomText(BASE32, 16)}`;
    this.#callers.set(accessKeyId, this.#session(roleArn, sessionName));
    return {
      accessKeyId,
      secretAccessKey: randomBytes(30).toString("base64"),
      sessionToken: randomBytes(96).toString("base64"),
    };
  }

  /**
   * Learns whose credentials were made by a call of AssumeRole, GetSessionToken or CreateAccessKey; other calls say
   * nothing about it.
   *
   * @param answer XML of the Query protocol
   */
  note(request: ApiRequest, answer: unknown): void {
    const { operation, input } = request;
    const made = typeof answer === "string" ? resultOf(operation, answer) : undefined;
    const accessKeyId = textOf(made?.AccessKeyId);
    if (accessKeyId === undefined) {
      return;
    }
    if (operation === "AssumeRole") {
      const roleArn = textOf(input.RoleArn) ?? "";
      this.#callers.set(accessKeyId, this.#session(roleArn, textOf(input.RoleSessionName) ?? ""));
    } else {
      // Made for a user: one that is named, or who asks.
      const caller = this.of(request.accessKeyId);
      const own = caller.kind === "user" ? caller.userName : "";
      this.#callers.set(accessKeyId, this.#user(textOf(made?.UserName) ?? own));
    }
  }

  of(accessKeyId: string): Caller {
    return this.#callers.get(accessKeyId) ?? this.#user(accessKeyId);
  }

  #user(userName: string): Caller {
    return { kind: "user", userName, arn: `arn:${this.partition}:iam::${this.accountId}:user/${userName}` };
  }

  /** A session's ARN leaves out the path of its role. */
  #session(roleArn: string, sessionName: string): Caller {
    const [, partition = this.partition, , , account = this.accountId] = roleArn.split(":");
    const roleName = roleNameOf(roleArn);
    const arn = `arn:${partition}:sts::${account}:assumed-role/${roleName}/${sessionName}`;
    return { kind: "role", roleArn, roleName, sessionName, arn };
  }
}

/** Where the answers have the credentials. */
const MADE: ReadonlyMap<string, string> = new Map([
  ["AssumeRole", "Credentials"],
  ["GetSessionToken", "Credentials"],
  ["CreateAccessKey", "AccessKey"],
]);

function resultOf(operation: string, answer: string): Readonly<Record<string, unknown>> | undefined {
  const member = MADE.get(operation);
  const response = member === undefined ? undefined : readXml(answer)?.[`${operation}Response`];
  return member === undefined
    ? undefined
    : objectOf(objectOf(objectOf(response)?.[`${operation}Result`])?.[member]);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? { ...value } : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Letters of AWS's identifiers. */
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function randomText(letters: string, length: number): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join("");
}
