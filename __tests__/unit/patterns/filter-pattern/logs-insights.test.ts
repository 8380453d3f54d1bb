import fc from "fast-check";
import { type Detection, detectionsOf, PRESET_NAMES } from "../../../../detections";
import { logsInsightsFilter, parseFilterPattern, UntranslatablePatternError } from "../../../../patterns";
import { arbitraryFilter, writeFilter } from "../support/filters";

const translate = (pattern: string) => logsInsightsFilter(parseFilterPattern(pattern).ast);

describe("logsInsightsFilter", () => {
  it.each([
    ["{ $.eventName = StopLogging }", 'eventName = "StopLogging"'],
    ['{ $.errorMessage = "Failed authentication" }', 'errorMessage = "Failed authentication"'],
    ['{ $.a = "" }', 'a = ""'],
    ['{ $.a = "it\'s" }', 'a = "it\'s"'],
    // A missing field is not unequal to anything.
    ["{ $.a != b }", '(ispresent(a) and not (a = "b"))'],
    ["{ $.a = 404 }", "a = 404"],
    ["{ $.a = +4.50E1 }", "a = 45"],
    ["{ $.a != -0.5 }", "(ispresent(a) and not (a = -0.5))"],
    ["{ $.a < 1 }", "a < 1"],
    ["{ $.a <= 1 }", "a <= 1"],
    ["{ $.a > 1 }", "a > 1"],
    ["{ $.a >= 1.25 }", "a >= 1.25"],
    ["{ $.a = * }", "a like /^[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$/"],
    ['{ $.a = "*" }', "ispresent(a)"],
    ['{ $.a = "**" }', "ispresent(a)"],
    ["{ $.a NOT EXISTS }", "not ispresent(a)"],
    ["{ $.a IS TRUE }", "a = 1"],
    ["{ $.a IS FALSE }", "a = 0"],
  ])("writes the condition %s as %s", (pattern, filter) => {
    expect(translate(pattern)).toBe(filter);
  });

  it.each([
    ['{ $.a = "AccessDenied*" }', "a like /^AccessDenied/"],
    ['{ $.a = "*UnauthorizedOperation" }', "a like /UnauthorizedOperation$/"],
    ['{ $.a = "*x*" }', "a like /x/"],
    ['{ $.a = "x*y" }', "a like /^x[\\s\\S]*y$/"],
    ['{ $.a = "*x**y*" }', "a like /x[\\s\\S]*y/"],
    ['{ $.a != "x*" }', "(ispresent(a) and not (a like /^x/))"],
    ['{ $.a = "10.0.*" }', "a like /^10\\.0\\./"],
    ['{ $.a = "*:trail/t(1)[2]{3}^+?$" }', "a like /:trail\\/t\\(1\\)\\[2\\]\\{3\\}\\^\\+\\?\\$$/"],
  ])("anchors the wildcard %s and escapes what stands for itself: %s", (pattern, filter) => {
    expect(translate(pattern)).toBe(filter);
  });

  it.each([
    ['{ $.a = "say \\"x\\"" }', "a like /^say \\x22x\\x22$/"],
    ['{ $.a = "C:\\\\x" }', "a like /^C:\\x5cx$/"],
    ['{ $.a = "x # y | z" }', "a like /^x \\x23 y \\x7c z$/"],
    ['{ $.a = "x`y" }', "a like /^x\\x60y$/"],
    ['{ $.a = "x\ny" }', "a like /^x\\x0ay$/"],
  ])("lets the text %j end neither itself nor the command: %s", (pattern, filter) => {
    expect(translate(pattern)).toBe(filter);
  });

  it.each([
    ["{ $.a = %^x\\.y|z$% }", "a like /^x\\.y|z$/"],
    ["{ $.a != %x% }", "(ispresent(a) and not (a like /x/))"],
    ["{ $.a = %x/y\\/z% }", "a like /x\\/y\\/z/"],
    ["{ $.a = %x\\\\#y\\#[#]% }", "a like /x\\\\\\x23y\\x23[\\x23]/"],
  ])("keeps the regular expression %s: %s", (pattern, filter) => {
    expect(translate(pattern)).toBe(filter);
  });

  it.each([
    ["{ $.a.b.c = x }", 'a.b.c = "x"'],
    ["{ $.a[0].b = x }", 'a.0.b = "x"'],
    ["{ $.a-b = x }", '`a-b` = "x"'],
    ["{ $.a_b.c NOT EXISTS }", "not ispresent(`a_b.c`)"],
    ["{ $.a.['b c'] = x }", '`a.b c` = "x"'],
  ])("names the field of %s: %s", (pattern, filter) => {
    expect(translate(pattern)).toBe(filter);
  });

  it.each([
    ['["x"]', true],
    ['["y", "a \\" b" ,"x1"]', true],
    ["[ ]", false],
    ['["y"],"other":["x"]', false],
    ['["ax","\\"x"]', false],
  ])("looks for an element of an array in the message: %s", (array, isFound) => {
    const filter = translate("{ $.names.['a-b'][*] = \"x*\" }");
    const expression = /^\(ispresent\(`names\.a-b\.0`\) and @message like \/(.*)\/\)$/.exec(filter)?.[1];

    expect(new RegExp(expression ?? "").test(`{"names":{"a-b":${array}}}`)).toBe(isFound);
  });

  it.each([
    ["{ $.a = x && $.b = y && $.c = z }", 'a = "x" and b = "y" and c = "z"'],
    ["{ $.a = x || $.b = y }", 'a = "x" or b = "y"'],
    ["{ $.a = x && ($.b = y || $.c = z) }", 'a = "x" and (b = "y" or c = "z")'],
    ["{ $.a = x || $.b = y && $.c = z }", 'a = "x" or (b = "y" and c = "z")'],
    ["{ $.a = x && $.b NOT EXISTS }", 'a = "x" and not ispresent(b)'],
  ])("joins %s: %s", (pattern, filter) => {
    expect(translate(pattern)).toBe(filter);
  });

  it.each([
    ["ERROR", '@message like "ERROR"'],
    ['ERROR "access denied"', '@message like "ERROR" and @message like "access denied"'],
    ["ERROR -DEBUG", '@message like "ERROR" and not (@message like "DEBUG")'],
    ["-DEBUG", 'not (@message like "DEBUG")'],
    ["?ERROR ?WARN", '@message like "ERROR" or @message like "WARN"'],
    // Beside others, optional terms don't count.
    ["?ERROR WARN", '@message like "WARN"'],
    ['?ERROR " "', "ispresent(@message)"],
    ['"\\"eventName\\":"', "@message like /\\x22eventName\\x22:/"],
    ["%a/b%", "@message like /a\\/b/"],
    ['" "', "ispresent(@message)"],
    ["", "ispresent(@message)"],
  ])("looks for the terms %s in the message: %s", (pattern, filter) => {
    expect(translate(pattern)).toBe(filter);
  });

  it.each([
    ["[a, b = 1]", "Logs Insights has no filter for a pattern in square brackets: it has no columns"],
    ["{ $.a[*] != x }", "Logs Insights has no filter for a selector with a wildcard: each field has a name"],
    ["{ $.a[*].b = x }", "Logs Insights has no filter for a selector with a wildcard: each field has a name"],
    [
      "{ $.a[*] NOT EXISTS }",
      "Logs Insights has no filter for a selector with a wildcard: each field has a name",
    ],
    ["{ $.a.* = x }", "Logs Insights has no filter for a selector with a wildcard: each field has a name"],
    ["{ $.a IS NULL }", "Logs Insights has no filter for IS NULL: no page says how it holds null"],
    ['{ $.a != "*" }', 'Logs Insights has no filter for != "*": it doesn\'t tell a text from a number'],
    ["{ $.a = 1e300 }", "Logs Insights has no filter for a number that takes an exponent to write"],
    [
      "{ $.['a.b'] = x }",
      'Logs Insights has no filter for the key "a.b": it can\'t be told from other names',
    ],
    ["{ $.['@a'] = x }", 'Logs Insights has no filter for the key "@a": it can\'t be told from other names'],
    [
      "{ $.['a`b'] = x }",
      'Logs Insights has no filter for the key "a`b": it can\'t be told from other names',
    ],
    ["{ $.a.0 = x }", 'Logs Insights has no filter for the key "0": it can\'t be told from other names'],
  ])("refuses %s: %s", (pattern, message) => {
    expect(() => translate(pattern)).toThrow(new UntranslatablePatternError(message));
  });

  it("writes the patterns of every preset", () => {
    const names = {
      namePrefix: "blue-",
      trailName: "audit",
      bucketName: "audit-*",
      logGroupName: "/aws/cloudtrail/audit",
      functionNames: ["enable_trail"],
      roleNames: ["enable_trail"],
    };
    const patterns = PRESET_NAMES.flatMap((preset) => detectionsOf(preset, names)).flatMap(patternsOf);

    expect(patterns.length).toBeGreaterThan(60);
    for (const pattern of patterns) {
      expect(translate(pattern)).toMatch(/^[ -~]+$/);
    }
    expect(translate(patternOf("cis-3.0", "root-usage"))).toBe(
      'userIdentity.type = "Root" and not ispresent(userIdentity.invokedBy) and (ispresent(eventType) and not (eventType = "AwsServiceEvent"))',
    );

    function patternOf(preset: (typeof PRESET_NAMES)[number], id: string): string {
      return detectionsOf(preset, names).find((detection) => detection.id === id)?.filterPattern ?? "";
    }
  });

  it("is one line in which quotes, slashes and backquotes are closed, and no pipe or comment stands outside them", () => {
    fc.assert(
      fc.property(arbitraryFilter, (filter) => {
        const written = translated(writeFilter(filter));
        if (written !== undefined) {
          const outside = written.replace(/"[^"\\]*"|`[^`]*`|\/(?:\\.|[^/\\])*\//g, "_");
          expect(outside).toMatch(/^[A-Za-z0-9_.@ ()<>=-]*$/);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function patternsOf({ filterPattern, tunedPattern }: Detection): string[] {
  return tunedPattern === undefined ? [filterPattern] : [filterPattern, tunedPattern];
}

function translated(pattern: string): string | undefined {
  try {
    return translate(pattern);
  } catch (error) {
    expect(error).toBeInstanceOf(UntranslatablePatternError);
    return undefined;
  }
}
