// Calls by which the watchers are attacked, as CloudTrail names them, for filter patterns and event rules alike.

export const LOG_GROUP_CALLS = [
  "DeleteLogGroup",
  "DeleteLogStream",
  "DeleteMetricFilter",
  "PutMetricFilter",
  "PutRetentionPolicy",
  "DeleteRetentionPolicy",
  "DisassociateKmsKey",
] as const;

export const ROLE_CALLS = [
  "DeleteRole",
  "DeleteRolePolicy",
  "PutRolePolicy",
  "AttachRolePolicy",
  "DetachRolePolicy",
  "UpdateAssumeRolePolicy",
  "PutRolePermissionsBoundary",
] as const;
