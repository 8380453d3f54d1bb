/** How one character of a text may be written when case does not count. */
type Spellings = readonly [lower: string, upper: string];

/**
 * Compiles tests that ignore case, character by character as aws/event-ruler does: each character of the pattern
 * stands for its lower and its upper case, which may be longer than itself (`ß` for `ß` and `SS`).
 */
export const ignoringCase = {
  equals(expected: string): (text: string) => boolean {
    const spellings = spell(expected);
    return (text) => endOfPrefix(spellings, text) === text.length;
  },

  startsWith(expected: string): (text: string) => boolean {
    const spellings = spell(expected);
    return (text) => endOfPrefix(spellings, text) !== undefined;
  },

  endsWith(expected: string): (text: string) => boolean {
    const spellings = spell(expected).reverse();
    return (text) => hasSuffix(spellings, text);
  },
} as const;

function spell(text: string): Spellings[] {
  return text.split("").map((character) => [character.toLowerCase(), character.toUpperCase()]);
}

function endOfPrefix(spellings: readonly Spellings[], text: string): number | undefined {
  let position = 0;
  for (const [lower, upper] of spellings) {
    if (text.startsWith(lower, position)) position += lower.length;
    else if (text.startsWith(upper, position)) position += upper.length;
    else return undefined;
  }
  return position;
}

function hasSuffix(reversedSpellings: readonly Spellings[], text: string): boolean {
  let position = text.length;
  for (const [lower, upper] of reversedSpellings) {
    if (text.endsWith(lower, position)) position -= lower.length;
    else if (text.endsWith(upper, position)) position -= upper.length;
    else return false;
  }
  return true;
}
