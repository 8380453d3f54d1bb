/**
 * What of a subscription's endpoint is printed. People are needed by their addresses; the path of a URL, or what stands before
 * its host, may be the key that it is called with.
 *
 * @param protocol as SNS names it
 * @returns `https://HOST/…` of a URL, the last two digits of a phone number, nothing of a protocol that isn't known
 */
export function printableEndpoint(protocol: string, endpoint: string): string {
  switch (protocol) {
    case "http":
    case "https":
      return printableUrl(endpoint);
    case "sms":
      return `…${/\d{2}$/.exec(endpoint)?.[0] ?? ""}`;
    case "email":
    case "email-json":
      return endpoint;
    case "lambda":
    case "sqs":
    case "firehose":
    case "application":
      return endpoint.startsWith("arn:") ? endpoint : "";
    default:
      return "";
  }
}

function printableUrl(endpoint: string): string {
  if (!URL.canParse(endpoint)) {
    return "";
  }
  const { protocol, host } = new URL(endpoint);
  const start = `${protocol}//${host}/`;
  return endpoint === start || `${endpoint}/` === start ? endpoint : `${start}…`;
}
