import { printable } from "../match/printable";
import type { Lost, Test } from "./condition-tests";
import type { Triple } from "./coverage";
import type { Term } from "./read-policy";
import { cut } from "./unreadable-policy";

/** Triples that are told in one line: each of the actions on each of the resources by each of the principals. */
export interface Block {
  readonly actions: readonly Term[];
  readonly resources: readonly Term[];
  readonly principals: readonly Term[];
}

const LONGEST = 200;

/** How many of a list's words are written, and how much of each; the first that makes the line short enough is taken. */
const FITS: readonly Fit[] = [
  { words: Number.POSITIVE_INFINITY, length: LONGEST },
  { words: 3, length: 100 },
  { words: 1, length: 100 },
  { words: 1, length: 50 },
  { words: 1, length: 25 },
];

interface Fit {
  readonly words: number;
  readonly length: number;
}

export function allowText(block: Block, tests: readonly Test[]): string {
  return line((fit) => `allows ${blockText(block, fit)}${testsText(tests, fit)}`);
}

export function denyText(block: Block, tests: readonly Test[]): string {
  return line((fit) => `no longer denies ${blockText(block, fit)}${testsText(tests, fit)}`);
}

export function lostText(block: Block, { test, by }: Lost): string {
  return line((fit) => {
    const change =
      by === undefined
        ? `loses the condition ${words([test.name], fit)}`
        : `widens the condition ${words([test.name], fit)} by ${words(by, fit)}`;
    return `${change} for ${blockText(block, fit)}`;
  });
}

/** Blocks that stand for the triples and no others: those that differ in the action only are joined, then so on. */
export function blocksOf(triples: readonly Triple[]): readonly Block[] {
  const blocks = triples.map(({ action, resource, principal }) => ({
    actions: [action],
    resources: [resource],
    principals: [principal],
  }));
  return MEMBERS.reduce<readonly Block[]>(joined, blocks);
}

const MEMBERS = ["actions", "resources", "principals"] as const;

function joined(blocks: readonly Block[], member: keyof Block): readonly Block[] {
  const alike = new Map<string, Block[]>();
  for (const block of blocks) {
    const others = MEMBERS.filter((other) => other !== member);
    const key = JSON.stringify(others.map((other) => block[other].map((term) => term.key)));
    const group = alike.get(key);
    if (group === undefined) {
      alike.set(key, [block]);
    } else {
      group.push(block);
    }
  }
  return [...alike.values()].flatMap(([first, ...rest]) =>
    first === undefined
      ? []
      : [{ ...first, [member]: [...first[member], ...rest.flatMap((block) => block[member])] }],
  );
}

function blockText({ actions, resources, principals }: Block, fit: Fit): string {
  const named = (terms: readonly Term[]) => words(terms.map(({ text }) => text).filter(Boolean), fit);
  const [on, to] = [named(resources), named(principals)];
  return `${named(actions)}${on === "" ? "" : ` on ${on}`}${to === "" ? "" : ` to ${to}`}`;
}

function testsText(tests: readonly Test[], fit: Fit): string {
  const written = tests.map(({ name, values }) => `${name} ${words([...values], fit)}`);
  return written.length === 0 ? "" : ` if ${words(written, fit)}`;
}

function words(all: readonly string[], fit: Fit): string {
  const written = all.slice(0, fit.words).map((word) => cut(printable(word), fit.length));
  const more = all.length - written.length;
  return `${written.join(", ")}${more === 0 ? "" : ` and ${more} more`}`;
}

function line(write: (fit: Fit) => string): string {
  const lines = FITS.map(write);
  return lines.find((text) => text.length <= LONGEST) ?? cut(lines.at(-1) ?? "", LONGEST);
}
