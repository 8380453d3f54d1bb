import type { ClientSettings } from "./account/ask";
import { cloudTrailOf } from "./account/cloudtrail";
import { cloudWatchOf } from "./account/cloudwatch";
import { eventsOf } from "./account/events";
import { iamOf } from "./account/iam";
import { kmsOf } from "./account/kms";
import { lambdaOf } from "./account/lambda";
import { logsOf } from "./account/logs";
import { s3Of } from "./account/s3";
import { snsOf } from "./account/sns";
import { stsOf } from "./account/sts";
import type { AdoptAccount } from "./existing";

/** By it the command's calls are known in CloudTrail's events. */
const USER_AGENT = "trailwarden-adopt";

const ANSWER_LIMIT_MS = 20_000;

/**
 * The account of the caller's own credentials, as the AWS SDK finds them.
 *
 * @param endpoint URL of an emulator, instead of AWS and of AWS_ENDPOINT_URL
 */
export function awsAccount(region: string, endpoint: string | undefined): AdoptAccount {
  const settings: ClientSettings = {
    region,
    customUserAgent: USER_AGENT,
    requestHandler: { requestTimeout: ANSWER_LIMIT_MS, connectionTimeout: ANSWER_LIMIT_MS },
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  const isEmulated =
    (endpoint ?? process.env.AWS_ENDPOINT_URL ?? process.env.AWS_ENDPOINT_URL_S3) !== undefined;
  return {
    ...stsOf(settings),
    ...cloudTrailOf(settings),
    ...s3Of(settings, isEmulated),
    ...kmsOf(settings),
    ...logsOf(settings),
    ...iamOf(settings),
    ...cloudWatchOf(settings),
    ...snsOf(settings),
    ...eventsOf(settings),
    ...lambdaOf(settings),
  };
}
