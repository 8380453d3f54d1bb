import type { Detection } from "../detection";
import { cloudtrailChanges } from "./cloudtrail-changes";
import { cmkDisableOrDelete } from "./cmk-disable-or-delete";
import { configChanges } from "./config-changes";
import { consoleSignInFailures } from "./console-sign-in-failures";
import { consoleSignInWithoutMfa, consoleSignInWithoutMfaCis12 } from "./console-sign-in-without-mfa";
import { iamPolicyChanges } from "./iam-policy-changes";
import { networkAclChanges } from "./network-acl-changes";
import { networkGatewayChanges } from "./network-gateway-changes";
import { organizationsChanges } from "./organizations-changes";
import { rootUsage } from "./root-usage";
import { routeTableChanges, routeTableChangesCis30 } from "./route-table-changes";
import { s3BucketPolicyChanges } from "./s3-bucket-policy-changes";
import { securityGroupChanges } from "./security-group-changes";
import { unauthorizedApiCalls, unauthorizedApiCallsCis12 } from "./unauthorized-api-calls";
import { vpcChanges } from "./vpc-changes";

// In the order of the controls.

const controls3To12: readonly Detection[] = [
  rootUsage,
  iamPolicyChanges,
  cloudtrailChanges,
  consoleSignInFailures,
  cmkDisableOrDelete,
  s3BucketPolicyChanges,
  configChanges,
  securityGroupChanges,
  networkAclChanges,
  networkGatewayChanges,
];

/** CIS AWS Foundations Benchmark 1.2, controls 3.1 to 3.14. */
export const cis12: readonly Detection[] = [
  unauthorizedApiCallsCis12,
  consoleSignInWithoutMfaCis12,
  ...controls3To12,
  routeTableChanges,
  vpcChanges,
];

/** CIS AWS Foundations Benchmark 1.4, controls 4.1 to 4.15. */
export const cis14: readonly Detection[] = [
  unauthorizedApiCalls,
  consoleSignInWithoutMfa,
  ...controls3To12,
  routeTableChanges,
  vpcChanges,
  organizationsChanges,
];

/** CIS AWS Foundations Benchmark 3.0, controls 4.1 to 4.15. */
export const cis30: readonly Detection[] = [
  unauthorizedApiCalls,
  consoleSignInWithoutMfa,
  ...controls3To12,
  routeTableChangesCis30,
  vpcChanges,
  organizationsChanges,
];
