import { S3_HEADERS, subResourceOf } from "../../gateway/rest-operations/s3";
import { partitionOf } from "../partition";
import type { Parameters } from "./spelling";

/**
 * The parameters of a call on a bucket: its name, the host that a client asks for it on AWS, the sub-resource, headers, and
 * the body as it is, read as CloudTrail does: `true` and `30` aren't text.
 */
export function s3Parameters(operation: string, input: Parameters, region: string): Parameters {
  const { Bucket: bucketName, Id: id, Policy: policy, ...others } = input;
  const suffix = partitionOf(region) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  const subResource = subResourceOf(operation);
  return {
    bucketName,
    Host: `${String(bucketName)}.s3.${region}.${suffix}`,
    ...(subResource === "" ? {} : { [subResource]: "" }),
    ...(id === undefined ? {} : { id }),
    ...(policy === undefined ? {} : { bucketPolicy: documentOf(String(policy)) }),
    ...Object.fromEntries(
      Object.entries(others).map(([member, value]) =>
        Object.hasOwn(S3_HEADERS, member) ? [S3_HEADERS[member], value] : [member, read(value)],
      ),
    ),
  };
}

function documentOf(policy: string): unknown {
  try {
    return JSON.parse(policy);
  } catch {
    return policy;
  }
}

function read(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(read);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, read(inner)]));
  }
  if (typeof value !== "string") {
    return value;
  }
  if (/^(?:true|false)$/.test(value)) {
    return value === "true";
  }
  return /^-?(?:0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value;
}
