import { defineDetection } from "../define";
import { apiCall, assumedRole, deniedCall } from "../examples";

const bucket = { bucketName: "example-bucket", Host: `example-bucket.s3.eu-central-1.amazonaws.com` };

export const s3BucketPolicyChanges = defineDetection({
  id: "s3-bucket-policy-changes",
  title: "S3 bucket policy changes",
  description: "Raises alarms if ACL, policy, CORS, lifecycle or replication of a bucket changes",
  severity: "medium",
  controls: { cis12: "3.8", cis14: "4.8", cis30: "4.8", securityHub: "CloudWatch.8" },
  attack: ["T1530", "T1485.001"],
  filterPattern:
    "{ ($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucketAcl) || ($.eventName = PutBucketPolicy) || ($.eventName = PutBucketCors) || ($.eventName = PutBucketLifecycle) || ($.eventName = PutBucketReplication) || ($.eventName = DeleteBucketPolicy) || ($.eventName = DeleteBucketCors) || ($.eventName = DeleteBucketLifecycle) || ($.eventName = DeleteBucketReplication)) }",
  runbook: [
    "Read requestParameters: who may reach requestParameters.bucketName now, and what expires when.",
    "Look for principals of other accounts, for everyone, and for a replication target you don't know.",
    "Put the bucket's code back; look at data events for what was read meanwhile.",
  ],
  examples: {
    matches: [
      apiCall({
        eventSource: "s3.amazonaws.com",
        eventName: "PutBucketPolicy",
        by: assumedRole(),
        requestParameters: { ...bucket, bucketPolicy: { Version: "2012-10-17", Statement: [] }, policy: "" },
      }),
      apiCall({
        eventSource: "s3.amazonaws.com",
        eventName: "DeleteBucketReplication",
        requestParameters: { ...bucket, replication: "" },
      }),
      deniedCall({ eventSource: "s3.amazonaws.com", eventName: "PutBucketAcl", requestParameters: bucket }),
    ],
    ignores: [
      apiCall({
        eventSource: "s3.amazonaws.com",
        eventName: "GetBucketPolicy",
        requestParameters: { ...bucket, policy: "" },
      }),
      apiCall({ eventSource: "s3.amazonaws.com", eventName: "CreateBucket", requestParameters: bucket }),
    ],
  },
});
