import { listOf, property } from "./json";

/** A message as Slack shows it, read from a payload of any form: what isn't as it should be is left out. */
export interface SlackMessage {
  readonly blocks: readonly SlackBlock[];
  readonly attachments: readonly SlackAttachment[];
}

export interface SlackAttachment {
  /** e.g. `#a30200` */
  readonly color: string | undefined;
  readonly blocks: readonly SlackBlock[];
}

export type SlackBlock =
  | { readonly kind: "header"; readonly text: SlackText }
  | {
      readonly kind: "section";
      readonly text: SlackText | undefined;
      readonly fields: readonly SlackText[];
      readonly accessory: SlackElement | undefined;
    }
  | { readonly kind: "context" | "actions"; readonly elements: readonly SlackElement[] }
  | { readonly kind: "divider" }
  | { readonly kind: "image"; readonly alt: string }
  | { readonly kind: "unknown"; readonly type: string };

export type SlackElement =
  | { readonly kind: "text"; readonly text: SlackText }
  | { readonly kind: "button"; readonly label: string; readonly url: string }
  | { readonly kind: "image"; readonly alt: string };

export interface SlackText {
  /** `unmarked` has no marks for bold and the like, but what stands in angle brackets counts. */
  readonly form: "plain" | "unmarked" | "mrkdwn";
  /** As it stands in the payload. */
  readonly text: string;
}

/** @param payload of an incoming webhook */
export function readMessage(payload: unknown): SlackMessage {
  const blocks = blocksOf(property(payload, "blocks"));
  const text = stringOf(payload, "text");
  const form = property(payload, "mrkdwn") === false ? "unmarked" : "mrkdwn";
  // Beside blocks the text is only what notifications show.
  const shown: readonly SlackBlock[] =
    blocks.length > 0 || text === ""
      ? blocks
      : [{ kind: "section", text: { form, text }, fields: [], accessory: undefined }];
  return {
    blocks: shown,
    attachments: listOf(property(payload, "attachments")).map((attachment) => ({
      color: stringOf(attachment, "color") || undefined,
      blocks: blocksOf(property(attachment, "blocks")),
    })),
  };
}

function blocksOf(value: unknown): SlackBlock[] {
  return listOf(value).map((block) => {
    const type = stringOf(block, "type");
    switch (type) {
      case "header":
        return { kind: "header", text: textOf(property(block, "text")) ?? { form: "plain", text: "" } };
      case "section":
        return {
          kind: "section",
          text: textOf(property(block, "text")),
          fields: listOf(property(block, "fields")).flatMap((field) => textOf(field) ?? []),
          accessory: elementOf(property(block, "accessory")),
        };
      case "context":
      case "actions":
        return {
          kind: type,
          elements: listOf(property(block, "elements")).flatMap((element) => elementOf(element) ?? []),
        };
      case "divider":
        return { kind: "divider" };
      case "image":
        return { kind: "image", alt: stringOf(block, "alt_text") };
      default:
        return { kind: "unknown", type };
    }
  });
}

function elementOf(value: unknown): SlackElement | undefined {
  switch (stringOf(value, "type")) {
    case "button":
      return {
        kind: "button",
        label: stringOf(property(value, "text"), "text"),
        url: stringOf(value, "url"),
      };
    case "image":
      return { kind: "image", alt: stringOf(value, "alt_text") };
    default: {
      const text = textOf(value);
      return text === undefined ? undefined : { kind: "text", text };
    }
  }
}

function textOf(value: unknown): SlackText | undefined {
  const type = stringOf(value, "type");
  return type === "mrkdwn" || type === "plain_text"
    ? { form: type === "mrkdwn" ? "mrkdwn" : "plain", text: stringOf(value, "text") }
    : undefined;
}

function stringOf(value: unknown, name: string): string {
  const found = property(value, name);
  return typeof found === "string" ? found : "";
}
