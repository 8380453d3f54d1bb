import type { Alert } from "../shared/alert";
import { oneLine } from "../shared/text";

/** Id that routes know alerts of the notifier itself by, and of what it can't read. */
export const OWN_DETECTION = "alarm-notifier";

/** Lines of a message that are told. */
const MOST_LINES = 20;

/** The alert of a message that is none of those the notifier knows: people get it as it is. */
export function unknownMessageAlert(subject: string, message: string): Alert {
  const lines = message.split("\n").filter((line) => line.trim() !== "");
  return ownAlert({
    subject: `[HIGH] Unknown message: ${oneLine(subject) || "without a subject"}`,
    title: "Message of an unknown kind",
    summary: "A message came to the alarms' topic that is neither an alarm nor an alert.",
    items: lines.slice(0, MOST_LINES),
    notices: lines.length > MOST_LINES ? [`The first ${MOST_LINES} of ${lines.length} lines are shown.`] : [],
    steps: ["See in CloudTrail who published it: only alarms and the guard should."],
  });
}

/** The alert of an event that is neither a message nor a change of an instance's state. */
export function unknownEventAlert(event: unknown): Alert {
  return unknownMessageAlert("an event", JSON.stringify(event, undefined, 2) ?? "nothing");
}

/** The alert of a webhook that refuses alerts for good. */
export function refusedAlert(webhookName: string, reason: string, refused: Alert): Alert {
  return ownAlert({
    subject: `[HIGH] Slack refuses alerts: ${webhookName}`,
    title: "Slack refuses alerts",
    summary: `The Slack webhook ${webhookName} refused "${oneLine(refused.title)}" and will refuse others.`,
    items: [oneLine(reason, 400)],
    notices: ["This is told once an hour. Mails and other webhooks aren't affected."],
    steps: [
      "Make a new incoming webhook for the channel, and write its URL into the secret or parameter.",
      "Nothing has to be applied: the URL is read again within five minutes.",
    ],
  });
}

function ownAlert(
  alert: Pick<Alert, "subject" | "title" | "summary" | "items" | "notices" | "steps">,
): Alert {
  return { ...alert, severity: "high", detection: OWN_DETECTION, calls: [], facts: [], links: [] };
}
