import { PatternSyntaxError } from "../syntax-error";
import { limits } from "./limits";

/** A place in a filter pattern's text, from which its parts are taken one after another. */
export class PatternReader {
  /** The index of the next character. */
  offset = 0;
  regularExpressions = 0;
  wildcardSelectors = 0;

  constructor(readonly text: string) {}

  skipWhitespace(): void {
    this.match(/[ \t\r\n]+/y);
  }

  atEnd(): boolean {
    return this.offset === this.text.length;
  }

  startsWith(literal: string): boolean {
    return this.text.startsWith(literal, this.offset);
  }

  /** Takes `literal` and says so, if it comes next after any white space. */
  take(literal: string): boolean {
    this.skipWhitespace();
    if (!this.startsWith(literal)) return false;
    this.offset += literal.length;
    return true;
  }

  /** Takes what a sticky regular expression finds right here, without skipping white space. */
  match(expression: RegExp): string | undefined {
    expression.lastIndex = this.offset;
    const found = expression.exec(this.text)?.[0];
    if (found !== undefined) this.offset += found.length;
    return found;
  }

  /** Counts a regular expression that starts at `start`. */
  countRegularExpression(start: number): void {
    this.regularExpressions += 1;
    if (this.regularExpressions > limits.regularExpressions)
      this.fail(`a pattern may hold at most ${limits.regularExpressions} regular expressions`, start);
  }

  /** Counts a selector with a wildcard that starts at `start`. */
  countWildcardSelector(start: number): void {
    this.wildcardSelectors += 1;
    if (this.wildcardSelectors > limits.wildcardSelectors)
      this.fail(`a pattern may hold at most ${limits.wildcardSelectors} selectors with a wildcard`, start);
  }

  /** @throws PatternSyntaxError always, with the pattern's line and a caret under the place */
  fail(message: string, offset = this.offset): never {
    throw new PatternSyntaxError(`${message}\n${pointAt(this.text, offset)}`, offset);
  }
}

/** The line of `text` that holds `offset`, and below it a caret. Of a line too long to be a pattern, a part. */
function pointAt(text: string, offset: number): string {
  const lineStart = text.slice(0, offset).lastIndexOf("\n") + 1;
  const lineBreak = text.indexOf("\n", offset);
  const lineEnd = lineBreak < 0 ? text.length : lineBreak;
  const tooLong = lineEnd - lineStart > limits.characters;
  const from = tooLong ? Math.max(lineStart, offset - 60) : lineStart;
  const to = tooLong ? Math.min(lineEnd, offset + 20) : lineEnd;
  const line = text.slice(from, to).replace(/\s/g, " ");
  return `${line}\n${" ".repeat(offset - from)}^`;
}
