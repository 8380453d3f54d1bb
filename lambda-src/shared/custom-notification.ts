import type { Alert, Fact } from "./alert";
import { alertHeading, callHeading } from "./alert-mail";
import { callFacts } from "./call-facts";
import { oneLine, ownLine } from "./text";

/** The guide has limits that are not known here: these keep within Slack's for a message's header and text. */
const TITLE_LENGTH = 150;
const DESCRIPTION_LENGTH = 3000;

/**
 * An alert as Amazon Q Developer in chat applications takes it from a topic and shows it in Slack or Microsoft Teams (its
 * administrator guide, "Custom notifications"). Both make mark-up of what it holds: text of events stands in code spans. It has
 * no `threadId`: in a thread an alert is overlooked.
 */
export function customNotification(alert: Alert): object {
  const { severity, detection, callCount, calls, steps } = alert;
  const resources = [...new Set(calls.flatMap(({ resourceArns }) => resourceArns))];
  return {
    version: "1.0",
    source: "custom",
    content: {
      textType: "client-markdown",
      title: guarded(oneLine(alertHeading(alert), TITLE_LENGTH)),
      description: description(alert),
      nextSteps: steps.slice(0, 10).map((step) => ownLine(step, 300)),
      keywords: [severity, oneLine(detection, 60)],
    },
    metadata: {
      summary: guarded(oneLine(alert.summary, 300)),
      eventType: oneLine(detection, 60),
      relatedResources: resources.slice(0, 10).map((arn) => oneLine(arn)),
      additionalContext: {
        severity,
        detection: oneLine(detection, 60),
        ...(callCount === undefined ? {} : { callCount: oneLine(callCount, 40) }),
      },
    },
  };
}

/** As many whole paragraphs as there is room for. */
function description(alert: Alert): string {
  const { calls, facts, items, notices, links } = alert;
  const paragraphs = [
    guarded(oneLine(alert.summary, 1000)),
    ...calls.map((call, index) =>
      [bold(callHeading(alert, index)), ...callFacts(call).map(factLine)].filter(Boolean).join("\n"),
    ),
    facts.map(factLine).join("\n"),
    ...[...items, ...notices].map((line) => guarded(oneLine(line, 400))),
  ].filter((text) => text !== "");
  const ends = links.map(({ label, url }) => `${oneLine(label, 60)}: ${url}`);
  const end = ends.filter((line) => line.length <= 1000).slice(0, 2);
  const room = DESCRIPTION_LENGTH - end.join("\n").length - REST.length - 4;
  const shown: string[] = [];
  for (const text of paragraphs) {
    if (shown.join("\n\n").length + text.length + 2 > room) {
      shown.push(REST);
      break;
    }
    shown.push(text);
  }
  return [...shown, end.join("\n")].filter((text) => text !== "").join("\n\n");
}

const REST = "There is more than fits here: the mail has it.";

function factLine({ label, lines }: Fact): string {
  return `${bold(label)} ${lines.map((line) => code(oneLine(line, 300))).join(" ")}`;
}

function bold(label: string): string {
  return label === "" ? "" : `*${guarded(label)}*`;
}

/** Words that either program could take for mark-up, a mention or an emoji stand in code spans. */
function guarded(line: string): string {
  return line
    .split(" ")
    .map((word) => (/^[\p{L}\p{N}.,;!?"'()/%+=-]*:?$/u.test(word) ? word : code(word)))
    .join(" ");
}

/** Slack wants `<` and `>` escaped and Teams doesn't: others stand for them. */
function code(line: string): string {
  const text = line.replaceAll("`", "'").replaceAll("<", "‹").replaceAll(">", "›");
  return text === "" ? "" : `\`${text}\``;
}
