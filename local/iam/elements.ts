import { UnknownPolicyError } from "./unknown-policy-error";

export type Json = Readonly<Record<string, unknown>>;

/** @throws UnknownPolicyError for what is no JSON object */
export function objectOf(value: unknown, element: string, where: string): Json {
  if (!isObject(value)) {
    throw new UnknownPolicyError(where, `${element} is no JSON object`);
  }
  return value;
}

/**
 * The values of an element that takes one or a list of them.
 *
 * @throws UnknownPolicyError for an empty list, and what isn't text
 */
export function textsOf(value: unknown, element: string, where: string): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0) {
    throw new UnknownPolicyError(where, `${element} is an empty list`);
  }
  return values.map((one) => {
    if (typeof one !== "string") {
      throw new UnknownPolicyError(where, `${element} holds ${JSON.stringify(one)}, which is no text`);
    }
    return one;
  });
}

/** @throws UnknownPolicyError for a policy variable, which only the caller's session could fill in */
export function refuseVariables(
  values: readonly string[],
  element: string,
  where: string,
): readonly string[] {
  const variable = values.find((value) => value.includes("${"));
  if (variable !== undefined) {
    throw new UnknownPolicyError(where, `${element} holds a policy variable, ${variable}`);
  }
  return values;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
