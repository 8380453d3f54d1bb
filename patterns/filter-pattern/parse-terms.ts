import type { Term, TermsPattern } from "./ast";
import { parseQuoted, parseRegex } from "./parse-operand";
import type { PatternReader } from "./pattern-reader";

/** Takes words and phrases up to the end, or a single regular expression. */
export function parseTermsPattern(reader: PatternReader): TermsPattern {
  const terms: Term[] = [];
  reader.skipWhitespace();
  while (!reader.atEnd()) {
    const start = reader.offset;
    const term = parseTerm(reader);
    terms.push(term);
    const end = reader.offset;
    reader.skipWhitespace();
    if (reader.offset === end && !reader.atEnd())
      return reader.fail("a term with characters other than letters, digits and _ stands in double quotes");
    if (term.kind === "regular expression" && (terms.length > 1 || !reader.atEnd()))
      return reader.fail("a regular expression stands alone in a pattern that is neither {…} nor […]", start);
  }
  return { kind: "terms", terms };
}

function parseTerm(reader: PatternReader): Term {
  if (reader.startsWith("%")) return { kind: "regular expression", source: parseRegex(reader) };
  const sign = reader.match(/[-?]/y);
  const kind = sign === "-" ? "excluded" : sign === "?" ? "optional" : "included";
  if (reader.startsWith('"')) {
    const start = reader.offset;
    const text = parseQuoted(reader);
    if (kind !== "included" && text.trim() === "")
      return reader.fail("a blank phrase matches everything: it stands without a sign", start);
    return { kind, text };
  }
  const text = reader.match(/[A-Za-z0-9_]+/y);
  if (text !== undefined) return { kind, text };
  return reader.fail("expected a term: a word of letters, digits and _, or a phrase in double quotes");
}
