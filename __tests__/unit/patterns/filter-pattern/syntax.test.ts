import { PatternSyntaxError, parseFilterPattern } from "../../../../patterns";

function refusal(text: string): PatternSyntaxError {
  try {
    parseFilterPattern(text);
  } catch (error) {
    if (error instanceof PatternSyntaxError) return error;
    throw error;
  }
  throw new Error(`"${text}" was taken`);
}

describe("a JSON pattern that is refused", () => {
  it.each<[string, number, RegExp]>([
    ["{ $.a = Failed login }", 15, /double quotes/],
    ["{ $.a = b & $.c = d }", 10, /expected "&&"/],
    ["{ $.a = b AND $.c = d }", 10, /expected "&&"/],
    ["{ $.a = b", 9, /"}"/],
    ["{ ($.a = b }", 11, /"\)"/],
    ["{ ($.a = b", 2, /"\)"/],
    ["{ $.a = b) }", 9, /"}"/],
    ["{ $.a = b } x", 12, /nothing may follow/],
    ["{}", 1, /expected a selector/],
    ["{ }", 2, /expected a selector/],
    ["{ () }", 3, /expected a selector/],
    ["{ a = b }", 2, /expected a selector/],
    ["{ $a = b }", 2, /"\$\."/],
    ["{ $ = b }", 2, /"\$\."/],
    ["{ $[0] = b }", 2, /"\$\."/],
    ["{ $. = b }", 4, /expected a name/],
    ["{ $.a. = b }", 6, /expected a name/],
    ["{ $.a..b = c }", 6, /expected a name/],
    ["{ $.é = b }", 4, /expected a name/],
    ["{ $.a[x] = b }", 6, /expected an index/],
    ["{ $.a[-1] = b }", 6, /expected an index/],
    ["{ $.a[] = b }", 6, /expected an index/],
    ["{ $.a['b'] = c }", 6, /\.\['like\.this'\]/],
    ['{ $.["a.b"] = c }', 4, /\['like\.this'\]/],
    ["{ $.[''] = c }", 4, /\['like\.this'\]/],
    ["{ $.['a] = c }", 4, /\['like\.this'\]/],
    ["{ $.a }", 6, /expected =/],
    ["{ $.a x }", 6, /expected =/],
    ["{ $.a EXISTS }", 6, /no EXISTS/],
    ["{ $.a NOT NULL }", 6, /NOT EXISTS/],
    ["{ $.a not exists }", 6, /NOT EXISTS/],
    ["{ $.a IS NOT NULL }", 9, /no IS NOT/],
    ["{ $.a IS null }", 9, /capitals/],
    ["{ $.a IS 1 }", 9, /capitals/],
    ["{ $.a = }", 8, /expected a value/],
    ["{ $.a == b }", 7, /expected a value/],
    ["{ $.a = 'b' }", 8, /expected a value/],
    ["{ $.a = a:b }", 9, /double quotes/],
    ["{ $.a = a/b }", 9, /double quotes/],
    ["{ $.a = é }", 8, /expected a value/],
    ["{ $.a = true }", 8, /IS TRUE/],
    ["{ $.a != False }", 9, /IS FALSE/],
    ["{ $.a = null }", 8, /IS NULL/],
    ["{ $.a = .5 }", 8, /0\.5/],
    ["{ $.a = 5. }", 8, /neither a number/],
    ["{ $.a = +x }", 8, /neither a number/],
    ["{ $.a = 1e999 }", 8, /neither a number/],
    ["{ $.a < b }", 8, /compares with a number/],
    ['{ $.a >= "5" }', 9, /compares with a number/],
    ["{ $.a < * }", 8, /compares with a number/],
    ["{ $.a <= 4* }", 9, /compares with a number/],
    ["{ $.a > %5% }", 8, /compares with a number/],
    ['{ $.a = "b }', 8, /never closed/],
    ['{ $.a = "b\\"', 8, /never closed/],
    ['{ $.a = "C:\\dir" }', 11, /backslash/],
    ['{ $.a = "\\*" }', 9, /backslash/],
    ["{ $.a = %b }", 8, /never closed/],
    ["{ $.a = %b(c)% }", 10, /parentheses/],
    ["{ $.*.* = b }", 2, /one wildcard/],
    ["{ $.a[*].*.b = c }", 2, /one wildcard/],
    ["{ $.* = a && $.* = b && $.* = c && $.* = d }", 35, /at most 3/],
    ["{ $.a = %a% && $.a = %b% && $.a = %c% }", 34, /at most 2/],
  ])("%s at %i", (text, offset, message) => {
    const error = refusal(text);
    expect(error.offset).toBe(offset);
    expect(error.message).toMatch(message);
  });

  it("shows the place", () => {
    expect(refusal("{ $.a = b &&\n\t$.c < d }").message).toBe(
      ["< compares with a number; text takes = and !=", " $.c < d }", "       ^"].join("\n"),
    );
    expect(refusal("\n[]").message).toBe("name at least one column\n[]\n ^");
    expect(refusal("\n{\n").message).toMatch(/^expected a selector.*\n\n\^$/);
    expect(refusal("\u00a0ERROR").message).toMatch(/expected a term/);
    expect(refusal("{ $.a < b }")).toMatchObject({ name: "PatternSyntaxError", path: undefined });
  });
});

describe("limits", () => {
  const long = (length: number) => `{ $.a = "${"x".repeat(length - 12)}" }`;

  it("takes 1,024 characters and no more", () => {
    expect(parseFilterPattern(long(1024)).text).toHaveLength(1024);
    expect(refusal(long(1025))).toMatchObject({ offset: 1024, message: expect.stringMatching(/1025/) });
    expect(refusal("x".repeat(1_000_000)).message.length).toBeLessThan(300);
  });

  it("takes three wildcard selectors and two regular expressions", () => {
    expect(parseFilterPattern("{ $.* = a && $.b[*] = b && $.*.c = c }").kind).toBe("json");
    expect(parseFilterPattern("{ $.a = %a% && $.a = %b% }").usesRegularExpression).toBe(true);
    expect(parseFilterPattern('{ $.a = "%a%" }').usesRegularExpression).toBe(false);
  });

  it("takes parentheses nested as deep as a pattern is long", () => {
    const depth = 507;
    expect(parseFilterPattern(`{${"(".repeat(depth)}$.a = b${")".repeat(depth)}}`).matches({ a: "b" })).toBe(
      true,
    );
    expect(refusal(`{${"(".repeat(1000)}$.a = b}`).offset).toBe(1008);
  });
});

describe("what is no text", () => {
  it.each([undefined, null, 1, {}, [], Symbol("x")])("%p is refused", (value) => {
    expect(() => parseFilterPattern(value as string)).toThrow(PatternSyntaxError);
  });
});
