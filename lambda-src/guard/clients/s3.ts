import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { CallsOf, ClientSettings } from "./calls-of";

export function calls(settings: ClientSettings): CallsOf<"s3"> {
  const client = new S3Client(settings);
  return {
    "s3:GetBucketPolicy": (input) => client.send(new GetBucketPolicyCommand(input)),
    "s3:PutBucketPolicy": (input) => client.send(new PutBucketPolicyCommand(input)),
    "s3:GetBucketLifecycleConfiguration": (input) =>
      client.send(new GetBucketLifecycleConfigurationCommand(input)),
    "s3:PutBucketLifecycleConfiguration": (input) =>
      client.send(new PutBucketLifecycleConfigurationCommand(input)),
    "s3:GetBucketVersioning": (input) => client.send(new GetBucketVersioningCommand(input)),
    "s3:PutBucketVersioning": (input) => client.send(new PutBucketVersioningCommand(input)),
    "s3:GetBucketEncryption": (input) => client.send(new GetBucketEncryptionCommand(input)),
    "s3:PutBucketEncryption": (input) => client.send(new PutBucketEncryptionCommand(input)),
    "s3:GetPublicAccessBlock": (input) => client.send(new GetPublicAccessBlockCommand(input)),
    "s3:PutPublicAccessBlock": (input) => client.send(new PutPublicAccessBlockCommand(input)),
    "s3:GetBucketOwnershipControls": (input) => client.send(new GetBucketOwnershipControlsCommand(input)),
    "s3:PutBucketOwnershipControls": (input) => client.send(new PutBucketOwnershipControlsCommand(input)),
  };
}
