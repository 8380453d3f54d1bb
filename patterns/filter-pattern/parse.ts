import type { FilterPatternAst } from "./ast";
import { limits } from "./limits";
import { parseColumnsPattern } from "./parse-columns";
import { parseJsonPattern } from "./parse-json";
import { parseTermsPattern } from "./parse-terms";
import type { PatternReader } from "./pattern-reader";

/**
 * Reads a whole filter pattern of any of the three kinds.
 *
 * @throws PatternSyntaxError
 */
export function parseAst(reader: PatternReader): FilterPatternAst {
  const { length } = reader.text;
  if (length > limits.characters)
    return reader.fail(
      `a pattern may be ${limits.characters} characters long, this one is ${length}`,
      limits.characters,
    );

  reader.skipWhitespace();
  const ast = reader.startsWith("{")
    ? parseJsonPattern(reader)
    : reader.startsWith("[")
      ? parseColumnsPattern(reader)
      : parseTermsPattern(reader);
  reader.skipWhitespace();
  if (!reader.atEnd()) return reader.fail("nothing may follow the closing bracket");
  return ast;
}
