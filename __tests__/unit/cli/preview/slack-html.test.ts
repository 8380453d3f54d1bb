import fc from "fast-check";
import { slackHtml } from "../../../../cli/preview/slack-html";
import { hostileText } from "../../lambda-src/shared/hostile-text";

const mrkdwn = (text: string) => ({ type: "mrkdwn", text });

function messageWith(text: string): object {
  const plain = { type: "plain_text", text };
  return {
    text,
    blocks: [
      { type: "header", text: plain },
      {
        type: "section",
        text: mrkdwn(text),
        fields: [mrkdwn(text), plain],
        accessory: { type: "button", text: plain },
      },
      { type: text },
    ],
    attachments: [
      {
        color: text,
        blocks: [
          { type: "actions", elements: [{ type: "button", text: plain, url: text }] },
          { type: "context", elements: [mrkdwn(text), { type: "image", alt_text: text }] },
        ],
      },
    ],
  };
}

describe("slackHtml", () => {
  it("has the bar in its colour, the header, two columns, code and buttons", () => {
    const html = slackHtml({
      text: "x",
      blocks: [{ type: "header", text: { type: "plain_text", text: "Root &amp; co" } }],
      attachments: [
        {
          color: "#a30200",
          blocks: [
            {
              type: "section",
              text: mrkdwn("*Who* called `StopLogging`, <https://example.com/?a&amp;b|see>"),
            },
            { type: "section", fields: [mrkdwn("_one_"), mrkdwn("two")] },
            { type: "divider" },
            {
              type: "actions",
              elements: [
                {
                  type: "button",
                  text: { type: "plain_text", text: "Alarm" },
                  url: "https://example.com/",
                },
              ],
            },
          ],
        },
      ],
    });

    expect(html).toContain("background: #a30200");
    expect(html).toContain(">Root &amp; co</div>");
    expect(html).toMatch(/<b>Who<\/b> called <code style="[^"]+">StopLogging<\/code>/);
    expect(html).toMatch(/<a style="[^"]+" href="https:\/\/example\.com\/\?a&amp;b">see<\/a>/);
    expect(html).toMatch(/grid-template-columns: 1fr 1fr[^>]+><div><i>one<\/i><\/div><div>two<\/div><\/div>/);
    expect(html).toMatch(/<a style="[^"]+" href="https:\/\/example\.com\/">Alarm<\/a>/);
    expect(html).toContain("<hr ");
  });

  it("makes a link of nothing that runs", () => {
    const html = slackHtml(messageWith("javascript:alert(1)"));

    expect(html).not.toContain("href");
    expect(slackHtml({ text: "<javascript:alert(1)|click>" })).not.toContain("href");
  });

  it("lets no text make a tag or an attribute", () => {
    const forging = fc.constantFrom(
      "<script>alert(1)</script>",
      '"><img src=x onerror=alert(1)>',
      "' onclick='x",
      '<https://example.com/" onclick="x|click>',
      "&lt;script&gt;",
      "#fff; background: url(x)",
      "*<b>*",
      "```</pre><script>```",
    );
    const text = fc.array(fc.oneof(hostileText, forging), { maxLength: 5 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (hostile) => {
        const tags = slackHtml(messageWith(hostile)).match(/<[^>]*>/g) ?? [];
        for (const tag of tags) {
          expect(tag).toMatch(
            /^<(?:\/?(?:div|span|b|i|s|code|pre|a)|(?:div|span|code|pre|hr) style="[^"<>]*"|a style="[^"<>]*" href="(?:https?:\/\/|mailto:)[^"<>]*")>$/i,
          );
          expect(tag.replace(/ href="[^"]*"/, "")).not.toContain("url(");
        }
      }),
    );
  });
});
