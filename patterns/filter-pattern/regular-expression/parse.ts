import { limits } from "../limits";
import { type CharacterSet, characterSets } from "./character-set";

/**
 * A regular expression: alternatives, each a sequence of pieces. There are no groups, so pieces do not nest.
 */
export type RegularExpression = readonly (readonly Piece[])[];

export type Piece =
  | { readonly kind: "start" }
  | { readonly kind: "end" }
  /** One of `characters`, at least `min` and at most `max` times. */
  | {
      readonly kind: "characters";
      readonly characters: CharacterSet;
      readonly min: number;
      readonly max: number;
    };

type Fail = (message: string, offset: number) => never;

const symbols = ":_#=@/;,-";
const operators = "^$?[]{}|\\*+.";

/**
 * Reads what stands between the percent signs.
 *
 * Source: "Supported regular expressions (regex) syntax" on the page "Filter pattern syntax" of the CloudWatch
 * Logs user guide. Its list of characters lacks the space that its own examples use; the examples rule. Where
 * engines differ (a lone `{`, `a+?`, `[[`) nothing says what AWS does, so it is refused.
 */
export function parseRegularExpression(source: string, fail: Fail): RegularExpression {
  let offset = 0;
  let steps = 0;

  function parseAlternative(): Piece[] {
    const start = offset;
    const pieces: Piece[] = [];
    while (offset < source.length && source[offset] !== "|") {
      const piece = parsePiece();
      pieces.push(piece);
      if (piece.kind === "characters") steps += Number.isFinite(piece.max) ? piece.max : piece.min + 1;
      if (steps > limits.regularExpressionSteps)
        return fail(
          `the counts add up to more than ${limits.regularExpressionSteps} characters: lower them`,
          0,
        );
    }
    if (pieces.length === 0) return fail("an empty alternative would match everything", start);
    return pieces;
  }

  function parsePiece(): Piece {
    const start = offset;
    const character = source.charAt(offset);
    if (character === "^" || character === "$") {
      offset += 1;
      if (takeQuantifier() !== undefined) return fail("an anchor cannot be repeated", start);
      return { kind: character === "^" ? "start" : "end" };
    }
    const characters = parseCharacters();
    const [min, max] = takeQuantifier() ?? [1, 1];
    const second = offset;
    if (takeQuantifier() !== undefined) return fail("a quantifier cannot follow another", second);
    return { kind: "characters", characters, min, max };
  }

  function parseCharacters(): CharacterSet {
    const start = offset;
    const character = source.charAt(offset);
    if (character === "[") return parseClass();
    if (character === "\\") return parseEscape();
    if ("?*+{".includes(character))
      return fail(`nothing to repeat: write \\${character} for the character itself`, start);
    if ("}]".includes(character)) return fail(`write \\${character} for the character itself`, start);
    checkSupported(start);
    offset += 1;
    return character === "." ? characterSets.any : characterSets.of(character);
  }

  /** `\d` and its like, `\xhh`, or a character that stands for itself. */
  function parseEscape(): CharacterSet {
    const start = offset;
    const escaped = source.charAt(offset + 1);
    const hex = /^\\x([0-9A-Fa-f]{2})/.exec(source.slice(offset, offset + 4))?.[1];
    if (hex !== undefined) {
      const code = Number.parseInt(hex, 16);
      if (code > 0x7f) return fail("\\x takes an ASCII character, \\x00 to \\x7F", start);
      offset += 4;
      return characterSets.of(String.fromCharCode(code));
    }
    if (escaped === "") return fail("nothing follows this backslash; a percent sign is written \\x25", start);
    const named = characterSets.named(escaped);
    if (named === undefined && /[A-Za-z0-9]/.test(escaped))
      return fail(
        "expected \\d \\D \\s \\S \\w \\W, \\x and two hexadecimal digits, or a symbol after \\",
        start,
      );
    if (named === undefined) checkSupported(offset + 1);
    offset += 2;
    return named ?? characterSets.of(escaped);
  }

  /** `[…]` */
  function parseClass(): CharacterSet {
    const start = offset;
    offset += 1;
    const negated = source[offset] === "^";
    if (negated) offset += 1;
    const members: CharacterSet[] = [];
    while (source[offset] !== "]") {
      if (offset >= source.length) return fail("this character class is never closed: it ends with ]", start);
      members.push(parseMember(members.length === 0));
    }
    if (members.length === 0)
      return fail("this character class is empty; write \\] for a bracket in it", start);
    offset += 1;
    const union = characterSets.union(members);
    return negated ? characterSets.not(union) : union;
  }

  /** A character, a range or `\d` and its like, within a class. */
  function parseMember(isFirst: boolean): CharacterSet {
    const start = offset;
    const low = parseMemberCharacter(isFirst);
    if (source[offset] !== "-" || source[offset + 1] === "]") return low;
    offset += 1;
    const high = parseMemberCharacter(false);
    const range = characterSets.range(low, high);
    return range ?? fail("a range goes from one character up to another, such as a-z", start);
  }

  function parseMemberCharacter(isFirst: boolean): CharacterSet {
    const start = offset;
    const character = source.charAt(offset);
    if (character === "\\") return parseEscape();
    if (character === "[") return fail("write \\[ for a bracket in a character class", start);
    if (character === "-" && !isFirst && source[offset + 1] !== "]")
      return fail("write \\- for a hyphen in the middle of a character class", start);
    checkSupported(start);
    offset += 1;
    return characterSets.of(character);
  }

  function takeQuantifier(): [min: number, max: number] | undefined {
    const start = offset;
    const character = source.charAt(offset);
    if (character === "?" || character === "*" || character === "+") {
      offset += 1;
      return [character === "+" ? 1 : 0, character === "?" ? 1 : Number.POSITIVE_INFINITY];
    }
    if (character !== "{") return undefined;
    const [text, min = "", range, max = ""] = /^\{(\d{0,4})(,(\d{0,4}))?\}/.exec(source.slice(offset)) ?? [];
    if (text === undefined || min + max === "")
      return fail(
        `expected a count up to ${limits.regularExpressionSteps}, like {3}, {2,}, {,5} or {2,5}`,
        start,
      );
    offset += text.length;
    const least = Number(min);
    const most = range === undefined ? least : max === "" ? Number.POSITIVE_INFINITY : Number(max);
    if (least > most) return fail("the first count is greater than the second", start);
    return [least, most];
  }

  function checkSupported(at: number): void {
    const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
    if (/[A-Za-z0-9 ]/.test(character) || symbols.includes(character) || operators.includes(character))
      return;
    if ("()".includes(character))
      fail("a regular expression has no parentheses: list whole alternatives, or write \\x28 and \\x29", at);
    const code = character.charCodeAt(0);
    if (code > 0x7f) fail(`"${character}" is not ASCII, which is all a regular expression may hold`, at);
    const shown = JSON.stringify(character);
    const hex = code.toString(16).toUpperCase().padStart(2, "0");
    fail(`${shown} is not among the supported characters: write \\x${hex}`, at);
  }

  const alternatives: Piece[][] = [parseAlternative()];
  while (offset < source.length) {
    offset += 1;
    alternatives.push(parseAlternative());
  }
  return alternatives;
}
