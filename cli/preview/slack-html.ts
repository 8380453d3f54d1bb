import { readMessage, type SlackBlock, type SlackElement, type SlackText } from "../../local/slack/message";
import { type MrkdwnPart, textParts, unescaped } from "../../local/slack/mrkdwn";
import { escaped } from "./html";

const STYLES = {
  message:
    "font: 15px/1.46668 Lato, 'Helvetica Neue', Helvetica, Arial, sans-serif; color: #1d1c1d; background: #fff; max-width: 680px; padding: 8px 20px; overflow-wrap: anywhere",
  attachment: "display: flex; margin: 4px 0",
  bar: "flex: none; width: 4px; border-radius: 8px; margin-right: 12px",
  blocks: "flex: 1; min-width: 0",
  header: "font-size: 18px; font-weight: 900; margin: 8px 0",
  section: "display: flex; gap: 16px; margin: 8px 0",
  sectionText: "flex: 1; min-width: 0",
  text: "white-space: pre-wrap",
  fields: "display: grid; grid-template-columns: 1fr 1fr; gap: 8px 16px; white-space: pre-wrap",
  context:
    "display: flex; flex-wrap: wrap; gap: 4px 8px; margin: 8px 0; font-size: 13px; color: #616061; white-space: pre-wrap",
  actions: "display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0",
  button:
    "display: inline-block; border: 1px solid #bbb; border-radius: 8px; padding: 4px 12px; font-weight: 700; color: #1d1c1d; text-decoration: none",
  divider: "border: 0; border-top: 1px solid #ddd; margin: 16px 0",
  missing: "color: #616061; font-style: italic; margin: 8px 0",
  code: "font: 12px Monaco, Menlo, Consolas, monospace; color: #c01343; background: #f8f8f8; border: 1px solid #ddd; border-radius: 3px; padding: 2px 3px",
  preformatted:
    "font: 12px/1.5 Monaco, Menlo, Consolas, monospace; background: #f8f8f8; border: 1px solid #ddd; border-radius: 4px; padding: 8px; margin: 4px 0; white-space: pre-wrap",
  mention: "color: #1264a3; background: #e8f5fa; border-radius: 3px; padding: 0 2px",
  link: "color: #1264a3; text-decoration: none",
} as const;

/** Where an attachment names no colour. */
const NO_COLOR = "#ddd";

/** The message of an incoming webhook as an HTML fragment that looks like Slack's, with its styles in it. */
export function slackHtml(payload: unknown): string {
  const { blocks, attachments } = readMessage(payload);
  return styled("div", "message", [
    ...blocks.map(blockHtml),
    ...attachments.map(({ color = NO_COLOR, blocks: inner }) =>
      styled("div", "attachment", [bar(color), styled("div", "blocks", inner.map(blockHtml))]),
    ),
  ]);
}

function bar(color: string): string {
  const safe = /^#[\da-f]{6}$/i.test(color) ? color : NO_COLOR;
  return `<div style="${STYLES.bar}; background: ${safe}"></div>`;
}

function blockHtml(block: SlackBlock): string {
  switch (block.kind) {
    case "header":
      return styled("div", "header", [textHtml(block.text)]);
    case "section": {
      const text = block.text === undefined ? [] : [styled("div", "text", [textHtml(block.text)])];
      const cells = block.fields.map((field) => `<div>${textHtml(field)}</div>`);
      const fields = cells.length > 0 ? [styled("div", "fields", cells)] : [];
      const accessory = block.accessory === undefined ? [] : [elementHtml(block.accessory)];
      return styled("div", "section", [styled("div", "sectionText", [...text, ...fields]), ...accessory]);
    }
    case "context":
    case "actions":
      return styled("div", block.kind, block.elements.map(elementHtml));
    case "divider":
      return `<hr style="${STYLES.divider}">`;
    case "image":
      return missing(`image: ${block.alt}`);
    case "unknown":
      return missing(`block of type ${block.type}`);
  }
}

function elementHtml(element: SlackElement): string {
  switch (element.kind) {
    case "text":
      return `<span>${textHtml(element.text)}</span>`;
    case "button":
      return link(element.url, escaped(unescaped(element.label)), "button");
    case "image":
      return missing(`image: ${element.alt}`);
  }
}

/** Pictures aren't fetched. */
function missing(what: string): string {
  return styled("div", "missing", [escaped(`[${what}]`)]);
}

function textHtml(text: SlackText): string {
  return textParts(text).map(partHtml).join("");
}

function partHtml(part: MrkdwnPart): string {
  switch (part.kind) {
    case "text":
      return escaped(part.text);
    case "code":
    case "preformatted":
      return styled(part.kind === "code" ? "code" : "pre", part.kind, [escaped(part.text)]);
    case "mention":
      return styled("span", "mention", [escaped(part.text)]);
    case "link":
      return link(part.url, escaped(part.text), "link");
    case "bold":
      return `<b>${part.parts.map(partHtml).join("")}</b>`;
    case "italic":
      return `<i>${part.parts.map(partHtml).join("")}</i>`;
    case "strike":
      return `<s>${part.parts.map(partHtml).join("")}</s>`;
  }
}

/** Only what opens a page or a mail is a link: a click must run nothing. */
function link(url: string, labelHtml: string, style: "link" | "button"): string {
  return /^(?:https?:\/\/|mailto:)/i.test(url)
    ? `<a style="${STYLES[style]}" href="${escaped(url)}">${labelHtml}</a>`
    : styled("span", style, [labelHtml]);
}

function styled(tag: string, style: keyof typeof STYLES, inner: readonly string[]): string {
  return `<${tag} style="${STYLES[style]}">${inner.join("")}</${tag}>`;
}
