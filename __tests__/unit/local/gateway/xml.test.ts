import fc from "fast-check";
import { readXml } from "../../../../local/gateway/xml";

describe("readXml", () => {
  it.each([
    ["text", "<a>x</a>", { a: "x" }],
    ["an empty element", "<a><b/><c></c></a>", { a: { b: "", c: "" } }],
    ["a list", "<a><b>1</b><b>2</b></a>", { a: { b: ["1", "2"] } }],
    ["attributes", `<a xmlns="u" t:b='"'><c>1</c></a>`, { a: { xmlns: "u", "t:b": '"', c: "1" } }],
    ["text beside attributes", `<a b="1">x</a>`, { a: { b: "1", content: "x" } }],
    ["a prolog and comments", `<?xml version="1.0"?>\n<!-- < --><a><!-- no -->x</a>\n`, { a: "x" }],
    ["space between elements", "<a>\n  <b> x </b>\n</a>", { a: { b: " x " } }],
    ["entities", "<a>&lt;&amp;&#65;&#x42;&quot;&nbsp;</a>", { a: '<&AB"&nbsp;' }],
    ["data", "<a><![CDATA[<b>&amp;]]></a>", { a: "<b>&amp;" }],
  ])("reads %s", (_, document, expected) => {
    expect(readXml(document)).toEqual(expected);
  });

  it.each([
    ["nothing", ""],
    ["JSON", "{}"],
    ["text before the root", "x<a/>"],
    ["two roots", "<a/><a/>"],
    ["another root", "<a/><b/>"],
    ["an open element", "<a><b></b>"],
    ["a wrong end", "<a><b></a></b>"],
    ["an end too many", "<a/></a>"],
    ["a document type", "<!DOCTYPE a><a/>"],
    ["an unquoted attribute", "<a b=c/>"],
    ["what is nested 65 deep", "<a>".repeat(65) + "</a>".repeat(65)],
  ])("refuses %s", (_, document) => {
    expect(readXml(document)).toBeUndefined();
  });

  it("keeps a name that means something to JavaScript a member", () => {
    expect(Object.entries(readXml("<a><__proto__>x</__proto__></a>")?.a ?? {})).toEqual([["__proto__", "x"]]);
  });

  it("reads back any text", () => {
    const escaped = (text: string) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readXml(`<a>${escaped(text)}</a>`)).toEqual({ a: text });
      }),
    );
  });
});
