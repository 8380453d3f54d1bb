import { matchesWildcard } from "../../local/iam/wildcard";
import type { Work } from "./work";

/** Whether all that one pattern stands for, another one stands for, too; false where that isn't sure. */
export type Contains = (outer: string, inner: string, work: Work) => boolean;

/** Begins a policy variable, such as `${aws:username}`. */
export const VARIABLE = "${";

/** Of actions and texts: `*` stands for any characters, also none, `?` for any one. */
export const textContains: Contains = (outer, inner, work) => {
  work.spend(50);
  if (outer === inner) {
    return true;
  }
  if (!isPattern(outer)) {
    return false;
  }
  const pattern = marked(outer, work);
  const text = marked(inner, work);
  work.spend(200 + pattern.length * text.length);
  return matchesWildcard(pattern, text);
};

/**
 * Of ARNs, each of whose six parts is taken by itself. IAM would let a wildcard of a resource span several; what is
 * contained part by part is contained either way.
 */
export const arnContains: Contains = (outer, inner, work) => {
  work.spend(1000);
  if (outer === inner) {
    return true;
  }
  if (!isPattern(outer)) {
    return false;
  }
  const outerParts = partsOf(outer);
  const innerParts = partsOf(withoutVariables(inner));
  return (
    outerParts.length === PARTS &&
    innerParts.length === PARTS &&
    outerParts.every((part, index) => textContains(part, innerParts[index] ?? "", work))
  );
};

/** As `arnContains`, with `*` for every resource. */
export const resourceContains: Contains = (outer, inner, work) =>
  outer === "*" || arnContains(outer, inner, work);

/** Of values that have no wildcards. */
export const equals: Contains = (outer, inner, work) => {
  work.spend(10);
  return outer === inner;
};

/** Of principals: those that aren't written alike may be the same in ways that a policy doesn't tell. */
export const principalContains: Contains = (outer, inner, work) =>
  outer === "*" || equals(outer, inner, work);

/** What all texts that a pattern stands for begin with; undefined for one that stands for itself only. */
export function prefixOf(pattern: string): string | undefined {
  const wildcard = pattern.search(/[*?]/);
  return wildcard < 0 ? undefined : pattern.slice(0, wildcard);
}

/** What a variable becomes isn't known, and a NUL is how `marked` marks. Neither is a pattern but stands for itself. */
function isPattern(text: string): boolean {
  return /[*?]/.test(text) && !text.includes(VARIABLE) && !text.includes("\0");
}

/** The text, with a wildcard for all that its variables could become, and for what is between them. */
function withoutVariables(text: string): string {
  const [start, end] = [text.indexOf(VARIABLE), text.lastIndexOf("}")];
  return start < 0 || end < start ? text : `${text.slice(0, start)}*${text.slice(end + 1)}`;
}

/**
 * Puts a NUL before all but `*`, so that, in a pattern taken for a text, only `*` stands for `*`, while `?` and `*`
 * stand for `?`. Of wildcards in a row, `?` goes first: `*?` and `?*` stand for the same.
 */
function marked(text: string, { marked: known }: Work): string {
  const found =
    known.get(text) ??
    withoutVariables(text)
      .replace(/[*?]+/g, (wildcards) =>
        wildcards.includes("*") ? `${wildcards.replaceAll("*", "")}*` : wildcards,
      )
      .replace(/[^*]/g, "\0$&");
  known.set(text, found);
  return found;
}

const PARTS = 6;

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(":");
  return parts[0] === "arn" && parts.length >= PARTS
    ? [...parts.slice(0, PARTS - 1), parts.slice(PARTS - 1).join(":")]
    : [];
}
