import fc from "fast-check";
import { type EventPattern, PatternSyntaxError, parseEventPattern } from "../../../../patterns";
import { arbitraryEventCase, arbitraryEventPattern, evaluate } from "../support/event-patterns";

const key = fc.constantFrom(
  ...["a", "b.c", "", "$or", "prefix", "suffix", "anything-but", "equals-ignore-case", "wildcard", "numeric"],
  ...["exists", "cidr", "exactly", "=", "__proto__", "constructor"],
);
const scalar = fc.constantFrom<unknown>(
  ...[
    "x",
    "",
    "*",
    "**",
    "\\",
    ">",
    "=",
    "<",
    "10.0.0.0/8",
    "::/0",
    "10.0.0.0/99",
    null,
    true,
    false,
    0,
    1,
    1e300,
  ],
);

/** JSON that looks like an event pattern from afar. */
const anyJson = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 5 },
    { weight: 2, arbitrary: scalar },
    { weight: 2, arbitrary: fc.array(tie("json"), { maxLength: 3 }) },
    { weight: 3, arbitrary: fc.dictionary(key, tie("json"), { maxKeys: 2 }) },
  ),
})).json;

function parseOrRefuse(pattern: string | object): EventPattern | undefined {
  try {
    return parseEventPattern(pattern);
  } catch (error) {
    expect(error).toBeInstanceOf(PatternSyntaxError);
    expect((error as PatternSyntaxError).offset).toBeGreaterThanOrEqual(0);
    expect((error as PatternSyntaxError).message).not.toMatch(/\.$/);
    return undefined;
  }
}

describe("any event pattern", () => {
  it("matches as the search of aws/event-ruler, tried out in full, does", () => {
    fc.assert(
      fc.property(arbitraryEventCase, ([pattern, event]) => {
        const expected = evaluate(pattern, event);
        expect(parseEventPattern(pattern).matches(event)).toBe(expected);
        expect(parseEventPattern(JSON.stringify(pattern, null, 2)).matches(event)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("anything else", () => {
  it("is refused with its place, or is a pattern that takes any event", () => {
    fc.assert(
      fc.property(anyJson, anyJson, (pattern, event) => {
        const parsed = parseOrRefuse(pattern as object);
        expect(parseOrRefuse(JSON.stringify(pattern))?.matches(event)).toBe(parsed?.matches(event));
      }),
      { numRuns: 1000 },
    );
  });

  it("is refused if it is no JSON text", () => {
    const mutation = fc.tuple(
      arbitraryEventPattern,
      fc.nat(200),
      fc.constantFrom("", "]", '"', "\\", "\u0001", ",", "{"),
    );
    fc.assert(
      fc.property(mutation, ([pattern, place, inserted]) => {
        const text = JSON.stringify(pattern);
        const broken = text.slice(0, place) + inserted + text.slice(place + 1);
        let isJson = true;
        try {
          JSON.parse(broken);
        } catch {
          isJson = false;
        }
        if (!isJson) expect(parseOrRefuse(broken)).toBeUndefined();
        else parseOrRefuse(broken);
      }),
      { numRuns: 1000 },
    );
  });
});
