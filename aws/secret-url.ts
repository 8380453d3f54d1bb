/**
 * URLs whose path or query is a key to write with: Slack's incoming webhooks, also without their host, and the integrations
 * of PagerDuty and Opsgenie, webhooks of Teams and Discord, Slack's tokens; of others, whatever has a query or says that it is an integration.
 */
const KEY =
  /hooks\.slack\.com|\bxox[a-z]-\w|webhook\.office\.com|discord(?:app)?\.com\/api\/webhooks|\bT[A-Z\d]{6,}\/B[A-Z\d]{6,}\/\w{16,}|\/\/[^/]*\b(?:pagerduty|opsgenie)\.com|\/\/\S*\?|\/\/\S*\/integrations?\/[^/\s]/i;

const SLACK_TOKEN = /\bxox[a-z]-[\w-]+/gi;

const PASSWORD = /\/\/[^/@\s"]*@/;

/** Whether text is a URL with a password or a key in it, which is neither to be kept nor printed. */
export function holdsSecret(text: string): boolean {
  return PASSWORD.test(text) || KEY.test(text);
}

/** Text to be printed: of a URL that holds a secret, the host remains. */
export function withoutSecrets(text: string): string {
  return text.replace(/[^\s"]+/g, (part) => {
    const open = part.replace(PASSWORD, "//***@").replace(SLACK_TOKEN, "***");
    return KEY.test(open) ? open.replace(/^((?:\w+:\/\/)?[^/?]*).*$/, "$1/***") : open;
  });
}
