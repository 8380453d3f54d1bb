import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { type Answer, type Call, queryInputOf } from "./call";

/** An error as AWS answers with it. */
export interface ApiError {
  /** Such as `ThrottlingException`. */
  readonly code: string;
  readonly message: string;
  /** Of HTTP: from 500 on the fault is the service's, else the caller's. */
  readonly status: number;
}

/**
 * The answer that AWS's SDKs read as this error, in the protocol of the call: JSON by its target, Query and EC2's by its
 * form; of those that are neither, S3's by its signature, or that it has none, and REST-JSON.
 *
 * Sources: Smithy, "AWS JSON 1.0 protocol" and the pages of the other protocols, each at "Operation error
 * serialization".
 */
export function errorAnswer(call: Call, error: ApiError): Answer {
  const requestId = randomUUID();
  const { type, headers, text } = write(call, error, requestId);
  return {
    status: error.status,
    headers: { "content-type": type, "content-length": Buffer.byteLength(text), ...headers },
    body: Readable.from([text]),
  };
}

interface Written {
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

function write(call: Call, error: ApiError, requestId: string): Written {
  if (call.headers["x-amz-target"] !== undefined) {
    return writeJson(call.headers["content-type"] ?? "application/x-amz-json-1.1", error, requestId);
  }
  const form = queryInputOf(call);
  if (form !== undefined) {
    const text = form.get("Version") === EC2_VERSION ? ec2Xml(error, requestId) : queryXml(error, requestId);
    return { type: "text/xml", headers: { "x-amzn-requestid": requestId }, text };
  }
  return (signingNameOf(call) ?? "s3") === "s3"
    ? { type: "application/xml", headers: { "x-amz-request-id": requestId }, text: s3Xml(error, requestId) }
    : writeJson("application/json", error, requestId);
}

const EC2_VERSION = "2016-11-15";

/** In the header, or in the query of a presigned URL. */
function signingNameOf({ headers, path }: Call): string | undefined {
  const scope = /Credential=([^,&\s]+)/.exec(`${headers.authorization ?? ""} ${path}`)?.[1];
  return scope === undefined ? undefined : decodeURIComponent(scope).split("/").at(-2);
}

function writeJson(type: string, { code, message }: ApiError, requestId: string): Written {
  return {
    type,
    headers: { "x-amzn-errortype": code, "x-amzn-requestid": requestId },
    text: JSON.stringify({ __type: code, message }),
  };
}

function queryXml(error: ApiError, requestId: string): string {
  const type = error.status < 500 ? "Sender" : "Receiver";
  return `<ErrorResponse><Error><Type>${type}</Type>${codeAndMessage(error)}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function ec2Xml(error: ApiError, requestId: string): string {
  return `<Response><Errors><Error>${codeAndMessage(error)}</Error></Errors><RequestID>${requestId}</RequestID></Response>`;
}

function s3Xml(error: ApiError, requestId: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${codeAndMessage(error)}<RequestId>${requestId}</RequestId></Error>`;
}

function codeAndMessage({ code, message }: ApiError): string {
  return `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
