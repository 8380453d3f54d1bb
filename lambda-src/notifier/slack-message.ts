import { type Alert, type Fact, type Link, MOST_CALLS, type Severity } from "../shared/alert";
import { alertSubject, callHeading, stepMarks } from "../shared/alert-mail";
import { callFacts } from "../shared/call-facts";
import { oneLine, ownLine } from "../shared/text";

/** What an incoming webhook of Slack takes ("Sending messages using incoming webhooks"). */
export interface SlackMessage {
  /** The head of the message, and what a notification shows. */
  readonly text: string;
  /** No mark-up in `text`. */
  readonly mrkdwn: false;
  readonly attachments: readonly [SlackAttachment];
}

/** A colour beside blocks is to be had in an attachment only ("Reference: Secondary message attachments"). */
export interface SlackAttachment {
  /** `#RRGGBB` */
  readonly color: string;
  /** At most 50. */
  readonly blocks: readonly SlackBlock[];
}

/** Slack's "Block Kit reference". */
export type SlackBlock =
  | {
      readonly type: "section";
      readonly text?: SlackText;
      /** At most 10, of 2,000 characters. */
      readonly fields?: readonly SlackText[];
    }
  | { readonly type: "context"; readonly elements: readonly SlackText[] }
  | { readonly type: "actions"; readonly elements: readonly SlackButton[] };

export interface SlackButton {
  readonly type: "button";
  readonly text: PlainText;
  readonly url: string;
  readonly action_id: string;
}

interface PlainText {
  readonly type: "plain_text";
  readonly text: string;
  readonly emoji: false;
}

/** `verbatim`: Slack makes no links and no mentions of what looks like them ("Formatting text"). */
type SlackText = PlainText | { readonly type: "mrkdwn"; readonly text: string; readonly verbatim: true };

const COLORS: Readonly<Record<Severity, string>> = {
  critical: "#8b0000",
  high: "#e01e5a",
  medium: "#ecb22e",
  low: "#6b7a8f",
};

/** By the "Block Kit reference", in characters. */
const LIMITS = { text: 3000, field: 2000, buttonText: 75, url: 3000 };
const MOST_FIELDS = 10;
const MOST_CONTEXT_ELEMENTS = 10;
/** Slack takes 25; more than a row of them nobody reads. */
const MOST_BUTTONS = 5;
/** Of one value in a field, escaped: up to six stand in one. */
const LONGEST_VALUE = 300;

/** An alert as a message in Slack: at most 50 blocks, each within Slack's limits, whatever the events behind it hold. */
export function slackMessage(alert: Alert): SlackMessage {
  return {
    text: asText(alertSubject(alert)),
    mrkdwn: false,
    attachments: [{ color: COLORS[alert.severity], blocks: blocksOf(alert) }],
  };
}

function blocksOf(alert: Alert): SlackBlock[] {
  const { calls, facts, items, steps, links } = alert;
  return [
    ...plainSection([oneLine(alert.summary, 2000)]),
    ...calls.slice(0, MOST_CALLS).map((call, index): SlackBlock => {
      const heading = callHeading(alert, index);
      return {
        type: "section",
        ...(heading === "" ? {} : { text: bold(heading) }),
        fields: inFourFields(callFacts(call)).map(fieldOf),
      };
    }),
    ...factSection(facts),
    ...plainSection(items.map((line) => `• ${oneLine(line, 500)}`)),
    ...context([...alert.notices, ...links.filter(isTooLong).map(withoutButton)]),
    ...stepSections(steps),
    ...buttons(links),
  ];
}

/** Two rows for a call, where each fact in a field of its own would take three. */
function inFourFields(facts: readonly Fact[]): Fact[] {
  const linesOf = (label: string) => facts.find((fact) => fact.label === label)?.lines ?? [];
  const joined: Readonly<Record<string, readonly string[]>> = {
    What: linesOf("With"),
    When: linesOf("Event").map((id) => `event ${id}`),
    From: linesOf("Account").map((account) => `account ${account}`),
  };
  return facts
    .filter(({ label }) => !["With", "Event", "Account"].includes(label))
    .map(({ label, lines }) => ({ label, lines: [...lines, ...(joined[label] ?? [])] }));
}

/** Text without mark-up: as many whole lines as there is room for. */
function plainSection(lines: readonly string[]): SlackBlock[] {
  const shown: string[] = [];
  for (const [index, line] of lines.entries()) {
    const rest = `and ${lines.length - index} more`;
    if ([...shown, line, rest].join("\n").length > LIMITS.text) {
      shown.push(rest);
      break;
    }
    shown.push(line);
  }
  const text = shown.join("\n");
  return text === "" ? [] : [{ type: "section", text: plain(text) }];
}

function factSection(facts: readonly Fact[]): SlackBlock[] {
  const fields = facts.slice(0, MOST_FIELDS).map(fieldOf);
  return fields.length === 0 ? [] : [{ type: "section", fields }];
}

function fieldOf({ label, lines }: Fact): SlackText {
  const values = lines.slice(0, 6).map((line) => code(oneLine(line, LONGEST_VALUE), LONGEST_VALUE));
  return mrkdwn([`*${boldable(label)}*`, ...values.filter((value) => value !== "")].join("\n"));
}

function context(lines: readonly string[]): SlackBlock[] {
  const elements = lines.slice(0, MOST_CONTEXT_ELEMENTS).map((line) => plain(oneLine(line, 1000) || "-"));
  return elements.length === 0 ? [] : [{ type: "context", elements }];
}

function stepSections(steps: readonly string[]): SlackBlock[] {
  const marks = stepMarks(steps).map((mark) => (mark === "-" ? "•" : mark));
  const lines = plainSection(steps.map((step, index) => `${marks[index]} ${ownLine(step, 500)}`));
  return lines.length === 0 ? [] : [{ type: "section", text: bold("To do") }, ...lines];
}

function buttons(links: readonly Link[]): SlackBlock[] {
  const elements = links
    .filter((link) => !isTooLong(link) && /^https:\/\/[\x21-\x7e]+$/.test(link.url))
    .slice(0, MOST_BUTTONS)
    .map(
      ({ label, url }, index): SlackButton => ({
        type: "button",
        text: plain(oneLine(label, LIMITS.buttonText - 3) || "Link"),
        url,
        action_id: `link-${index}`,
      }),
    );
  return elements.length === 0 ? [] : [{ type: "actions", elements }];
}

function isTooLong({ url }: Link): boolean {
  return url.length > LIMITS.url;
}

function withoutButton({ label }: Link): string {
  return `The link "${oneLine(label, 60)}" is too long for Slack; the mail has it.`;
}

function plain(text: string): PlainText {
  return { type: "plain_text", text, emoji: false };
}

function mrkdwn(text: string): SlackText {
  return { type: "mrkdwn", text, verbatim: true };
}

function bold(text: string): SlackText {
  return mrkdwn(`*${boldable(text)}*`);
}

/** Labels are words of this project; what is none of them can't end the bold print. */
function boldable(text: string): string {
  return (
    oneLine(text, 60)
      .replace(/[^\p{L}\p{N} .-]/gu, " ")
      .trim() || "-"
  );
}

/** A code span: nothing in it is mark-up, a mention, a link or an emoji. */
function code(line: string, most: number): string {
  const text = escaped(line.replaceAll("`", "'"), most);
  return text === "" ? "" : `\`${text}\``;
}

/** Slack's three characters ("Formatting text"), cut to so many characters as they are sent. */
function escaped(line: string, most: number): string {
  let text = "";
  for (const character of line) {
    const next = ESCAPES[character] ?? character;
    if (text.length + next.length > most) {
      return `${text}…`;
    }
    text += next;
  }
  return text;
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Even where mark-up is off, Slack draws `:emoji:` and may know `@here`: a space stands in the way. */
function asText(line: string): string {
  return escaped(line.replace(/[:@](?=\S)/g, "$& "), LIMITS.text);
}
