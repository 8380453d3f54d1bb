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

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
