import type { Selector, SelectorStep } from "./ast";
import type { PatternReader } from "./pattern-reader";

/** Takes a selector: `$.a.b`, `$.a[0]`, `$.a[*]`, `$.*`, `$.['a.b']`. */
export function parseSelector(reader: PatternReader): Selector {
  reader.skipWhitespace();
  const start = reader.offset;
  if (!reader.startsWith("$")) return reader.fail("expected a selector such as $.eventName");
  reader.offset += 1;
  if (!reader.startsWith(".")) return reader.fail('a selector starts with "$."', start);

  const steps: SelectorStep[] = [];
  for (;;) {
    if (reader.match(/\./y) !== undefined) steps.push(parseField(reader));
    else if (reader.match(/\[/y) !== undefined) steps.push(parseElement(reader));
    else break;
  }
  const wildcards = steps.filter((step) => step.kind === "any field" || step.kind === "any element");
  if (wildcards.length > 1) return reader.fail("a selector may hold one wildcard", start);
  if (wildcards.length === 1) reader.countWildcardSelector(start);
  return steps;
}

/** What follows a dot. */
function parseField(reader: PatternReader): SelectorStep {
  if (reader.match(/\*/y) !== undefined) return { kind: "any field" };
  const name = reader.match(/[A-Za-z0-9_-]+/y);
  if (name !== undefined) return { kind: "name", name };

  const bracketed = reader.match(/\['[^'\\]+'\]/y);
  if (bracketed !== undefined) return { kind: "name", name: bracketed.slice(2, -2) };
  if (reader.startsWith("[")) return reader.fail("a key in brackets is written ['like.this']");
  return reader.fail("expected a name of letters, digits, - and _; another key is written $.['like.this']");
}

/** What follows an opening bracket. */
function parseElement(reader: PatternReader): SelectorStep {
  if (reader.match(/\*\]/y) !== undefined) return { kind: "any element" };
  const index = reader.match(/\d{1,9}\]/y);
  if (index !== undefined) return { kind: "index", index: Number.parseInt(index, 10) };
  return reader.fail("expected an index or * in the brackets: [0] or [*]; a key is written .['like.this']");
}
