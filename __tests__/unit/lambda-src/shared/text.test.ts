import fc from "fast-check";
import {
  asciiLine,
  field,
  item,
  oneLine,
  ownLine,
  paragraph,
  subjectLine,
  wrap,
} from "../../../../lambda-src/shared/text";
import { hostileText } from "./hostile-text";

const FORGING = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200b]/u;

describe("oneLine", () => {
  it("is one line without what could forge another, hide text or turn it, at most so long", () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 250 }), (text, most) => {
        const line = oneLine(text, most);
        expect(line).not.toMatch(FORGING);
        expect(line).not.toMatch(/ {2}|\t/);
        expect(line.length).toBeLessThanOrEqual(most + 3);
        // What can't be written in UTF-8 can't be sent.
        expect(() => encodeURIComponent(line)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });

  it("leaves a text that is fit to be read as it is", () => {
    expect(oneLine("arn:aws:iam::123456789012:user/mallory (ü, 🚀)")).toBe(
      "arn:aws:iam::123456789012:user/mallory (ü, 🚀)",
    );
  });

  it.each([
    ["https://evil.example/x.html", "https[:]//evil[.]example/x.html"],
    ["aws-cli (HTTPS://evil.example)", "aws-cli (HTTPS[:]//evil[.]example)"],
    ["slack://open?team=T1", "slack[:]//open?team=T1"],
    ["see www.evil.example.", "see www[.]evil[.]example[.]"],
    ["https:\u200b//evil.example", "https: //evil.example"],
    ["://a.b|https://c.d/", "[:]//a[.]b|https[:]//c[.]d/"],
    ["https[:]//evil[.]example/x.html", "https[:]//evil[.]example/x.html"],
    ["cloudformation.amazonaws.com", "cloudformation.amazonaws.com"],
  ])("disarms the link in %j", (text, line) => {
    expect(oneLine(text)).toBe(line);
  });

  it("takes no long time over 100 KB", () => {
    const started = performance.now();

    expect(oneLine(`${"\r\n \u202e".repeat(30_000)}x`)).toBe("x");
    expect(oneLine("🚀".repeat(50_000))).toHaveLength(203);
    expect(oneLine("://www.".repeat(20_000))).toHaveLength(203);
    expect(performance.now() - started).toBeLessThan(4000);
  });
});

describe("ownLine", () => {
  it("leaves links, and nothing else that oneLine takes out", () => {
    expect(ownLine("See https://wiki.example/runbook\r\n\u202efirst")).toBe(
      "See https://wiki.example/runbook first",
    );
    expect(ownLine("x".repeat(2000))).toHaveLength(1003);
  });
});

describe("asciiLine", () => {
  it("is as long as is asked for, its dots included", () => {
    expect(asciiLine("é".repeat(10).concat("x".repeat(200)), 140)).toHaveLength(140);
    expect(asciiLine("a\nb\tc", 140)).toBe("a b c");
  });
});

describe("subjectLine", () => {
  it("is what SNS takes: 1 to 100 printable ASCII characters", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(subjectLine(text)).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,99}$/);
      }),
      { numRuns: 500 },
    );
  });
});

describe("item", () => {
  it("indents a line that goes on to the first", () => {
    const lines = item("word ".repeat(30).trim(), "10.").split("\n");

    expect(lines[0]).toMatch(/^ {2}10\. word/);
    expect(lines.slice(1).every((line) => /^ {6}word/.test(line))).toBe(true);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(78);
  });
});

describe("wrap", () => {
  it("keeps each word, and makes no line too long but for a word that is", () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom(..."abc:/-"), minLength: 1, maxLength: 30 }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(words, fc.integer({ min: 5, max: 78 }), (words, width) => {
        const lines = wrap(words.join(" "), width);
        expect(lines.join(" ")).toBe(words.join(" "));
        for (const line of lines) expect(line.length <= width || !line.includes(" ")).toBe(true);
      }),
    );
  });
});

describe("field", () => {
  it("aligns what belongs to a label, and leaves out what is empty", () => {
    expect(field("Who", "arn:aws:iam::1:user/x", "", "IAMUser, with MFA")).toBe(
      "Who      arn:aws:iam::1:user/x\n         IAMUser, with MFA",
    );
  });

  it("indents a line that goes on", () => {
    const lines = field("From", "word ".repeat(30).trim()).split("\n");

    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines.slice(1)) expect(line).toMatch(/^ {9}word/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(78);
  });
});

describe("paragraph", () => {
  it("indents all lines but its first", () => {
    expect(paragraph("a".repeat(70).concat(" To do"))).toBe(`${"a".repeat(70)} To do`);
    expect(paragraph("a".repeat(77).concat(" To do"))).toBe(`${"a".repeat(77)}\n  To do`);
  });
});
