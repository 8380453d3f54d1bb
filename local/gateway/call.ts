import { type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";
import type { Readable } from "node:stream";
import { lambdaOperationOf } from "./rest-operations/lambda";

/** What a client asks. */
export interface Call {
  readonly method: string | undefined;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What it is answered. */
export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Readable;
}

/** Asks the emulator. */
export type Send = (call: Call) => Promise<Answer>;

/** Answers a call as AWS would, with what the emulator can do. */
export type Mend = (call: Call, send: Send) => Promise<Answer>;

export async function sendTo(emulatorUrl: string, call: Call): Promise<Answer> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const { "transfer-encoding": _, ...headers } = call.headers;
    request(new URL(call.path, emulatorUrl), {
      method: call.method,
      headers: { ...headers, "content-length": call.body.length },
    })
      .on("response", resolve)
      .on("error", reject)
      .end(call.body);
  });
  return { status: answer.statusCode ?? 502, headers: answer.headers, body: answer };
}

/** Services that speak the Query protocol, by the versions of their APIs. */
const QUERY_SERVICES: ReadonlyMap<string | null | undefined, string> = new Map([
  ["2010-08-01", "GraniteServiceVersion20100801"],
  ["2010-03-31", "AmazonSimpleNotificationService"],
]);

/**
 * Service and operation of a call, as the JSON protocol names them: `Logs_20140328.PutMetricFilter`. Of the Query
 * protocol it knows CloudWatch's calls and those of SNS, of REST those of Lambda.
 */
export function operationOf(call: Call): string | undefined {
  const target = call.headers["x-amz-target"];
  if (typeof target === "string") {
    return target.split(".").slice(-2).join(".");
  }
  if (call.headers.authorization?.includes("/lambda/aws4_request")) {
    const operation = lambdaOperationOf(call)?.operation;
    return operation === undefined ? undefined : `AWSGirApiService.${operation}`;
  }
  const form = queryInputOf(call);
  const service = QUERY_SERVICES.get(form?.get("Version"));
  return service === undefined ? undefined : `${service}.${form?.get("Action")}`;
}

export function jsonInputOf(call: Call): Record<string, unknown> {
  return JSON.parse(call.body.toString());
}

/** Undefined for a call of another protocol than Query. */
export function queryInputOf({ headers, body }: Call): URLSearchParams | undefined {
  return headers["content-type"]?.startsWith("application/x-www-form-urlencoded")
    ? new URLSearchParams(body.toString())
    : undefined;
}

/** The call of the Query protocol with another form. */
export function queryCall(call: Call, form: URLSearchParams): Call {
  return { ...call, body: Buffer.from(form.toString()) };
}

/** The JSON call with another input and, if given, to another operation of the same service. */
export function jsonCall(call: Call, input: object, operation?: string): Call {
  const target = String(call.headers["x-amz-target"]);
  return {
    ...call,
    headers: {
      ...call.headers,
      "x-amz-target": operation === undefined ? target : target.replace(/\w+$/, operation),
    },
    body: Buffer.from(JSON.stringify(input)),
  };
}

/** The region a call is signed for; the emulator takes an unsigned call for us-east-1's. */
export function regionOf({ headers }: Call): string {
  return /Credential=[^/]*\/[^/]*\/([^/]+)/.exec(headers.authorization ?? "")?.[1] ?? "us-east-1";
}
