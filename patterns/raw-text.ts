import type { RequiredText, RequiredTexts } from "./required-texts";

/**
 * Finds in the raw JSON text of many records the places that make the record around them worth parsing, in order. A
 * record without one matches none of the patterns; one that has one may match.
 *
 * @param rawJson whole records, or parts of them, with any escapes and white space that JSON allows. Only its ASCII
 *   characters matter, so that it may be UTF-8 read as Latin-1.
 */
export type RawTextSearch = (rawJson: string) => number[];

/**
 * Compiles a search for the records that any of several patterns may match.
 *
 * @param required what each of the patterns requires
 * @param tellingKey the key whose values tell records apart best. Where a pattern leaves a choice, it is searched for.
 * @returns `undefined` if a pattern requires nothing that could be searched for
 */
export function compileRawTextSearch(
  required: readonly RequiredTexts[],
  tellingKey: string,
): RawTextSearch | undefined {
  const clauses = required.map((texts) => chooseClause(texts, tellingKey));
  if (clauses.includes(undefined)) return undefined;
  const wanted = clauses.flatMap((clause) => clause ?? []);
  const keys = [...new Set(wanted.flatMap(({ key }) => key ?? []))];
  // Apart, because an expression is found faster the fewer characters it may begin with.
  const expressions = [
    keys.map((key) =>
      valueWithKey(
        key,
        wanted.filter((one) => one.key === key),
      ),
    ),
    valuesAnywhere(wanted.filter(({ key }) => key === undefined)),
    // A `\u` escape can spell any character, so that near one a missing text proves nothing.
    ["\\\\u"],
  ].flatMap((alternatives) => (alternatives.length === 0 ? [] : new RegExp(alternatives.join("|"), "g")));
  return (rawJson) => {
    const places: number[] = [];
    for (const expression of expressions) {
      while (expression.test(rawJson)) places.push(expression.lastIndex - 1);
    }
    return places.sort((a, b) => a - b);
  };
}

/** A text that is searched for. */
interface Wanted {
  readonly key: string | undefined;
  /** Characters that JSON writes in one way only, but for `\u` escapes. Empty for any string. */
  readonly text: string;
  readonly atStart: boolean;
}

/** Texts of which a record that matches holds at least one. */
type Clause = readonly Wanted[];

/** The clause that the fewest records are likely to pass, or `undefined` if there is none. */
function chooseClause(required: RequiredTexts, tellingKey: string): Clause | undefined {
  if (required.kind === "text") return searchable(required);
  const clauses = required.parts.map((part) => chooseClause(part, tellingKey));
  if (required.kind === "any")
    return clauses.includes(undefined) ? undefined : clauses.flatMap((clause) => clause ?? []);
  return clauses
    .filter((clause) => clause !== undefined)
    .reduce<Clause | undefined>(
      (best, clause) => (best === undefined || isRarer(clause, best, tellingKey) ? clause : best),
      undefined,
    );
}

function isRarer(clause: Clause, other: Clause, tellingKey: string): boolean {
  const difference = commonness(clause, tellingKey) - commonness(other, tellingKey);
  return difference < 0 || (difference === 0 && shortest(clause) > shortest(other));
}

/** A clause is as common as the most common kind of its texts. */
function commonness(clause: Clause, tellingKey: string): number {
  return Math.max(...clause.map(({ key }) => (key === undefined ? 2 : key === tellingKey ? 0 : 1)));
}

function shortest(clause: Clause): number {
  return Math.min(...clause.map(({ text }) => text.length));
}

/** Of a text, the longest part that JSON writes in one way only, but for `\u` escapes: ASCII without `"`, `\` and `/`. */
function searchable({ key, text, atStart }: RequiredText): Clause | undefined {
  const parts = text.split(/[^ !#-.0-[\]-~]/);
  const longest = parts.reduce((best, part) => (part.length > best.length ? part : best));
  const plainKey = key !== undefined && /^[A-Za-z0-9_.-]+$/.test(key) ? key : undefined;
  if (longest === "")
    return plainKey === undefined ? undefined : [{ key: plainKey, text: "", atStart: true }];
  return [{ key: plainKey, text: longest, atStart: atStart && longest === parts[0] }];
}

/** A key, or the end of one, with a value that begins with or holds one of the texts, or with any array. */
function valueWithKey(key: string, wanted: readonly Wanted[]): string {
  const { starts, others } = expressionsOf(wanted);
  // What follows a backslash in the value is not searched, but looked at.
  const later = others.length === 0 ? [] : [`[^"\\\\]*?(?:${[...others, "\\\\"].join("|")})`];
  return `${escapeExpression(key)}"\\s*:\\s*(?:"(?:${[...starts, ...later].join("|")})|\\[)`;
}

function valuesAnywhere(wanted: readonly Wanted[]): string[] {
  const { starts, others } = expressionsOf(wanted);
  return [...starts.map((text) => `"${text}`), ...others];
}

function expressionsOf(wanted: readonly Wanted[]): { starts: string[]; others: string[] } {
  const texts = (atStart: boolean) => [
    ...new Set(wanted.filter((one) => one.atStart === atStart).map(({ text }) => escapeExpression(text))),
  ];
  return { starts: texts(true), others: texts(false) };
}

function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\-]/g, "\\$&");
}
