import { type Call, queryInputOf } from "./call";
import type { Operation } from "./operation";
import { operationOfForm } from "./query-input";
import { lambdaOperationOf } from "./rest-operations/lambda";
import { s3OperationOf } from "./rest-operations/s3";

/** A call of an AWS API, read from its HTTP request. */
export interface ApiRequest extends Operation {
  /** Its signing name, as the credential scope has it: `cloudtrail`, `monitoring`, `s3`. */
  readonly service: string;
  /** Of the credential scope. */
  readonly region: string;
  readonly accessKeyId: string;
  readonly userAgent: string;
}

/**
 * Reads the protocols JSON, Query, EC2 Query and the REST of S3 and Lambda.
 *
 * EC2's members are those of its API Reference, such as `InstanceId` for a list of them; S3's are described at
 * `s3OperationOf`. Query sends all values as text: those of numbers and booleans are read as such where the member is known.
 *
 * @returns undefined for a call that it can't read: unsigned, of another protocol, or of an unknown service or route of REST
 */
export function apiRequestOf(call: Call): ApiRequest | undefined {
  const scope = /Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/.exec(
    call.headers.authorization ?? "",
  );
  const [, accessKeyId = "", region = "", service = ""] = scope ?? [];
  const operation = scope === null ? undefined : operationOf(service, call);
  return operation === undefined
    ? undefined
    : { service, region, ...operation, accessKeyId, userAgent: call.headers["user-agent"] ?? "" };
}

function operationOf(service: string, call: Call): Operation | undefined {
  const target = call.headers["x-amz-target"];
  if (typeof target === "string") {
    return jsonOperationOf(target, call.body);
  }
  if (service === "s3") {
    return s3OperationOf(call);
  }
  if (service === "lambda") {
    return lambdaOperationOf(call);
  }
  const form = queryInputOf(call);
  return form === undefined ? undefined : operationOfForm(form);
}

function jsonOperationOf(target: string, body: Buffer): Operation | undefined {
  const operation = /\.(\w+)$/.exec(target)?.[1];
  const input = objectOf(body.toString() || "{}");
  return operation === undefined || input === undefined ? undefined : { operation, input };
}

function objectOf(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
