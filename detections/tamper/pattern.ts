// Parts of the patterns of the preset `tamper`. They keep to what the CloudWatch Logs user guide settles: equality with
// text in quotes, `*` at the ends of a value, `NOT EXISTS`, `&&` and `||` with parentheses.

/** True for records of one of these events. A name may end in `*`. */
export function isEvent(...eventNames: readonly string[]): string {
  return anyOf(eventNames.map((eventName) => equals("$.eventName", eventName)));
}

export function isFrom(eventSource: string): string {
  return equals("$.eventSource", eventSource);
}

/**
 * True for calls whose parameters name one of the values, and for calls without such a parameter: a call that was
 * denied often names nothing (`requestParameters` is null), and an attempt counts.
 *
 * @param named names by the parameter that can hold them, which must hold text; `*` at either end of a name stands for
 *   any characters, and `[*]` at the end of a parameter for any element of a list
 */
export function concerns(named: Readonly<Record<string, readonly string[]>>): string {
  const places = Object.entries(named).map(
    ([parameter, values]) => [`$.requestParameters.${parameter}`, values] as const,
  );
  const namesNothing = places.map(([selector]) => `(${firstOf(selector)} NOT EXISTS)`);
  const namesOne = places.flatMap(([selector, values]) => values.map((value) => equals(selector, value)));
  return anyOf([namesNothing.length === 1 ? namesNothing.join() : bothOf(...namesNothing), ...namesOne]);
}

/** `$.names[*]` is there if `$.names[0]` is. */
function firstOf(selector: string): string {
  return selector.replace("[*]", "[0]");
}

/** A whole pattern of conditions that must all hold. */
export function allOf(...conditions: readonly string[]): string {
  return `{ ${conditions.join(" && ")} }`;
}

export function anyOf(conditions: readonly string[]): string {
  return conditions.length === 1 ? (conditions[0] as string) : `(${conditions.join(" || ")})`;
}

export function bothOf(...conditions: readonly string[]): string {
  return `(${conditions.join(" && ")})`;
}

function equals(selector: string, value: string): string {
  return `(${selector} = ${/^[A-Za-z0-9_]+$/.test(value) ? value : quoted(value)})`;
}

function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}

/** A name that a pattern with `*` stands for, for examples. */
export function exampleName(pattern: string): string {
  return pattern.replaceAll("*", "example");
}

/** A name, for examples, that none of the patterns stands for: it begins and ends unlike them. */
export function otherName(patterns: readonly string[]): string {
  const taken = patterns.flatMap((pattern) => [pattern.charAt(0), pattern.charAt(pattern.length - 1)]);
  const letter = [..."xyzabcdefghijklmnopqrstuvw"].find((candidate) => !taken.includes(candidate)) ?? "x";
  return `${letter}-unrelated-${letter}`;
}
