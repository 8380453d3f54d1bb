import type { Detection } from "../detection";
import { consoleSignInFailures } from "./console-sign-in-failures";
import { iamPolicyChanges } from "./iam-policy-changes";
import { securityGroupChanges } from "./security-group-changes";

/** The three detections of the AWS CloudTrail user guide, "Creating CloudWatch alarms for CloudTrail events: examples". */
export const awsGuide: readonly Detection[] = [securityGroupChanges, consoleSignInFailures, iamPolicyChanges];
