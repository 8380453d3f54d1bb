/** Domain of each partition's console, where its regions have theirs: `REGION.DOMAIN`. */
const CONSOLES: Readonly<Record<string, string>> = {
  aws: "console.aws.amazon.com",
  "aws-cn": "console.amazonaws.cn",
  "aws-us-gov": "console.amazonaws-us-gov.com",
};

export interface LogsInsightsQuery {
  /** e.g. `ap-northeast-2` */
  readonly region: string;
  /** e.g. `aws-cn` */
  readonly partition: string;
  readonly logGroupName: string;
  readonly query: string;
  readonly start: Date;
  readonly end: Date;
}

/** An alarm's page in the console; undefined for what is no alarm's ARN, or of a partition whose console isn't known. */
export function alarmLink(alarmArn: string): string | undefined {
  const [, partition = "", region = "", name = ""] =
    /^arn:([\w-]+):cloudwatch:([\w-]+):\d{12}:alarm:(.+)$/s.exec(alarmArn) ?? [];
  return cloudWatchLink(partition, region, `alarmsV2:alarm/${encodeText(name)}`);
}

/**
 * A query of one log group and the time it is about, on the console's page Logs Insights, for people to run; undefined
 * for a partition whose console isn't known. AWS describes the form nowhere: it is what the console itself writes into
 * the address.
 */
export function insightsLink(query: LogsInsightsQuery): string | undefined {
  const detail = [
    `end~${quote(query.end.toISOString())}`,
    `start~${quote(query.start.toISOString())}`,
    `timeType~${quote("ABSOLUTE")}`,
    `tz~${quote("UTC")}`,
    `editorString~${quote(query.query)}`,
    `source~(~${quote(query.logGroupName)})`,
  ].join("~");
  // Mail programs leave a closing parenthesis at the end of an address out of the link.
  const page = `logsV2:logs-insights$3FqueryDetail$3D~(${detail})$26tab$3Dlogs`;
  return cloudWatchLink(query.partition, query.region, page);
}

function cloudWatchLink(partition: string, region: string, page: string): string | undefined {
  const domain = Object.hasOwn(CONSOLES, partition) ? CONSOLES[partition] : undefined;
  return domain === undefined || !/^[a-z0-9-]+$/.test(region)
    ? undefined
    : `https://${region}.${domain}/cloudwatch/home?region=${region}#${page}`;
}

/** Also what `encodeURIComponent` leaves, though it would part a link in Markdown. Half of a character can't be encoded. */
function encodeText(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, "\ufffd")).replace(
    /[!'()*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A text as the console writes it: `'`, and `*hh` or `**hhhh` for what isn't a letter, a digit or one of `_.-`. */
function quote(text: string): string {
  const encoded = text.replace(/[^\w.-]/g, (unit) => {
    const code = unit.charCodeAt(0);
    return code < 0x100 ? `*${hexadecimal(code, 2)}` : `**${hexadecimal(code, 4)}`;
  });
  return `'${encoded}`;
}

function hexadecimal(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
