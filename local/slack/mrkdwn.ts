import type { SlackText } from "./message";

/** A piece of a text, its escapes undone. */
export type MrkdwnPart =
  | { readonly kind: "text" | "code" | "preformatted"; readonly text: string }
  | { readonly kind: "bold" | "italic" | "strike"; readonly parts: readonly MrkdwnPart[] }
  | BracketedPart;

type BracketedPart =
  | { readonly kind: "mention"; readonly text: string }
  | { readonly kind: "link"; readonly url: string; readonly text: string };

/** Each alternative is one group: preformatted, code, what stands in angle brackets, bold, italic, strike. */
const MARKS =
  /```([^`]+)```|`([^`\n]+)`|<([^<>\n]+)>|(?<!\w)\*(?=\S)([^*\n]+)(?<=\S)\*(?!\w)|(?<!\w)_(?=\S)([^_\n]+)(?<=\S)_(?!\w)|(?<!\w)~(?=\S)([^~\n]+)(?<=\S)~(?!\w)/;

const BRACKETS = /<([^<>\n]+)>/;

const SPECIAL_MENTIONS: readonly string[] = ["!channel", "!here", "!everyone"];

/**
 * Reads a text as far as messages of alarms need it: lists, quotes, emoji codes and dates stay as they are written.
 *
 * Source: Slack's documentation, "Formatting message text".
 */
export function textParts({ form, text }: SlackText): MrkdwnPart[] {
  switch (form) {
    case "plain":
      return [{ kind: "text", text: unescaped(text) }];
    case "unmarked":
      return partsOf(text, BRACKETS, ([, bracketed = ""]) => bracketedPart(bracketed));
    case "mrkdwn":
      return mrkdwnParts(text);
  }
}

function mrkdwnParts(mrkdwn: string): MrkdwnPart[] {
  return partsOf(mrkdwn, MARKS, markedPart);
}

function partsOf(text: string, marks: RegExp, partOf: (match: RegExpExecArray) => MrkdwnPart): MrkdwnPart[] {
  const parts: MrkdwnPart[] = [];
  let rest = text;
  for (;;) {
    const match = marks.exec(rest);
    const before = match === null ? rest : rest.slice(0, match.index);
    if (before !== "") {
      parts.push({ kind: "text", text: unescaped(before) });
    }
    if (match === null) {
      return parts;
    }
    parts.push(partOf(match));
    rest = rest.slice(match.index + match[0].length);
  }
}

function markedPart([, preformatted, code, bracketed, bold, italic, strike]: RegExpExecArray): MrkdwnPart {
  if (preformatted !== undefined) {
    return { kind: "preformatted", text: withinCode(preformatted).replace(/^\n/, "") };
  }
  if (code !== undefined) {
    return { kind: "code", text: withinCode(code) };
  }
  if (bracketed !== undefined) {
    return bracketedPart(bracketed);
  }
  return bold !== undefined
    ? { kind: "bold", parts: mrkdwnParts(bold) }
    : italic !== undefined
      ? { kind: "italic", parts: mrkdwnParts(italic) }
      : { kind: "strike", parts: mrkdwnParts(strike ?? "") };
}

/** `<https://…|label>`, `<@U…>`, `<#C…>`, `<!channel>`; of whom and what the ids are is Slack's to know. */
function bracketedPart(inner: string): BracketedPart {
  const bar = inner.indexOf("|");
  const target = bar === -1 ? inner : inner.slice(0, bar);
  const label = bar === -1 ? undefined : unescaped(inner.slice(bar + 1));
  if (/^[@#]/.test(target)) {
    return { kind: "mention", text: label ?? target };
  }
  if (target.startsWith("!")) {
    return SPECIAL_MENTIONS.includes(target)
      ? { kind: "mention", text: `@${target.slice(1)}` }
      : { kind: "mention", text: label ?? `<${target}>` };
  }
  const url = unescaped(target);
  return { kind: "link", url, text: label ?? url };
}

/** Code has no marks, but what stands in angle brackets counts in it, too. */
function withinCode(code: string): string {
  return code
    .split(/(<[^<>\n]+>)/)
    .map((piece, index) => (index % 2 === 1 ? bracketedPart(piece.slice(1, -1)).text : unescaped(piece)))
    .join("");
}

/** Undoes what Slack has escaped in every text: only these three. */
export function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => (name === "amp" ? "&" : name === "lt" ? "<" : ">"));
}
