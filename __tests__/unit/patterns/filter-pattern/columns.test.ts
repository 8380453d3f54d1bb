import { parseFilterPattern } from "../../../../patterns";
import { splitColumns } from "../../../../patterns/filter-pattern/split-columns";

const request = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';

describe("columns", () => {
  it.each<[string, string, boolean]>([
    ["[ip, user, username, timestamp, request, status_code, bytes]", request, true],
    ["[ip, user, username, timestamp, request =*.html*, status_code = 4*, bytes]", request, true],
    ["[ip, user, username, timestamp, request, status_code = 5*, bytes]", request, false],
    ["[ip=%127\\.0\\.0\\.[1-9]%, user, username, timestamp, request, status_code, bytes]", request, true],
    [
      "[ip, user, username, timestamp, request, status_code = 404 || status_code = 410, bytes]",
      request,
      true,
    ],
    [
      "[ip, user, username, timestamp, request, status_code != 404 && status_code != 410, bytes]",
      request,
      false,
    ],
    ["[ip, user, username, timestamp = 10/*]".replace("10/*", '"10/Oct*"'), request, false],
    ["[..., status_code, bytes > 1000]", request, true],
    ["[..., status_code = 404, bytes > 2000]", request, false],
    ["[..., status_code = 4*]", request, false],
    ["[ip = 127.*, ..., bytes]", request, true],
    ["[ip = 128.*, ..., bytes]", request, false],
    ["[ip, user, ...]", request, true],
    ["[a, b, c, d, e, f, g, ...]", request, true],
    ["[a, b, c, d, e, f, g, ..., h]", request, false],
    ["[...]", "", true],
    ["[..., request=*.html*, status_code=4*,]", request, true],
    ["[,,,,,, bytes = 1534]", request, true],
    ["[a, b, c, d, e, f, g, h]", request, false],
    // The last column holds what is left.
    ["[w1=ERROR, w2]", "ERROR 09/25/2014 12:00:02 Failed to process request", true],
    ["[w1=ERROR, w2]", "WARNING 09/25/2014", false],
    ["[w1=ERROR, w2]", "ERROR", false],
    ["[w1=ERROR || w1=WARNING, w2]", "WARNING 09/25/2014 x", true],
    ["[w1!=ERROR && w1!=WARNING, w2]", "INFO 09/25/2014 x", true],
    ['[w1, w2="b [c] d"]', "a b [c] d  ", true],
    ["[w1, w2=c]", "a b c", false],
    // A column is a number where it reads as one.
    ["[a = 404, b]", "404.0 x", true],
    ["[a != 404, b]", "- x", true],
    ["[a = 404, b]", "- x", false],
    ["[a < 1e3, b]", "-5 x", true],
    ["[a < 5, b]", "x x", false],
    ["[a = 1 || a = 2 && a = 3, b]", "1 x", true],
  ])("%s on %s: %p", (pattern, message, expected) => {
    expect(parseFilterPattern(pattern).matches(message)).toBe(expected);
  });

  it("takes a parsed event as its JSON text", () => {
    expect(parseFilterPattern('[a = "{\\"b\\":1}"]').matches({ b: 1 })).toBe(true);
  });

  it.each<[string, number, RegExp]>([
    ["[]", 1, /at least one/],
    ["[a, b", 5, /"]"/],
    ["[a b]", 3, /"]"/],
    ["[a] x", 4, /nothing may follow/],
    ["[a, ..., b, ...]", 12, /one ellipsis/],
    ["[a = 1 && b = 2, b]", 10, /its own column/],
    ["[= 1]", 1, /name/],
    ["[a = 1 ||, b]", 9, /name/],
    ["[a = 1 || a, b]", 11, /expected =/],
    ["[a !b]", 3, /expected =/],
    ["[a =]", 4, /expected a value/],
    ["[a = *, b]", 1, /lone \*/],
    ["[a < x, b]", 5, /compares with a number/],
    ["[(a = 1), b]", 1, /"]"/],
    ["[a = %x%, b = %y%, c = %z%]", 23, /at most 2/],
  ])("%s is refused at %i", (pattern, offset, message) => {
    expect(() => parseFilterPattern(pattern)).toThrow(expect.objectContaining({ offset }));
    expect(() => parseFilterPattern(pattern)).toThrow(message);
  });
});

describe("splitColumns", () => {
  it.each<[string, string[]]>([
    [
      request,
      ["127.0.0.1", "Prod", "frank", "10/Oct/2000:13:25:15 -0700", "GET /index.html HTTP/1.0", "404", "1534"],
    ],
    ["", []],
    ["  a\t b\r\n", ["a", "b"]],
    ["[a b] c", ["a b", "c"]],
    ["[a b", ["[a", "b"]],
    ["[a]b c", ["[a]b", "c"]],
    ['"" []', ["", ""]],
    ['a"b c"', ['a"b', 'c"']],
    ['"a [b" c]', ["a [b", "c]"]],
  ])("%j", (message, texts) => {
    expect(splitColumns(message).map(({ text }) => text)).toEqual(texts);
  });
});
