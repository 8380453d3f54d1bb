import fc from "fast-check";
import { slackText } from "../../../../local/slack/slack-text";
import { hostileText } from "../../lambda-src/shared/hostile-text";

const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const shown = (text: string): string => slackText({ blocks: [{ type: "section", text: mrkdwn(text) }] });

describe("slackText", () => {
  it("is the message as Slack shows it", () => {
    const payload = {
      text: "Only notifications show this",
      blocks: [{ type: "header", text: { type: "plain_text", text: "Root &amp; co" } }, { type: "divider" }],
      attachments: [
        {
          color: "#a30200",
          blocks: [
            { type: "section", fields: [mrkdwn("*Who*\nroot"), mrkdwn("*From*\n`203.0.113.10`")] },
            { type: "context", elements: [mrkdwn("first"), { type: "image", alt_text: "logo" }] },
            {
              type: "actions",
              elements: [
                {
                  type: "button",
                  text: { type: "plain_text", text: "Alarm" },
                  url: "https://example.com/a?b&c",
                },
                { type: "button", text: { type: "plain_text", text: "Nowhere" } },
              ],
            },
            { type: "image", alt_text: "chart" },
            { type: "table" },
          ],
        },
      ],
    };

    expect(slackText(payload)).toBe(
      [
        "Root & co",
        "",
        "----------------------------------------",
        "",
        "| Who",
        "| root",
        "| From",
        "| 203.0.113.10",
        "|",
        "| first  [image: logo]",
        "|",
        "| [Alarm] https://example.com/a?b&c",
        "| [Nowhere]",
        "|",
        "| [image: chart]",
        "|",
        "| [block of type table]",
      ].join("\n"),
    );
  });

  it("shows the text where there are no blocks", () => {
    expect(slackText({ text: "*All* is well" })).toBe("All is well");
  });

  it("leaves marks in a text without mrkdwn, but not what stands in angle brackets", () => {
    expect(slackText({ text: "*All* &lt;is&gt; `well`, <!here>", mrkdwn: false })).toBe(
      "*All* <is> `well`, @here",
    );
  });

  it.each([
    ["*bold* _italic_ ~gone~ `code`", "bold italic gone code"],
    ["*bold with `code` in it*", "bold with code in it"],
    ["3 * 4 * 5 and snake_case_name", "3 * 4 * 5 and snake_case_name"],
    ["```\nAction *all*\n```", "Action *all*\n"],
    ["`*no bold* &lt;b&gt;`", "*no bold* <b>"],
    ["&lt;!channel&gt; &amp;amp; &quot;", "<!channel> &amp; &quot;"],
    ["<!channel> <!here> <@U1> <#C1|alarms>", "@channel @here @U1 alarms"],
    ["`<!everyone>`", "@everyone"],
    ["<!date^1^{date}|today> <!new>", "today <!new>"],
    ["<https://example.com/?a&amp;b|the *console*>", "the *console* (https://example.com/?a&b)"],
    ["<https://example.com>", "https://example.com"],
  ])("shows %s as %s", (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it("shows what was escaped as it was", () => {
    const visible = hostileText.map((text) => `x${text.replace(/[*_~`]/g, "")}x`);
    fc.assert(
      fc.property(visible, (text) => {
        const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
        expect(shown(escaped)).toBe(text);
      }),
    );
  });

  it("takes anything, in no long time", () => {
    const started = performance.now();

    fc.assert(fc.property(fc.anything(), (payload) => typeof slackText(payload) === "string"));
    for (const piece of ["*", "<", "`", "*a ", "_a_", "<a|", "```"]) {
      shown(piece.repeat(3000 / piece.length));
    }
    expect(performance.now() - started).toBeLessThan(1500);
  });
});
