import type { Call } from "../call";
import type { Operation } from "../operation";
import { readXml } from "../xml";

/** Operations of a bucket by method and sub-resource (Amazon S3 API Reference, "Actions"). */
const BUCKET_OPERATIONS: ReadonlyMap<string, string> = new Map([
  ["GET ", "ListObjects"],
  ["HEAD ", "HeadBucket"],
  ["PUT ", "CreateBucket"],
  ["DELETE ", "DeleteBucket"],
  ["GET list-type", "ListObjectsV2"],
  ["GET accelerate", "GetBucketAccelerateConfiguration"],
  ["PUT accelerate", "PutBucketAccelerateConfiguration"],
  ["GET acl", "GetBucketAcl"],
  ["PUT acl", "PutBucketAcl"],
  ["GET analytics", "GetBucketAnalyticsConfiguration"],
  ["PUT analytics", "PutBucketAnalyticsConfiguration"],
  ["DELETE analytics", "DeleteBucketAnalyticsConfiguration"],
  ["GET cors", "GetBucketCors"],
  ["PUT cors", "PutBucketCors"],
  ["DELETE cors", "DeleteBucketCors"],
  ["POST delete", "DeleteObjects"],
  ["GET encryption", "GetBucketEncryption"],
  ["PUT encryption", "PutBucketEncryption"],
  ["DELETE encryption", "DeleteBucketEncryption"],
  ["GET intelligent-tiering", "GetBucketIntelligentTieringConfiguration"],
  ["PUT intelligent-tiering", "PutBucketIntelligentTieringConfiguration"],
  ["DELETE intelligent-tiering", "DeleteBucketIntelligentTieringConfiguration"],
  ["GET inventory", "GetBucketInventoryConfiguration"],
  ["PUT inventory", "PutBucketInventoryConfiguration"],
  ["DELETE inventory", "DeleteBucketInventoryConfiguration"],
  ["GET lifecycle", "GetBucketLifecycleConfiguration"],
  ["PUT lifecycle", "PutBucketLifecycleConfiguration"],
  ["DELETE lifecycle", "DeleteBucketLifecycle"],
  ["GET location", "GetBucketLocation"],
  ["GET logging", "GetBucketLogging"],
  ["PUT logging", "PutBucketLogging"],
  ["GET metrics", "GetBucketMetricsConfiguration"],
  ["PUT metrics", "PutBucketMetricsConfiguration"],
  ["DELETE metrics", "DeleteBucketMetricsConfiguration"],
  ["GET notification", "GetBucketNotificationConfiguration"],
  ["PUT notification", "PutBucketNotificationConfiguration"],
  ["GET object-lock", "GetObjectLockConfiguration"],
  ["PUT object-lock", "PutObjectLockConfiguration"],
  ["GET ownershipControls", "GetBucketOwnershipControls"],
  ["PUT ownershipControls", "PutBucketOwnershipControls"],
  ["DELETE ownershipControls", "DeleteBucketOwnershipControls"],
  ["GET policy", "GetBucketPolicy"],
  ["PUT policy", "PutBucketPolicy"],
  ["DELETE policy", "DeleteBucketPolicy"],
  ["GET policyStatus", "GetBucketPolicyStatus"],
  ["GET publicAccessBlock", "GetPublicAccessBlock"],
  ["PUT publicAccessBlock", "PutPublicAccessBlock"],
  ["DELETE publicAccessBlock", "DeletePublicAccessBlock"],
  ["GET replication", "GetBucketReplication"],
  ["PUT replication", "PutBucketReplication"],
  ["DELETE replication", "DeleteBucketReplication"],
  ["GET requestPayment", "GetBucketRequestPayment"],
  ["PUT requestPayment", "PutBucketRequestPayment"],
  ["GET tagging", "GetBucketTagging"],
  ["PUT tagging", "PutBucketTagging"],
  ["DELETE tagging", "DeleteBucketTagging"],
  ["GET uploads", "ListMultipartUploads"],
  ["GET versioning", "GetBucketVersioning"],
  ["PUT versioning", "PutBucketVersioning"],
  ["GET versions", "ListObjectVersions"],
  ["GET website", "GetBucketWebsite"],
  ["PUT website", "PutBucketWebsite"],
  ["DELETE website", "DeleteBucketWebsite"],
]);

const OBJECT_OPERATIONS: ReadonlyMap<string, string> = new Map([
  ["GET ", "GetObject"],
  ["HEAD ", "HeadObject"],
  ["PUT ", "PutObject"],
  ["DELETE ", "DeleteObject"],
  ["GET acl", "GetObjectAcl"],
  ["PUT acl", "PutObjectAcl"],
  ["GET attributes", "GetObjectAttributes"],
  ["GET legal-hold", "GetObjectLegalHold"],
  ["PUT legal-hold", "PutObjectLegalHold"],
  ["GET retention", "GetObjectRetention"],
  ["PUT retention", "PutObjectRetention"],
  ["POST restore", "RestoreObject"],
  ["POST select", "SelectObjectContent"],
  ["GET tagging", "GetObjectTagging"],
  ["PUT tagging", "PutObjectTagging"],
  ["DELETE tagging", "DeleteObjectTagging"],
  ["GET torrent", "GetObjectTorrent"],
  ["GET uploadId", "ListParts"],
  ["PUT uploadId", "UploadPart"],
  ["POST uploadId", "CompleteMultipartUpload"],
  ["DELETE uploadId", "AbortMultipartUpload"],
  ["POST uploads", "CreateMultipartUpload"],
]);

/** Members that are sent as headers. */
export const S3_HEADERS: Readonly<Record<string, string>> = {
  ACL: "x-amz-acl",
  GrantFullControl: "x-amz-grant-full-control",
  GrantRead: "x-amz-grant-read",
  GrantReadACP: "x-amz-grant-read-acp",
  GrantWrite: "x-amz-grant-write",
  GrantWriteACP: "x-amz-grant-write-acp",
  ObjectLockEnabledForBucket: "x-amz-bucket-object-lock-enabled",
  ObjectOwnership: "x-amz-object-ownership",
};

const SUB_RESOURCES = subResourcesOf(BUCKET_OPERATIONS);
const OBJECT_SUB_RESOURCES = subResourcesOf(OBJECT_OPERATIONS);

/** The sub-resource of a bucket's operation, e.g. `lifecycle`; empty for one on the bucket itself or on no bucket. */
export function subResourceOf(operation: string): string {
  const [route = ""] = [...BUCKET_OPERATIONS].find(([, name]) => name === operation) ?? [];
  return route.slice(route.indexOf(" ") + 1);
}

/**
 * The operation of a call of S3, path style or virtual-host style. Of an object's operations the input is bucket and key;
 * of a bucket's, besides, the policy's text or the body's root element, its members as the XML names them: `Rule`, not `Rules`.
 *
 * @returns undefined for a route that isn't one of S3's or a body that isn't XML
 */
export function s3OperationOf({ method, path, headers, body }: Call): Operation | undefined {
  const [pathname = "", ...query] = path.split("?");
  const parameters = new URLSearchParams(query.join("?"));
  const host = bucketOfHost(headers.host);
  const [first = "", ...rest] = pathname.replace(/^\//, "").split("/");
  const bucket = host ?? decoded(first);
  const key = decoded(host === undefined ? rest.join("/") : [first, ...rest].join("/"));
  if (bucket === undefined || key === undefined) {
    return undefined;
  }
  if (bucket === "") {
    return method === "GET" ? { operation: "ListBuckets", input: {} } : undefined;
  }
  if (key !== "") {
    const operation = objectOperationOf(method, parameters, headers);
    return operation === undefined ? undefined : { operation, input: { Bucket: bucket, Key: key } };
  }
  const subResource = [...parameters.keys()].find((name) => SUB_RESOURCES.has(name)) ?? "";
  const operation = BUCKET_OPERATIONS.get(`${method} ${subResource}`);
  const content = operation === undefined ? undefined : bodyOf(operation, body.toString());
  return operation === undefined || content === undefined
    ? undefined
    : { operation, input: { Bucket: bucket, ...idOf(parameters), ...headerMembersOf(headers), ...content } };
}

function subResourcesOf(operations: ReadonlyMap<string, string>): ReadonlySet<string> {
  return new Set([...operations.keys()].map((route) => route.slice(route.indexOf(" ") + 1)));
}

/** Of `BUCKET.s3.REGION.amazonaws.com` and of `BUCKET.localhost`, where an emulator is asked. */
function bucketOfHost(host: string | undefined): string | undefined {
  return /^(.+?)\.(?:s3[.-].*|localhost)(?::\d+)?$/.exec(host ?? "")?.[1];
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function objectOperationOf(
  method: string | undefined,
  parameters: URLSearchParams,
  headers: Call["headers"],
): string | undefined {
  const subResource = [...parameters.keys()].find((name) => OBJECT_SUB_RESOURCES.has(name)) ?? "";
  const operation = OBJECT_OPERATIONS.get(`${method} ${subResource}`);
  if (headers["x-amz-copy-source"] === undefined) {
    return operation;
  }
  return operation === "UploadPart" ? "UploadPartCopy" : "CopyObject";
}

/** Analytics, inventory, metrics and tiering have several configurations. */
function idOf(parameters: URLSearchParams): Readonly<Record<string, string>> {
  const id = parameters.get("id");
  return id === null ? {} : { Id: id };
}

function headerMembersOf(headers: Call["headers"]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(S3_HEADERS).flatMap(([member, header]) =>
      headers[header] === undefined ? [] : [[member, headers[header]]],
    ),
  );
}

function bodyOf(operation: string, body: string): Readonly<Record<string, unknown>> | undefined {
  if (operation === "PutBucketPolicy") {
    return { Policy: body };
  }
  return body === "" ? {} : readXml(body);
}
