import { z } from "zod";

/** An object of settings, which knows the names that it allows. */
export function settings<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `no such setting; allowed are ${Object.keys(shape).join(", ")}`
        : undefined,
  });
}

/** Text of at least one character. */
export const text = z.string().min(1, { error: "is empty" });

/** Text of a form, and what to say of text that isn't of it. */
export function textLike(pattern: RegExp, complaint: string) {
  return z.string().regex(pattern, { error: complaint });
}

export function wholeNumber(min: number, max: number) {
  const error = `is no whole number from ${min} to ${max}`;
  return z.number().refine((value) => Number.isInteger(value) && value >= min && value <= max, { error });
}

export const url = z.url({ protocol: /^https?$/, error: "is no http or https URL" });

export const keyArn = textLike(
  /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/,
  "is no KMS key's ARN (arn:aws:kms:REGION:ACCOUNT:key/ID)",
);

/** What no setting can tell by itself. */
export interface Problem {
  readonly path: PropertyKey[];
  readonly message: string;
  /** The value, to be printed; left out where it is missing or may hold a secret. */
  readonly input?: unknown;
}

/** A schema and what its settings can't tell one by one, of which any may be wrong: so one run tells of everything. */
export function checkedWhole<Schema extends z.ZodType>(
  schema: Schema,
  problemsOf: (settings: Readonly<Record<string, unknown>>) => readonly Problem[],
): Schema {
  return schema.superRefine(
    (value, context) => {
      for (const problem of isObject(value) ? problemsOf(value) : []) {
        const params = { withoutValue: !("input" in problem) };
        context.addIssue({ code: "custom", ...problem, params });
      }
    },
    { when: ({ value }) => isObject(value) },
  );
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Objects in a list that may be none, each with its index. */
export function objectsIn(list: unknown): [number, Record<string, unknown>][] {
  return (Array.isArray(list) ? list : []).flatMap((item, index) => (isObject(item) ? [[index, item]] : []));
}
