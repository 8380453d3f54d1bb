import fc from "fast-check";

/** JSON text of a value in which each character of each string is written in a way picked by `pick`. */
export function writeJson(value: unknown, pick: (ways: number) => number): string {
  const space = () => ["", " ", "\n\t", "\r\n"][pick(4)];
  if (Array.isArray(value)) return `[${space()}${value.map((item) => writeJson(item, pick)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(
      ([key, item]) => `${writeString(key, pick)}${space()}:${space()}${writeJson(item, pick)}`,
    );
    return `{${members.join(`,${space()}`)}}`;
  }
  return typeof value === "string" ? writeString(value, pick) : JSON.stringify(value);
}

function writeString(text: string, pick: (ways: number) => number): string {
  const written = text.split("").map((unit) => {
    const hex = unit.charCodeAt(0).toString(16).padStart(4, "0");
    const usual = JSON.stringify(unit).slice(1, -1);
    const ways = [usual, `\\u${hex}`, `\\u${hex.toUpperCase()}`, ...(unit === "/" ? ["\\/"] : [])];
    return ways[pick(ways.length)] ?? usual;
  });
  return `"${written.join("")}"`;
}

/** Picks ways to write strings: mostly the usual way, in some texts many others. */
export const arbitraryPick: fc.Arbitrary<(ways: number) => number> = fc
  .tuple(fc.array(fc.nat(5), { minLength: 1, maxLength: 40 }), fc.constantFrom(1, 2, 6, 100))
  .map(([numbers, seldom]) => {
    let count = 0;
    return (ways) => {
      count += 1;
      const number = numbers[count % numbers.length] ?? 0;
      return count % seldom === 0 ? number % ways : 0;
    };
  });
