import { slackMessage } from "../../../../../lambda-src/notifier/slack-message";
import type { Alert } from "../../../../../lambda-src/shared/alert";
import { alertMail } from "../../../../../lambda-src/shared/alert-mail";

/** What of an alert people could not read well, on any road; empty where all is well. */
export function unreadable(alert: Alert): string[] {
  const { subject, body } = alertMail(alert);
  const slack = JSON.stringify(slackMessage(alert));
  // Whoever a label or a mark stands before, a longer word stays whole.
  const isTooLong = (line: string) => line.length > 78 && !/^.{0,9}\S+$/.test(line);
  return [
    ...[subject, ...body.split("\n"), slack].filter((text) =>
      /undefined|\[object|\bNaN\b|Invalid Date/.test(text),
    ),
    ...body.split("\n").filter(isTooLong),
    ...(/^[\x20-\x7e]{1,100}$/.test(subject) ? [] : [subject]),
  ];
}
