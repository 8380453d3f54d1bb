import fc from "fast-check";

/** The values that generated records and patterns have in common, so that they often meet. */
export const texts = ["x", "xy", "yx", "xyx", "", "X", 'say "x"/\\', "é🚀", "10.0.0.1", "404"] as const;
export const numbers = [0, 1, -1.5, 404, 1000] as const;
export const names = ["a", "b", "c"] as const;

const scalar = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom<unknown>(...texts) },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(...numbers) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false) },
);

function value(keys: readonly string[]): fc.Arbitrary<unknown> {
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      { weight: 4, arbitrary: scalar },
      { weight: 4, arbitrary: record(keys, tie("value")) },
      { weight: 3, arbitrary: fc.array(tie("value"), { maxLength: 3 }) },
    ),
  })).value;
}

function record(
  keys: readonly string[],
  values: fc.Arbitrary<unknown>,
): fc.Arbitrary<Record<string, unknown>> {
  return fc.dictionary(fc.constantFrom(...keys), values, { maxKeys: 3, noNullPrototype: true });
}

/** A JSON log event. */
export const arbitraryRecord = record([...names, "a.b"], value([...names, "a.b"]));

/** An event, with dotted keys that equal nested ones. */
const eventKeys = [...names, "a.b", "a-b"];
export const arbitraryEvent = record(eventKeys, value(eventKeys));
