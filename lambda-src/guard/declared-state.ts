import { createHash } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import * as z from "zod/mini";
import { DICTIONARY } from "./declared-state-dictionary";

export { DICTIONARY } from "./declared-state-dictionary";

/** Version of the document's form. A function that doesn't know it repairs nothing. */
export const DECLARED_STATE_VERSION = 1;

/** Characters that an SSM parameter holds, by its tier (Systems Manager user guide, "Managing parameter tiers"). */
export const PARAMETER_CAPACITY = 4096;
export const ADVANCED_PARAMETER_CAPACITY = 8192;

const text = z.string().check(z.minLength(1));
const days = z.number().check(z.positive());

const trailSettings = z.object({
  bucketName: text,
  keyArn: text,
  /** With the `:*` that CloudTrail has at its end. */
  logGroupArn: text,
  roleArn: text,
  multiRegion: z.boolean(),
  globalServiceEvents: z.boolean(),
  logFileValidation: z.boolean(),
  eventSelectors: z.array(
    z.object({
      readWriteType: z.enum(["All", "ReadOnly", "WriteOnly"]),
      includeManagementEvents: z.boolean(),
    }),
  ),
  insightSelectors: z.array(text),
  tags: z.record(z.string(), z.string()),
});

const declaredState = z.object({
  trail: z.object({
    arn: text,
    /** Absent for a trail that exists already: then it is only kept logging. */
    settings: z.optional(trailSettings),
  }),
  /** Absent, as the key is, where it exists already and its owner says how it is to be. */
  bucket: z.optional(
    z.object({
      name: text,
      /** The bucket policy, as a document. */
      policy: z.looseObject({ Statement: z.array(z.unknown()) }),
      /** The bucket's one lifecycle rule; all lengths in days. */
      lifecycle: z.object({
        id: text,
        expiration: days,
        noncurrentVersionExpiration: days,
        abortIncompleteMultipartUpload: days,
      }),
      encryptionKeyArn: text,
    }),
  ),
  key: z.optional(z.object({ arn: text })),
  logGroup: z.object({
    name: text,
    /** Absent, as the key is, for a log group that exists already. */
    retentionDays: z.optional(days),
    keyArn: z.optional(text),
    metricFilters: z.array(z.object({ name: text, pattern: z.string(), namespace: text, metricName: text })),
  }),
  alarms: z.array(
    z.object({
      name: text,
      /** Whether it tells anybody. */
      tells: z.boolean(),
    }),
  ),
  /** Names of the event rules on the default bus. All are enabled. */
  rules: z.array(text),
});

/**
 * What Terraform declared and the guard keeps: written to a parameter before Terraform touches any of it. What Terraform
 * doesn't manage is absent.
 */
export type DeclaredState = z.infer<typeof declaredState>;
export type DeclaredTrailSettings = z.infer<typeof trailSettings>;
export type DeclaredBucket = NonNullable<DeclaredState["bucket"]>;
export type DeclaredLogGroup = DeclaredState["logGroup"];
export type DeclaredMetricFilter = DeclaredLogGroup["metricFilters"][number];

/** The parameter's text: the document with what is known at apply only beside it. */
const envelope = z.object({
  version: z.literal(DECLARED_STATE_VERSION),
  /** Each stands in the document as {@link placeholder} of its index. */
  values: z.array(z.string()),
  /** The document as JSON, compressed by raw DEFLATE with {@link DICTIONARY}, in Base64. */
  document: z.string(),
});

/** Stands in the document for a value. Private characters of Unicode, which no name and no pattern holds. */
export function placeholder(index: number): string {
  return `\uE000${index}\uE001`;
}

/**
 * @param document the document as {@link envelope} has it
 * @returns the parameter's text
 */
export function declaredStateText(document: string, values: readonly string[]): string {
  return JSON.stringify({ version: DECLARED_STATE_VERSION, values, document });
}

/** A parameter's text that is no declared state, or one of another version. */
export class UnreadableDeclaredState extends Error {
  override readonly name = "UnreadableDeclaredState";
}

/** @throws UnreadableDeclaredState */
export function readDeclaredState(parameterText: string): DeclaredState {
  const { values, document } = checked(envelope, parsed(parameterText));
  return checked(declaredState, parsed(filledIn(unpacked(document), values)));
}

/** SHA-256 of a parameter's text in hexadecimal, as Terraform's function `sha256` gives it. */
export function digestOf(parameterText: string): string {
  return createHash("sha256").update(parameterText).digest("hex");
}

/** 4 KB of patterns unpack to a tenth of this; more is nothing that Terraform wrote. */
const MOST_UNPACKED_BYTES = 256 * 1024;

function unpacked(document: string): string {
  try {
    const packed = Buffer.from(document, "base64");
    const dictionary = Buffer.from(DICTIONARY);
    return inflateRawSync(packed, { dictionary, maxOutputLength: MOST_UNPACKED_BYTES }).toString();
  } catch (error) {
    throw new UnreadableDeclaredState(`its document can't be unpacked: ${(error as Error).message}`);
  }
}

function filledIn(document: string, values: readonly string[]): string {
  return document.replace(/\uE000(\d+)\uE001/g, (_, index: string) => {
    const value = values[Number(index)];
    if (value === undefined) {
      throw new UnreadableDeclaredState(`it has no value ${index}`);
    }
    return JSON.stringify(value).slice(1, -1);
  });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new UnreadableDeclaredState("it is no JSON");
  }
}

function checked<Schema extends z.core.$ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = z.safeParse(schema, value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new UnreadableDeclaredState(`its ${issue?.path.join(".") || "document"} is missing or wrong`);
  }
  return result.data;
}
