import { type Alert, type Fact, type Link, MOST_CALLS, SEVERITIES, type Severity } from "./alert";
import { alertMail, alertSubject } from "./alert-mail";
import { type ApiCall, isObject, type Principal } from "./api-call";
import { boundedAlert } from "./bounded-alert";
import { callerName } from "./caller";
import { customNotification } from "./custom-notification";
import { asciiLine, oneLine } from "./text";

/** What SNS takes of one `Publish` in bytes (SNS API reference, "Publish"), less room for subject and attributes. */
const MOST_BYTES = 262_144 - 1024;
/** Of one text of an alert, in characters, if all of it fits. */
const LONGEST_TEXT = 2048;
const SHORTEST_TEXT = 16;
/** A longer one is sent in parts (SNS API reference, "Publish"). */
const SMS_LENGTH = 140;

/** What SNS is given to publish, but for the topic. */
export interface Publication {
  /** At most 100 printable ASCII characters. */
  readonly Subject: string;
  /** JSON: a text for each protocol. */
  readonly Message: string;
  readonly MessageStructure: "json";
  /** By them subscriptions filter. */
  readonly MessageAttributes: {
    readonly severity: MessageAttribute;
    readonly detection: MessageAttribute;
  };
}

interface MessageAttribute {
  readonly DataType: "String";
  readonly StringValue: string;
}

/**
 * The one form in which alerts are published: people get the mail, functions and queues the alert as JSON, HTTP endpoints a
 * custom notification of Amazon Q Developer, as which it is shown in chat. At most 256 KB: what is longer is cut, and the
 * alert says so.
 */
export function publicationOf(alert: Alert): Publication {
  let longest = LONGEST_TEXT;
  let message = messageOf(boundedAlert(alert, longest));
  while (Buffer.byteLength(message) > MOST_BYTES && longest > SHORTEST_TEXT) {
    longest /= 2;
    const { notices, ...others } = boundedAlert(alert, longest);
    message = messageOf({ ...others, notices: [...notices, CUT] });
  }
  return {
    Subject: alertSubject(alert),
    Message: message,
    MessageStructure: "json",
    MessageAttributes: {
      severity: attribute(alert.severity),
      detection: attribute(asciiLine(alert.detection, 100) || "unknown"),
    },
  };
}

const CUT = "This alert was too long to be sent whole: texts and lists in it are cut.";

function attribute(value: string): MessageAttribute {
  return { DataType: "String", StringValue: value };
}

/** By protocol (SNS developer guide, "Publishing Amazon SNS notifications with platform-specific payloads"). */
function messageOf(alert: Alert): string {
  const mail = alertMail(alert).body;
  const json = JSON.stringify(alert);
  const chat = JSON.stringify(customNotification(alert));
  return JSON.stringify({
    default: mail,
    email: mail,
    sms: smsOf(alert),
    sqs: json,
    lambda: json,
    http: chat,
    https: chat,
  });
}

function smsOf(alert: Alert): string {
  const [call] = alert.calls;
  const subject = alertSubject(alert);
  const name = call === undefined ? "" : oneLine(callerName(call));
  const who =
    call === undefined
      ? ""
      : `${subject.includes(name) ? "" : `: ${name}`} from ${oneLine(call.sourceIpAddress) || "unknown"}`;
  return asciiLine(`${subject}${who}`, SMS_LENGTH);
}

/**
 * Reads an alert as `publicationOf` writes it for functions and queues.
 *
 * @returns undefined for any other text
 */
export function readAlert(text: string): Alert | undefined {
  try {
    return alertIn(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** @throws TypeError where anything isn't as it should be */
function alertIn(value: unknown): Alert {
  const alert = objectIn(value);
  const calls = listIn(alert.calls, callIn);
  if (calls.length > MOST_CALLS) {
    throw new TypeError("too many calls");
  }
  return {
    subject: textIn(alert.subject),
    title: textIn(alert.title),
    severity: severityIn(alert.severity),
    detection: textIn(alert.detection),
    summary: textIn(alert.summary),
    calls,
    callCount: optionalIn(alert.callCount),
    facts: listIn(alert.facts, factIn),
    items: listIn(alert.items, textIn),
    notices: listIn(alert.notices, textIn),
    steps: listIn(alert.steps, textIn),
    links: listIn(alert.links, linkIn),
  };
}

function callIn(value: unknown): ApiCall {
  const call = objectIn(value);
  return {
    eventId: textIn(call.eventId),
    time: textIn(call.time),
    eventSource: textIn(call.eventSource),
    eventName: textIn(call.eventName),
    region: textIn(call.region),
    accountId: textIn(call.accountId),
    errorCode: optionalIn(call.errorCode),
    errorMessage: optionalIn(call.errorMessage),
    sourceIpAddress: textIn(call.sourceIpAddress),
    userAgent: textIn(call.userAgent),
    principal: principalIn(call.principal),
    parameters: objectIn(call.parameters),
    resourceArns: listIn(call.resourceArns, textIn),
  };
}

function principalIn(value: unknown): Principal {
  const principal = objectIn(value);
  const { mfa } = principal;
  if (mfa !== undefined && typeof mfa !== "boolean") {
    throw new TypeError("not a boolean");
  }
  return {
    type: textIn(principal.type),
    arn: textIn(principal.arn),
    roleOrUserArn: textIn(principal.roleOrUserArn),
    userName: textIn(principal.userName),
    accountId: textIn(principal.accountId),
    mfa,
    invokedBy: optionalIn(principal.invokedBy),
  };
}

function factIn(value: unknown): Fact {
  const fact = objectIn(value);
  return { label: textIn(fact.label), lines: listIn(fact.lines, textIn) };
}

function linkIn(value: unknown): Link {
  const link = objectIn(value);
  const url = textIn(link.url);
  if (!/^https:\/\/[\x21-\x7e]+$/.test(url)) {
    throw new TypeError("not an address");
  }
  return { label: textIn(link.label), url };
}

function severityIn(value: unknown): Severity {
  const severity = SEVERITIES.find((one) => one === value);
  if (severity === undefined) {
    throw new TypeError("not a severity");
  }
  return severity;
}

function textIn(value: unknown): string {
  if (typeof value !== "string") {
    throw new TypeError("not a text");
  }
  return value;
}

function optionalIn(value: unknown): string | undefined {
  return value === undefined ? undefined : textIn(value);
}

function listIn<Entry>(value: unknown, entryIn: (entry: unknown) => Entry): Entry[] {
  if (!Array.isArray(value)) {
    throw new TypeError("not a list");
  }
  return value.map(entryIn);
}

function objectIn(value: unknown): Record<string, unknown> {
  if (!isObject(value)) {
    throw new TypeError("not an object");
  }
  return value;
}
