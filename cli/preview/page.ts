import type { DashboardBody } from "../../constructs/dashboard/body";
import { slackMessage } from "../../lambda-src/notifier/slack-message";
import { alertMail } from "../../lambda-src/shared/alert-mail";
import { dashboardSvg } from "./dashboard-picture";
import { escaped } from "./html";
import type { Sample } from "./samples";
import { slackHtml } from "./slack-html";

export interface Preview {
  /** Name of the environment. */
  readonly name: string;
  readonly region: string;
  /** Whether a notifier tells people; without it alarms publish CloudWatch's own messages. */
  readonly isEnriched: boolean;
  readonly samples: readonly Sample[];
  readonly dashboard: DashboardBody;
}

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; color: #1d1c1d; background: #f4f4f4; max-width: 1360px; margin: 0 auto; padding: 16px; }
section { border-top: 1px solid #ccc; padding: 8px 0 24px; }
.sample { display: flex; flex-wrap: wrap; gap: 24px; align-items: flex-start; }
.mail { flex: none; width: 78ch; padding: 12px; background: #fff; border: 1px solid #ccc; font: 13px/1.4 "DejaVu Sans Mono", Menlo, Consolas, monospace; word-break: break-all; }
.subject { font-weight: 700; border-bottom: 1px solid #ccc; padding-bottom: 8px; word-break: normal; overflow-wrap: anywhere; }
.mail pre { margin: 8px 0 0; font: inherit; white-space: pre-wrap; }
.slack { flex: 1 1 480px; min-width: 0; max-width: 720px; background: #fff; border: 1px solid #ccc; }
svg { width: 100%; height: auto; background: #fff; border: 1px solid #ccc; }
`;

/** What people get of an environment, as one HTML page that runs no script and loads nothing. */
export function previewPage({ name, region, isEnriched, samples, dashboard }: Preview): string {
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>Preview of ${escaped(name)}</title>`,
    `<style>${STYLE}</style>`,
    "</head>",
    "<body>",
    `<h1>Preview of ${escaped(name)}</h1>`,
    `<p>What people get from the environment ${escaped(name)} in ${escaped(region)}, made by the code that is deployed. Calls, callers, account, addresses and times are samples. Mails end with lines of SNS on how to unsubscribe, which aren't shown.</p>`,
    ...(isEnriched
      ? []
      : [
          "<p>alerts.enrich is false: of alarms and EC2 instances people get the messages of CloudWatch and EventBridge, which aren't shown.</p>",
        ]),
    "<nav><ul>",
    ...samples.map(({ id, title }) => `<li><a href="#${escaped(id)}">${escaped(title)}</a></li>`),
    '<li><a href="#dashboard">Dashboard</a></li>',
    "</ul></nav>",
    ...samples.map(sampleHtml),
    '<section id="dashboard">',
    "<h2>Dashboard</h2>",
    "<p>Its widgets and their places; CloudWatch fills them.</p>",
    dashboardSvg(dashboard),
    "</section>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function sampleHtml({ id, title, alert, topicNames, webhookNames }: Sample): string {
  const { subject, body } = alertMail(alert);
  const slack =
    webhookNames.length === 0
      ? "Slack: nowhere as configured; a route's webhook would show it so"
      : `Slack: ${webhookNames.map(escaped).join(", ")}`;
  return [
    `<section id="${escaped(id)}">`,
    `<h2>${escaped(title)}</h2>`,
    `<p>Topics: ${topicNames.map(escaped).join(", ")}. ${slack}.</p>`,
    '<div class="sample">',
    `<div class="mail"><div class="subject">${escaped(subject)}</div><pre>`,
    `${escaped(body)}</pre></div>`,
    `<div class="slack">${slackHtml(slackMessage(alert))}</div>`,
    "</div>",
    "</section>",
  ].join("\n");
}
