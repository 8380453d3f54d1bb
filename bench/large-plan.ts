/**
 * What `terraform show -json` prints of a plan with so many changed resources, in a stack with one trail: policies that gain a
 * statement, alarms that go off later, filters that match less, functions and buckets. Nothing in it blocks.
 */
export function largePlan(changes: number): string {
  const changed = Array.from({ length: changes - 2 }, (_, index) => KINDS[index % KINDS.length] as Kind).map(
    (kind, index) => kind(index),
  );
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    planned_values: { root_module: { resources: [TRAIL, LOG_GROUP, ...changed].map(after) } },
    prior_state: {
      format_version: "1.0",
      values: { root_module: { resources: [TRAIL, LOG_GROUP, ...changed].map(before) } },
    },
    resource_changes: [TRAIL, LOG_GROUP, ...changed].map(changeOf),
    configuration: { root_module: {} },
  });
}

interface Changed {
  readonly type: string;
  readonly name: string;
  readonly before: object;
  readonly after: object;
}

const ACCOUNT = "111122223333";
const REGION = "eu-central-1";
const LOG_GROUP_NAME = "/aws/cloudtrail/main";
const LOG_GROUP_ARN = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${LOG_GROUP_NAME}`;

const TRAIL = unchanged("aws_cloudtrail", "main", {
  name: "main",
  s3_bucket_name: "main-log-files",
  enable_logging: true,
  is_multi_region_trail: true,
  include_global_service_events: true,
  enable_log_file_validation: true,
  event_selector: [],
  advanced_event_selector: [],
  cloud_watch_logs_group_arn: `${LOG_GROUP_ARN}:*`,
  cloud_watch_logs_role_arn: `arn:aws:iam::${ACCOUNT}:role/delivery`,
  kms_key_id: `arn:aws:kms:${REGION}:${ACCOUNT}:key/12345678-1234-4234-8234-123456789012`,
});
const LOG_GROUP = unchanged("aws_cloudwatch_log_group", "main", {
  name: LOG_GROUP_NAME,
  arn: LOG_GROUP_ARN,
  retention_in_days: 365,
});

function unchanged(type: string, name: string, attributes: object): Changed {
  return { type, name, before: attributes, after: attributes };
}

type Kind = (index: number) => Changed;

const KINDS: readonly Kind[] = [
  (index) => {
    const policy = (actions: readonly string[]) => ({
      name: `policy-${index}`,
      role: `role-${index}`,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: actions,
            Resource: [`arn:aws:s3:::bucket-${index}`, `arn:aws:s3:::bucket-${index}/*`],
          },
          {
            Effect: "Allow",
            Action: "kms:Decrypt",
            Resource: "*",
            Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
          },
        ],
      }),
    });
    const before = policy(["s3:GetObject", "s3:ListBucket"]);
    return {
      type: "aws_iam_role_policy",
      name: `p${index}`,
      before,
      after: policy(["s3:GetObject", "s3:ListBucket", "s3:PutObject"]),
    };
  },
  (index) => {
    const filter = (calls: readonly string[]) => ({
      name: `filter-${index}`,
      log_group_name: LOG_GROUP_NAME,
      pattern: `{ ${calls.map((call) => `($.eventName = ${call}${index % 50 === 0 ? "" : "*"})`).join(" || ")} || ($.requestParameters.index = ${index}) }`,
      metric_transformation: [{ namespace: "CloudTrailMetrics", name: `metric-${index}`, value: "1" }],
    });
    return {
      type: "aws_cloudwatch_log_metric_filter",
      name: `f${index}`,
      before: filter(["StopLogging", "DeleteTrail", "PutRolePolicy", "CreateSecurityGroup"]),
      after: filter(["StopLogging", "DeleteTrail"]),
    };
  },
  (index) => {
    const alarm = (threshold: number) => ({
      alarm_name: `alarm-${index}`,
      namespace: "CloudTrailMetrics",
      metric_name: `metric-${index - 1}`,
      statistic: "Sum",
      period: 300,
      evaluation_periods: 1,
      threshold,
      comparison_operator: "GreaterThanOrEqualToThreshold",
      treat_missing_data: "notBreaching",
      actions_enabled: true,
      alarm_actions: [`arn:aws:sns:${REGION}:${ACCOUNT}:alerts`],
    });
    return { type: "aws_cloudwatch_metric_alarm", name: `a${index}`, before: alarm(1), after: alarm(10) };
  },
  (index) => {
    const handler = (sourceHash: string) => ({
      function_name: `function-${index}`,
      arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:function-${index}`,
      runtime: "nodejs22.x",
      handler: "index.handler",
      source_code_hash: sourceHash,
      environment: [
        {
          variables: Object.fromEntries(
            Array.from({ length: 20 }, (_, at) => [`VARIABLE_${at}`, `value ${at}`]),
          ),
        },
      ],
    });
    return {
      type: "aws_lambda_function",
      name: `l${index}`,
      before: handler("before"),
      after: handler("after"),
    };
  },
  (index) => {
    const bucket = (team: string) => ({
      bucket: `bucket-${index}`,
      force_destroy: false,
      tags: { team },
      tags_all: { team },
    });
    return { type: "aws_s3_bucket", name: `b${index}`, before: bucket("one"), after: bucket("other") };
  },
];

function changeOf({ type, name, before, after }: Changed) {
  return {
    address: `${type}.${name}`,
    mode: "managed",
    type,
    name,
    provider_name: "registry.terraform.io/hashicorp/aws",
    change: {
      actions: [before === after ? "no-op" : "update"],
      before,
      after,
      after_unknown: {},
      before_sensitive: {},
      after_sensitive: {},
    },
  };
}

function before({ type, name, before }: Changed) {
  return { address: `${type}.${name}`, mode: "managed", type, name, values: before };
}

function after({ type, name, after }: Changed) {
  return { address: `${type}.${name}`, mode: "managed", type, name, values: after };
}
