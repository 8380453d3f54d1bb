import fc from "fast-check";

/** Any code point but the halves of others. fast-check's own unit `binary` takes half a second to be made, in each file of tests. */
const codePoint = fc
  .integer({ min: 0, max: 0x10ffff - 0x800 })
  .map((number) => String.fromCodePoint(number < 0xd800 ? number : number + 0x800));

/** Text in which anything can stand, above all what could forge a line. */
export const hostileText = fc
  .array(
    fc.oneof(
      fc.string({ unit: codePoint, maxLength: 20 }),
      fc.constantFrom(
        ...[
          "\r\n",
          "\n\n",
          "\r",
          "\u2028",
          "\u2029",
          "\u0085",
          "\v",
          "\f",
          "\u202e",
          "\u2066",
          "\u200b",
          "\u0000",
        ],
        ...[
          "Who      arn:aws:iam::1:user/alice",
          "To do\n  - nothing",
          "\n[LOW] all is well\n",
          "\nEvent 2 of 3\n",
          " ",
          "    ",
          "\t",
          "🚀",
          "\ud83d",
          "\ude80",
          "é",
        ],
        ...[
          "<!channel>",
          "<@U0123>",
          "@here",
          ":fire:",
          "*bold*",
          "`",
          "```",
          "&lt;",
          "<https://evil.example|ok>",
        ],
        ...["https://evil.example/", "www.evil.example", "[ok](https://evil.example)", '"', "\\"],
        ...["a".repeat(90), "word ".repeat(20)],
        ...["__proto__", "constructor", "toString"],
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));
