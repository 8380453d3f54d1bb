import { readMessage, type SlackBlock, type SlackElement, type SlackText } from "./message";
import { type MrkdwnPart, textParts, unescaped } from "./mrkdwn";

/**
 * The message of an incoming webhook as plain text for a terminal: without marks for bold and the like, links as
 * `label (url)`, buttons as `[label] url`, the bar beside an attachment as `|`.
 */
export function slackText(payload: unknown): string {
  const { blocks, attachments } = readMessage(payload);
  const barred = attachments.flatMap((attachment) =>
    attachment.blocks
      .map(blockText)
      .join("\n\n")
      .split("\n")
      .map((line) => `| ${line}`.trimEnd()),
  );
  return [...blocks.map(blockText), ...(barred.length > 0 ? [barred.join("\n")] : [])].join("\n\n");
}

function blockText(block: SlackBlock): string {
  switch (block.kind) {
    case "header":
      return textOf(block.text);
    case "section":
      return [
        ...(block.text === undefined ? [] : [textOf(block.text)]),
        ...block.fields.map(textOf),
        ...(block.accessory === undefined ? [] : [elementText(block.accessory)]),
      ].join("\n");
    case "context":
      return block.elements.map(elementText).join("  ");
    case "actions":
      return block.elements.map(elementText).join("\n");
    case "divider":
      return "-".repeat(40);
    case "image":
      return `[image: ${block.alt}]`;
    case "unknown":
      return `[block of type ${block.type}]`;
  }
}

function elementText(element: SlackElement): string {
  switch (element.kind) {
    case "text":
      return textOf(element.text);
    case "button":
      return `[${unescaped(element.label)}] ${element.url}`.trimEnd();
    case "image":
      return `[image: ${element.alt}]`;
  }
}

function textOf(text: SlackText): string {
  return textParts(text).map(partText).join("");
}

function partText(part: MrkdwnPart): string {
  switch (part.kind) {
    case "bold":
    case "italic":
    case "strike":
      return part.parts.map(partText).join("");
    case "link":
      return part.text === part.url ? part.url : `${part.text} (${part.url})`;
    default:
      return part.text;
  }
}
