import { AuditTrail, EncryptionKey } from "../../../constructs";
import { foreignStack } from "../../support/app";
import { statement, statements, Template } from "../../support/template";

type Props = Partial<ConstructorParameters<typeof AuditTrail>[2]>;

function trailTemplate(props: Props = {}): Template {
  const stack = foreignStack();
  new AuditTrail(stack, "audit", { trailName: "audit", ...props });
  return Template.fromStack(stack);
}

describe("the trail", () => {
  it("records every region and global services, validates its files and is encrypted", () => {
    expect(trailTemplate().resource("aws_cloudtrail")).toMatchObject({
      name: "audit",
      is_multi_region_trail: true,
      include_global_service_events: true,
      enable_log_file_validation: true,
      enable_logging: true,
      kms_key_id: expect.stringContaining("aws_kms_key."),
      cloud_watch_logs_group_arn: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\..+\.arn\}:\*$/),
    });
  });

  it("is made after the policies that let it write", () => {
    const dependencies = trailTemplate().resource("aws_cloudtrail").depends_on as string[];

    expect(dependencies).toEqual([
      expect.stringMatching(/^aws_s3_bucket_policy\./),
      expect.stringMatching(/^aws_iam_role_policy\./),
    ]);
  });
});

describe("the bucket", () => {
  it("is named after trail, account and region, and is not destroyed with logs in it", () => {
    const bucket = trailTemplate({ trailName: "Audit_Trail.main" }).resource("aws_s3_bucket");

    expect(bucket.bucket).toMatch(
      /^audit-trail-main-\$\{data\.aws_caller_identity\..+\}-\$\{data\.aws_region\..+\}$/,
    );
    expect(bucket.force_destroy).toBe(false);
  });

  it("is destroyed before the key that its log files are read with", () => {
    expect(trailTemplate().resource("aws_s3_bucket").depends_on).toEqual([
      expect.stringMatching(/^aws_kms_key\./),
    ]);
  });

  it("lets nobody in from outside", () => {
    const template = trailTemplate();

    expect(template.resource("aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(template.resource("aws_s3_bucket_ownership_controls").rule).toEqual({
      object_ownership: "BucketOwnerEnforced",
    });
  });

  it("is versioned, encrypted with the key and expires its files", () => {
    const template = trailTemplate({ bucketRetentionDays: 2557 });

    expect(template.resource("aws_s3_bucket_versioning").versioning_configuration).toEqual({
      status: "Enabled",
    });
    expect(template.resource("aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
      {
        apply_server_side_encryption_by_default: {
          kms_master_key_id: expect.stringContaining("aws_kms_key."),
          sse_algorithm: "aws:kms",
        },
        bucket_key_enabled: true,
      },
    ]);
    expect(template.resource("aws_s3_bucket_lifecycle_configuration").rule).toEqual([
      {
        id: "expire-log-files",
        status: "Enabled",
        filter: [{ prefix: "" }],
        expiration: [{ days: 2557 }],
        noncurrent_version_expiration: [{ noncurrent_days: 90 }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      },
    ]);
  });

  it("takes log files from its own trail only", () => {
    const policy = trailTemplate().resource("aws_s3_bucket_policy");

    const write = statement(policy, "AWSCloudTrailWrite");
    expect(write.Principal).toEqual({ Service: "cloudtrail.amazonaws.com" });
    expect(write.Action).toBe("s3:PutObject");
    expect(write.Resource).toMatch(/\/AWSLogs\/\$\{data\.aws_caller_identity\..+\}\/\*$/);
    expect(write.Condition?.StringEquals?.["aws:SourceArn"]).toMatch(
      /^arn:\$\{.+\}:cloudtrail:.+:trail\/audit$/,
    );
    expect(statement(policy, "AWSCloudTrailAclCheck").Condition).toEqual({
      StringEquals: { "aws:SourceArn": write.Condition?.StringEquals?.["aws:SourceArn"] },
    });
  });

  it("refuses everything that comes without TLS", () => {
    expect(statement(trailTemplate().resource("aws_s3_bucket_policy"), "DenyWithoutTls")).toMatchObject({
      Effect: "Deny",
      Principal: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it("gets object lock if asked, and can be destroyed with logs in it if asked", () => {
    const template = trailTemplate({
      objectLock: { mode: "COMPLIANCE", days: 30 },
      forceDestroyBucket: true,
    });

    expect(template.resource("aws_s3_bucket")).toMatchObject({
      object_lock_enabled: true,
      force_destroy: true,
    });
    expect(template.resource("aws_s3_bucket_object_lock_configuration").rule).toEqual({
      default_retention: { mode: "COMPLIANCE", days: 30 },
    });
  });
});

describe("the log group", () => {
  it("keeps events for a year unless told otherwise, encrypted", () => {
    expect(trailTemplate().resource("aws_cloudwatch_log_group")).toMatchObject({
      name: "/aws/cloudtrail/audit",
      retention_in_days: 365,
      kms_key_id: expect.stringContaining("aws_kms_key."),
    });
    expect(
      trailTemplate({ logGroupRetentionDays: 90 }).resource("aws_cloudwatch_log_group").retention_in_days,
    ).toBe(90);
  });

  it("is written by CloudTrail through a role bound to the trail's own streams", () => {
    const template = trailTemplate();

    expect(statements(template.resource("aws_iam_role_policy"))).toEqual([
      {
        Sid: "WriteOwnLogStreams",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: expect.stringMatching(
          /:log-stream:\$\{data\.aws_caller_identity\..+\}_CloudTrail_\$\{.+\}\*$/,
        ),
      },
    ]);
    expect(statements(template.resource("aws_iam_role"), "assume_role_policy")).toEqual([
      {
        Sid: "CloudTrailDelivers",
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "aws:SourceArn": expect.stringMatching(/:trail\/audit$/),
            "aws:SourceAccount": expect.stringContaining("aws_caller_identity"),
          },
        },
      },
    ]);
  });
});

describe("the key", () => {
  it("rotates and waits 30 days before it is deleted", () => {
    expect(trailTemplate().resource("aws_kms_key")).toMatchObject({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
    });
  });

  it("lets CloudTrail encrypt for this trail only", () => {
    const { Condition } = statement(trailTemplate().resource("aws_kms_key"), "CloudTrailEncryptsItsLogFiles");

    expect(Condition?.StringEquals?.["aws:SourceArn"]).toMatch(/:trail\/audit$/);
    expect(Condition?.StringLike?.["kms:EncryptionContext:aws:cloudtrail:arn"]).toMatch(
      /:cloudtrail:\*:.+:trail\/\*$/,
    );
  });

  it("lets the Logs service of the region use it for this log group only", () => {
    const logs = statement(trailTemplate().resource("aws_kms_key"), "CloudWatchLogsEncryptsItsLogGroup");

    expect(logs.Principal).toEqual({
      Service: expect.stringMatching(/^logs\.\$\{data\.aws_region\..+\}\.amazonaws\.com$/),
    });
    expect(logs.Condition?.ArnEquals?.["kms:EncryptionContext:aws:logs:arn"]).toMatch(
      /:log-group:\/aws\/cloudtrail\/audit$/,
    );
  });
});

describe("what exists already", () => {
  it("makes nothing for an existing trail", () => {
    const stack = foreignStack();
    const trail = new AuditTrail(stack, "audit", {
      trailName: "audit",
      existingTrail: "arn:aws:cloudtrail:eu-west-1:123456789012:trail/theirs",
      existingLogGroup: "arn:aws:logs:eu-west-1:123456789012:log-group:/their/group:*",
    });

    expect(Template.fromStack(stack).resourceTypes()).toEqual([]);
    expect(trail).toMatchObject({
      trailName: "theirs",
      trailArn: "arn:aws:cloudtrail:eu-west-1:123456789012:trail/theirs",
      logGroupName: "/their/group",
      bucketName: undefined,
    });
  });

  it("uses an existing bucket, log group and key, and leaves them as they are", () => {
    const template = trailTemplate({
      existingBucket: "their-bucket",
      existingLogGroup: "their-group",
      encryptionKey: EncryptionKey.fromKeyArn("arn:aws:kms:eu-west-1:123456789012:key/k"),
    });

    expect(template.resourceTypes()).toEqual(["aws_cloudtrail", "aws_iam_role", "aws_iam_role_policy"]);
    expect(template.resource("aws_cloudtrail")).toMatchObject({
      s3_bucket_name: "their-bucket",
      kms_key_id: "arn:aws:kms:eu-west-1:123456789012:key/k",
      cloud_watch_logs_group_arn: expect.stringMatching(/:log-group:their-group:\*$/),
    });
  });
});

describe("bad props", () => {
  it.each<[string, Props]>([
    [
      'trailName must be 3 to 35 letters, digits and single ".", "_" or "-" between them, got "a b"',
      { trailName: "a b" },
    ],
    ["trailName must be 3 to 35", { trailName: "a".repeat(36) }],
    [
      'existingTrail needs existingLogGroup, the log group that "theirs" delivers to',
      { existingTrail: "theirs" },
    ],
    ["logGroupRetentionDays must be one of 1, 3, 5,", { logGroupRetentionDays: 366 }],
    ["bucketRetentionDays must be a whole number of at least 1, got 0", { bucketRetentionDays: 0 }],
  ])("are refused: %s", (message, props) => {
    expect(() => trailTemplate(props)).toThrow(message);
  });
});
