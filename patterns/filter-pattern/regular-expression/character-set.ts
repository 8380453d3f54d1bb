/** A set of characters: a flag for each ASCII character, and one for all others together. */
export interface CharacterSet {
  /** Indexed by character code, 0 to 127. */
  readonly ascii: readonly boolean[];
  readonly others: boolean;
}

const codes = Array.from({ length: 128 }, (_, code) => code);

function select(isMember: (character: string) => boolean, others = false): CharacterSet {
  return { ascii: codes.map((code) => isMember(String.fromCharCode(code))), others };
}

function not(set: CharacterSet): CharacterSet {
  return { ascii: set.ascii.map((isMember) => !isMember), others: !set.others };
}

const digits = select((character) => /[0-9]/.test(character));
const spaces = select((character) => /[ \t\n\v\f\r]/.test(character));
const wordCharacters = select((character) => /[A-Za-z0-9_]/.test(character));
const named = new Map<string, CharacterSet>([
  ["d", digits],
  ["D", not(digits)],
  ["s", spaces],
  ["S", not(spaces)],
  ["w", wordCharacters],
  ["W", not(wordCharacters)],
]);

/** The ways in which a regular expression names a set of characters. */
export const characterSets = {
  any: select(() => true, true),
  not,

  of(only: string): CharacterSet {
    return select((character) => character === only);
  },

  /** The set that a letter names after a backslash, if it names one. */
  named(letter: string): CharacterSet | undefined {
    return named.get(letter);
  },

  union(sets: readonly CharacterSet[]): CharacterSet {
    return {
      ascii: codes.map((code) => sets.some((set) => set.ascii[code])),
      others: sets.some((set) => set.others),
    };
  },

  /** From the only character of `low` to that of `high`, or `undefined` if there is no such range. */
  range(low: CharacterSet, high: CharacterSet): CharacterSet | undefined {
    const first = onlyCode(low);
    const last = onlyCode(high);
    if (first === undefined || last === undefined || first > last) return undefined;
    return { ascii: codes.map((code) => code >= first && code <= last), others: false };
  },
} as const;

function onlyCode(set: CharacterSet): number | undefined {
  const members = codes.filter((code) => set.ascii[code]);
  return members.length === 1 && !set.others ? members[0] : undefined;
}

export function hasCharacter(set: CharacterSet, codePoint: number): boolean {
  return set.ascii[codePoint] ?? set.others;
}
