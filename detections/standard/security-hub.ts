import type { Detection } from "../detection";
import { cloudtrailChanges } from "./cloudtrail-changes";
import { cmkDisableOrDelete } from "./cmk-disable-or-delete";
import { configChanges } from "./config-changes";
import { consoleSignInFailures } from "./console-sign-in-failures";
import { consoleSignInWithoutMfa } from "./console-sign-in-without-mfa";
import { iamPolicyChangesSecurityHub } from "./iam-policy-changes";
import { networkAclChanges } from "./network-acl-changes";
import { networkGatewayChanges } from "./network-gateway-changes";
import { rootUsage } from "./root-usage";
import { routeTableChangesSecurityHub } from "./route-table-changes";
import { s3BucketPolicyChanges } from "./s3-bucket-policy-changes";
import { securityGroupChanges } from "./security-group-changes";
import { unauthorizedApiCallsCis12 } from "./unauthorized-api-calls";
import { vpcChanges } from "./vpc-changes";

/**
 * The detections in the words of the AWS Security Hub user guide, "Security Hub CSPM controls for Amazon CloudWatch",
 * CloudWatch.1 to CloudWatch.14. Where a detection isn't Security Hub's own, the words differ by white space alone.
 */
export const securityHub: readonly Detection[] = [
  rootUsage,
  inTheseWords(
    unauthorizedApiCallsCis12,
    '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}',
  ),
  consoleSignInWithoutMfa,
  iamPolicyChangesSecurityHub,
  inTheseWords(
    cloudtrailChanges,
    "{($.eventName=CreateTrail) || ($.eventName=UpdateTrail) || ($.eventName=DeleteTrail) || ($.eventName=StartLogging) || ($.eventName=StopLogging)}",
  ),
  inTheseWords(
    consoleSignInFailures,
    '{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}',
  ),
  inTheseWords(
    cmkDisableOrDelete,
    "{($.eventSource=kms.amazonaws.com) && (($.eventName=DisableKey) || ($.eventName=ScheduleKeyDeletion))}",
  ),
  inTheseWords(
    s3BucketPolicyChanges,
    "{($.eventSource=s3.amazonaws.com) && (($.eventName=PutBucketAcl) || ($.eventName=PutBucketPolicy) || ($.eventName=PutBucketCors) || ($.eventName=PutBucketLifecycle) || ($.eventName=PutBucketReplication) || ($.eventName=DeleteBucketPolicy) || ($.eventName=DeleteBucketCors) || ($.eventName=DeleteBucketLifecycle) || ($.eventName=DeleteBucketReplication))}",
  ),
  inTheseWords(
    configChanges,
    "{($.eventSource=config.amazonaws.com) && (($.eventName=StopConfigurationRecorder) || ($.eventName=DeleteDeliveryChannel) || ($.eventName=PutDeliveryChannel) || ($.eventName=PutConfigurationRecorder))}",
  ),
  inTheseWords(
    securityGroupChanges,
    "{($.eventName=AuthorizeSecurityGroupIngress) || ($.eventName=AuthorizeSecurityGroupEgress) || ($.eventName=RevokeSecurityGroupIngress) || ($.eventName=RevokeSecurityGroupEgress) || ($.eventName=CreateSecurityGroup) || ($.eventName=DeleteSecurityGroup)}",
  ),
  inTheseWords(
    networkAclChanges,
    "{($.eventName=CreateNetworkAcl) || ($.eventName=CreateNetworkAclEntry) || ($.eventName=DeleteNetworkAcl) || ($.eventName=DeleteNetworkAclEntry) || ($.eventName=ReplaceNetworkAclEntry) || ($.eventName=ReplaceNetworkAclAssociation)}",
  ),
  inTheseWords(
    networkGatewayChanges,
    "{($.eventName=CreateCustomerGateway) || ($.eventName=DeleteCustomerGateway) || ($.eventName=AttachInternetGateway) || ($.eventName=CreateInternetGateway) || ($.eventName=DeleteInternetGateway) || ($.eventName=DetachInternetGateway)}",
  ),
  routeTableChangesSecurityHub,
  inTheseWords(
    vpcChanges,
    "{($.eventName=CreateVpc) || ($.eventName=DeleteVpc) || ($.eventName=ModifyVpcAttribute) || ($.eventName=AcceptVpcPeeringConnection) || ($.eventName=CreateVpcPeeringConnection) || ($.eventName=DeleteVpcPeeringConnection) || ($.eventName=RejectVpcPeeringConnection) || ($.eventName=AttachClassicLinkVpc) || ($.eventName=DetachClassicLinkVpc) || ($.eventName=DisableVpcClassicLink) || ($.eventName=EnableVpcClassicLink)}",
  ),
];

function inTheseWords(detection: Detection, filterPattern: string): Detection {
  return { ...detection, filterPattern };
}
