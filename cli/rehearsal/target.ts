import { CloudTrailClient, GetTrailCommand } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { emulatorClientSettings } from "../../local/environment";
import type { EventPlane } from "../../local/event-plane/event-plane";

/** Name of the user that attacks. */
export const ATTACKER = "mallory";

export interface TargetOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly trailArn: string;
  readonly guardFunctionName: string;
  readonly plane: EventPlane;
}

/** A deployment that is attacked, by the AWS APIs and with the attacker's credentials. */
export class Target {
  readonly region: string;
  readonly guardFunctionName: string;
  readonly plane: EventPlane;
  readonly cloudTrail: CloudTrailClient;
  readonly logs: CloudWatchLogsClient;
  readonly cloudWatch: CloudWatchClient;
  readonly events: EventBridgeClient;
  readonly s3: S3Client;
  readonly kms: KMSClient;
  readonly iam: IAMClient;
  readonly ec2: EC2Client;

  private constructor(
    { endpoint, region, guardFunctionName, plane }: TargetOptions,
    /** What the trail is and was made with: the attack may delete it. */
    readonly trail: {
      readonly arn: string;
      readonly name: string;
      readonly bucketName: string;
      readonly logGroupName: string;
      readonly keyId: string;
    },
  ) {
    const settings = emulatorClientSettings(endpoint, region, ATTACKER);
    this.region = region;
    this.guardFunctionName = guardFunctionName;
    this.plane = plane;
    this.cloudTrail = new CloudTrailClient(settings);
    this.logs = new CloudWatchLogsClient(settings);
    this.cloudWatch = new CloudWatchClient(settings);
    this.events = new EventBridgeClient(settings);
    this.s3 = new S3Client({ ...settings, forcePathStyle: true });
    this.kms = new KMSClient(settings);
    this.iam = new IAMClient({ ...settings, region: "us-east-1" });
    this.ec2 = new EC2Client(settings);
  }

  static async of(options: TargetOptions): Promise<Target> {
    const { endpoint, region, trailArn } = options;
    const client = new CloudTrailClient(emulatorClientSettings(endpoint, region));
    const { Trail } = await client.send(new GetTrailCommand({ Name: trailArn }));
    return new Target(options, {
      arn: trailArn,
      name: trailArn.slice(trailArn.lastIndexOf("/") + 1),
      bucketName: Trail?.S3BucketName ?? "",
      logGroupName: Trail?.CloudWatchLogsLogGroupArn?.split(":")[6] ?? "",
      keyId: Trail?.KmsKeyId?.split("/").at(-1) ?? "",
    });
  }
}
