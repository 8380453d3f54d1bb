import { parseFilterPattern, printFilterPattern } from "../../../../patterns";

const reprint = (pattern: string) => printFilterPattern(parseFilterPattern(pattern).ast);

describe("printFilterPattern", () => {
  it.each([
    ["{$.a=b}", "{ $.a = b }"],
    ['{ $.a = "b" }', "{ $.a = b }"],
    ["{$.a=10.1.*}", '{ $.a = "10.1.*" }'],
    ['{$.a="a b"}', '{ $.a = "a b" }'],
    ['{$.a="x\\"\\\\"}', '{ $.a = "x\\"\\\\" }'],
    ['{$.a="404"}', '{ $.a = "404" }'],
    ['{$.a="true"}', '{ $.a = "true" }'],
    ['{$.a="*"}', '{ $.a = "*" }'],
    ['{$.a=""}', '{ $.a = "" }'],
    ["{$.a=*}", "{ $.a = * }"],
    ["{$.a<+1.50E-3}", "{ $.a < +1.50E-3 }"],
    ["{$.a!=%x\\.y%}", "{ $.a != %x\\.y% }"],
    ["{$.a IS  NULL}", "{ $.a IS NULL }"],
    ["{$.a IS TRUE}", "{ $.a IS TRUE }"],
    ["{$.a NOT\tEXISTS}", "{ $.a NOT EXISTS }"],
    ["{$.['a'].['b.c'][01].*=x}", "{ $.a.['b.c'][1].* = x }"],
    ["{$.a[*]=x}", "{ $.a[*] = x }"],
    ["{(($.a=x)&&($.b=y))&&$.c=z}", "{ $.a = x && $.b = y && $.c = z }"],
    ["{($.a=x||$.b=y)&&$.c=z}", "{ ($.a = x || $.b = y) && $.c = z }"],
    ["{($.a=x&&$.b=y)||$.c=z}", "{ $.a = x && $.b = y || $.c = z }"],
    ['  ERROR   -"x" ?"y z"', 'ERROR -x ?"y z"'],
    ["%a b%", "%a b%"],
    ["", ""],
    ['" "', '" "'],
    ["[a,b=1&&b!=2||b=x,...,]", "[a, b = 1 && b != 2 || b = x, ..., ]"],
  ])("%s as %s", (pattern, printed) => {
    expect(reprint(pattern)).toBe(printed);
    expect(parseFilterPattern(printed).ast).toEqual(parseFilterPattern(pattern).ast);
  });

  it("leaves out spaces and quotes where the text would else be too long", () => {
    const conditions = Array.from({ length: 60 }, (_, index) => `$.a=x.${index + 100}.yz`);
    const longest = `{${conditions.join("||")}${" ".repeat(300)}}`.slice(0, 1023);
    const pattern = `${longest.trimEnd().slice(0, longest.lastIndexOf("||"))}}`;
    expect(pattern.length).toBeGreaterThan(800);
    const printed = reprint(pattern);
    expect(printed.length).toBeLessThanOrEqual(1024);
    expect(parseFilterPattern(printed).ast).toEqual(parseFilterPattern(pattern).ast);
  });
});
