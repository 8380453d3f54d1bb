import fc from "fast-check";
import { blockKitProblems } from "../../../../local/slack/block-kit";

const plain = (text: string) => ({ type: "plain_text", text });
const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const section = (text = "x") => ({ type: "section", text: mrkdwn(text) });
const button = (fields: object = {}) => ({ type: "button", text: plain("Alarm"), ...fields });
const actions = (...elements: object[]) => ({ type: "actions", elements });
const image = { type: "image", image_url: "https://example.com/x.png", alt_text: "x" };
const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

function problemsOf(...blocks: object[]): string[] {
  return blockKitProblems({ text: "x", blocks });
}

describe("blockKitProblems", () => {
  it("finds none in a message at Slack's limits", () => {
    const blocks = [
      { type: "header", text: { ...plain("h".repeat(150)), emoji: true }, block_id: "b".repeat(255) },
      { type: "section", text: mrkdwn("s".repeat(3000)), accessory: image },
      { type: "section", fields: many(10, mrkdwn("f".repeat(2000))) },
      { type: "context", elements: [...many(9, mrkdwn("c")), image] },
      actions(
        ...many(24, button({ url: `https://example.com/${"u".repeat(2980)}` })),
        button({ text: plain("b".repeat(75)), action_id: "a", style: "primary", value: "v" }),
      ),
      image,
      { type: "divider" },
    ];

    expect(
      blockKitProblems({
        text: "x",
        mrkdwn: false,
        unfurl_links: false,
        blocks,
        attachments: [{ color: "#a30200", fallback: "x", blocks: many(43, { type: "divider" }) }],
      }),
    ).toEqual([]);
  });

  it.each<[string, unknown]>([
    ["payload: is no object", []],
    ["text: is missing", { blocks: [section()] }],
    ["text: has 0 characters, must have 1 to 40000", { text: "" }],
    ["text: is no text", { text: 7 }],
    ["blocks: is no list", { text: "x", blocks: {} }],
    ["blocks: has 0 items, must have 1 to 50", { text: "x", blocks: [] }],
    ["channel: isn't known here", { text: "x", channel: "#alarms" }],
    ["__proto__: isn't known here", JSON.parse('{"text": "x", "__proto__": 1}')],
    ["attachments[0].color: is no colour of six hexadecimal digits after #", attached({ color: "red" })],
    ["attachments[0].blocks: is missing", { text: "x", attachments: [{ color: "#a30200" }] }],
    ["attachments[0].text: isn't known here", attached({ text: "x" })],
    ["attachments[0].blocks[0].text: is missing", attached({ blocks: [{ type: "header" }] })],
    [
      "blocks: 51 in all, at most 50",
      { ...attached({ blocks: many(26, section()) }), blocks: many(25, section()) },
    ],
    [
      'blocks: the block_id "b" is there twice',
      {
        ...attached({ blocks: [{ type: "divider", block_id: "b" }] }),
        blocks: [{ type: "divider", block_id: "b" }],
      },
    ],
  ])("says %s", (problem, payload) => {
    expect(blockKitProblems(payload)).toEqual([problem]);
  });

  it.each<[string, object]>([
    ["blocks[0]: is no object", ["x"]],
    ['blocks[0].type: "rich_text" isn\'t known here', { type: "rich_text", elements: [] }],
    ['blocks[0].type: "constructor" isn\'t known here', { type: "constructor" }],
    ["blocks[0].type: undefined isn't known here", {}],
    [
      "blocks[0].text.text: has 151 characters, must have 1 to 150",
      { type: "header", text: plain("h".repeat(151)) },
    ],
    ['blocks[0].text.type: "mrkdwn" isn\'t known here', { type: "header", text: mrkdwn("x") }],
    ["blocks[0].text.text: has 3001 characters, must have 1 to 3000", section("s".repeat(3001))],
    ["blocks[0].text.text: has 0 characters, must have 1 to 3000", section("")],
    ["blocks[0].text.emoji: isn't known here", { type: "section", text: { ...mrkdwn("x"), emoji: true } }],
    ["blocks[0].text: is no object", { type: "section", text: "x" }],
    ["blocks[0].text: is no object", { type: "section", text: null }],
    ["blocks[0]: has neither text nor fields", { type: "section" }],
    ["blocks[0].fields: has 11 items, must have 1 to 10", { type: "section", fields: many(11, mrkdwn("x")) }],
    [
      "blocks[0].fields[1].text: has 2001 characters, must have 1 to 2000",
      { type: "section", fields: [plain("x"), mrkdwn("f".repeat(2001))] },
    ],
    [
      "blocks[0].elements: has 11 items, must have 1 to 10",
      { type: "context", elements: many(11, mrkdwn("x")) },
    ],
    ['blocks[0].elements[0].type: "button" isn\'t known here', { type: "context", elements: [button()] }],
    ["blocks[0].elements: is missing", { type: "context" }],
    ["blocks[0].elements: has 26 items, must have 1 to 25", actions(...many(26, button()))],
    ['blocks[0].elements[0].type: "datepicker" isn\'t known here', actions({ type: "datepicker" })],
    [
      "blocks[0].elements[0].text.text: has 76 characters, must have 1 to 75",
      actions(button({ text: plain("b".repeat(76)) })),
    ],
    [
      "blocks[0].elements[0].url: has 3001 characters, must have 1 to 3000",
      actions(button({ url: `https://example.com/${"u".repeat(2981)}` })),
    ],
    ["blocks[0].elements[0].url: is no valid URL", actions(button({ url: "example.com" }))],
    ["blocks[0].elements[0].url: is no valid URL", actions(button({ url: "https://example.com/a b" }))],
    ["blocks[0].elements[0].style: is neither primary nor danger", actions(button({ style: "green" }))],
    [
      'blocks[0]: the action_id "a" is there twice',
      actions(button({ action_id: "a" }), button({ action_id: "a" })),
    ],
    ["blocks[0].alt_text: is missing", { type: "image", image_url: "https://example.com/x.png" }],
    ["blocks[0].expand: is neither true nor false", { ...section(), expand: 1 }],
    ["blocks[0].title: isn't known here", { type: "divider", title: plain("x") }],
  ])("says %s", (problem, block) => {
    expect(problemsOf(block)).toEqual([problem]);
  });

  it("says of anything what is wrong, or that nothing is", () => {
    const value = fc.object({
      key: fc.constantFrom("text", "type", "blocks", "attachments", "elements", "fields", "url"),
      values: [fc.string(), fc.constantFrom("section", "actions", "button", "mrkdwn"), fc.constant(null)],
    });
    fc.assert(
      fc.property(value, (payload) => {
        for (const problem of blockKitProblems(payload)) {
          expect(problem).toMatch(/^[\w.[\]]+: ./);
        }
      }),
    );
  });
});

function attached(fields: object): object {
  return { text: "x", attachments: [{ blocks: [section()], ...fields }] };
}
