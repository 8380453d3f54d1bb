import type { EnvironmentConfig } from "../../config";
import type { Part } from "./existing";

/** The `adopt` section of an environment. */
export type AdoptSection = NonNullable<EnvironmentConfig["adopt"]>;

/** Other settings that go with the section. */
export interface OtherSettings {
  readonly trail?: {
    readonly existingTrail?: string;
    readonly existingBucket?: string;
    readonly existingKey?: string;
    readonly existingLogGroup?: string;
  };
  readonly retention?: {
    readonly logGroupDays?: NonNullable<EnvironmentConfig["retention"]>["logGroupDays"];
    readonly bucketDays?: number;
  };
}

/** What becomes of one thing that exists, or doesn't. */
export interface Item {
  /** e.g. `metric filter` */
  readonly kind: string;
  readonly name: string;
  /** `adopt`: imported. `use`: named and left as it is. `leave`: not touched. `new`: made. */
  readonly decision: "adopt" | "use" | "leave" | "new";
  /** `setting: now -> then`, by the names of Terraform's arguments. */
  readonly changes: readonly string[];
  /** What people do, or have to know of, before `terraform apply`; commands by hand among it. */
  readonly before: readonly string[];
  /** What else there is to know, commands by hand among it. */
  readonly notes: readonly string[];
}

/** An item whose changes aren't worked out. */
export interface Draft extends Omit<Item, "changes" | "before"> {
  /** Absent for nothing. */
  readonly before?: readonly string[];
  /** What exists, and the type of Terraform's resource that it becomes; absent where nothing changes. */
  readonly becomes?: {
    readonly type: string;
    readonly name?: string | undefined;
    /** Whether it is a bucket that hasn't had a lifecycle. */
    readonly makesLifecycle?: boolean;
  } & Pick<Part, "arguments" | "tags">;
}

/** What any adopted resource may need before `terraform apply`. */
export function beforeOfPart({ cloudFormationStack }: Pick<Part, "cloudFormationStack">): string[] {
  return cloudFormationStack === undefined
    ? []
    : [
        `CloudFormation's stack ${cloudFormationStack} has it: take it out of there (DeletionPolicy: Retain), or both will change it`,
      ];
}

/** An item for a look that failed. It may exist: nothing is said of what isn't known. */
export function notLookedAt(kind: string, name: string, problem: string): Draft {
  return { kind, name, decision: "leave", notes: [`${NOT_LOOKED_AT}: ${problem}`] };
}

/** How a note on a look that failed begins. */
export const NOT_LOOKED_AT = "not looked at, so it may exist";

/** A word as a POSIX shell takes it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A command for people to run. */
export function awsCommand(...words: readonly string[]): string {
  return ["aws", ...words].map(shellWord).join(" ");
}
