import { lineOf } from "./lines";

/**
 * Words that no program makes anything of: no mark, mention, link, number of an issue, hash of a commit (seven letters
 * from a to f could be one) or number of a list.
 */
const PLAIN_WORD =
  /^(?:\d{1,6}(?:\.\d\d)?,?|["(]*(?![A-Fa-f]{7,}\b)[A-Za-z]+(?:-[a-z]+)*(?:'[a-z]{1,2})?[")]*[,.:;]?)$/;
/** Punctuation that stands around a word, and makes no mark of it. */
const AROUND = /^(["(]*)(.*?)([")]*[,.:;]?)$/s;

/**
 * Text out of a plan as code: nothing in it is a mark, HTML, a mention or a link, and its fence is longer than any in it.
 *
 * Source: GitHub Flavored Markdown, "Code spans".
 */
export function code(text: string, most?: number): string {
  const line = lineOf(text, most);
  if (line.trim() === "") {
    return "(empty)";
  }
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}

/** A sentence that may hold text out of a plan: its plain words as they are, everything else as code. */
export function sentence(text: string, most?: number): string {
  const parts: string[] = [];
  let odd: string[] = [];
  const flush = () => {
    if (odd.length > 0) {
      const [, before = "", inner = "", after = ""] = AROUND.exec(odd.join(" ")) ?? [];
      parts.push(inner === "" ? code(odd.join(" ")) : `${before}${code(inner)}${after}`);
      odd = [];
    }
  };
  for (const word of lineOf(text, most)
    .split(" ")
    .filter((word) => word !== "")) {
    if (PLAIN_WORD.test(word)) {
      flush();
      parts.push(word);
    } else {
      odd.push(word);
    }
  }
  flush();
  return parts.join(" ");
}

/** The same where it is one piece, such as a name with spaces in it: as it is, or code as a whole. */
export function whole(text: string, most?: number): string {
  const words = lineOf(text, most).split(" ");
  return words.every((word) => PLAIN_WORD.test(word)) ? words.join(" ") : code(text, most);
}

/** Lines of text as a block of code, whose fence is longer than any in it. */
export function block(text: string, language: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A row of a table. Within one a bar is a bar only behind a backslash, in code, too. */
export function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
