import { defineDetection } from "../define";
import type { DeploymentNames } from "../deployment-names";
import type { Detection } from "../detection";
import { apiCall, assumedRole, deniedCall } from "../examples";
import { allOf, concerns, exampleName, isEvent, isFrom, otherName } from "./pattern";

const SOURCE = "s3.amazonaws.com";

/** Whoever opens, empties or deletes the bucket of the log files. */
export function logBucketTampering({ bucketName }: DeploymentNames): Detection {
  const bucket = exampleName(bucketName);
  const call = (eventName: string, ofBucket: string, more: Readonly<Record<string, unknown>> = {}) =>
    apiCall({
      eventSource: SOURCE,
      eventName,
      requestParameters: { bucketName: ofBucket, Host: `${ofBucket}.s3.amazonaws.com`, ...more },
    });
  return defineDetection({
    id: "tamper-log-bucket",
    title: "Log bucket tampering",
    description:
      "Raises alarms if someone opens, empties or deletes the bucket of the log files, or tries to",
    severity: "critical",
    controls: {},
    attack: ["T1485.001", "T1562.008"],
    filterPattern: allOf(
      isFrom(SOURCE),
      isEvent(
        "DeleteBucket",
        "DeleteBucketPolicy",
        "PutBucketPolicy",
        "PutBucketLifecycle",
        "DeleteBucketLifecycle",
        "PutBucketVersioning",
        "PutBucketEncryption",
        "DeleteBucketEncryption",
        "PutBucketPublicAccessBlock",
        "DeleteBucketPublicAccessBlock",
        "PutBucketOwnershipControls",
        "PutBucketLogging",
        "PutObjectLockConfiguration",
        "PutBucketObjectLockConfiguration",
      ),
      concerns({ bucketName: [bucketName] }),
    ),
    periodSeconds: 60,
    runbook: [
      "PutBucketLifecycle: an Expiration of few days deletes the evidence; put the old rule back now.",
      "Compare policy, versioning, encryption and public access block with the bucket's code.",
      "Restore deleted log files from their older versions; validate them with the digest files.",
    ],
    examples: {
      matches: [
        call("PutBucketLifecycle", bucket, {
          lifecycle: "",
          LifecycleConfiguration: {
            Rule: { ID: "expire", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 1 } },
          },
        }),
        call("DeleteBucketPublicAccessBlock", bucket, { publicAccessBlock: "" }),
        deniedCall({ eventSource: SOURCE, eventName: "DeleteBucket", by: assumedRole() }),
      ],
      ignores: [
        call("GetBucketPolicy", bucket, { policy: "" }),
        // Where every bucket is watched, there is no other.
        ...(bucketName === "*" ? [] : [call("PutBucketPolicy", otherName([bucketName]), { policy: "" })]),
        apiCall({ eventSource: "s3.amazonaws.com", eventName: "ListBuckets" }),
      ],
    },
  });
}
