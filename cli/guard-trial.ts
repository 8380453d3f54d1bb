import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { CloudTrailClient, GetTrailStatusCommand, StopLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { emulatorClientSettings, emulatorEnvironment } from "../local/environment";
import { type DeployedFunction, type Invocation, invoke } from "../local/function-runner";
import { stopLoggingEvent } from "../local/stop-logging-event";

/** A deployment in the emulator, by what Terraform made: its outputs, and the folder of its configuration. */
export interface Deployment {
  readonly endpoint: string;
  readonly region: string;
  readonly folder: string;
  readonly trailArn: string;
  readonly guardFunctionName: string;
}

/** Stops the trail. @returns whether it still logs */
export async function stopTrail({ endpoint, region, trailArn }: Deployment): Promise<boolean> {
  const cloudTrail = new CloudTrailClient(emulatorClientSettings(endpoint, region));
  await cloudTrail.send(new StopLoggingCommand({ Name: trailArn }));
  return isLogging(endpoint, region, trailArn);
}

/** Hands the event of a `StopLogging` call to the guard function as it was deployed. */
export async function wakeGuard(deployment: Deployment): Promise<Invocation> {
  const { endpoint, region, trailArn } = deployment;
  const sts = new STSClient(emulatorClientSettings(endpoint, region));
  const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
  const event = stopLoggingEvent({ trail: trailArn, accountId: Account, region, principalArn: Arn });
  return invoke(await deployedGuard(deployment), event);
}

export async function isLogging(endpoint: string, region: string, trailArn: string): Promise<boolean> {
  const cloudTrail = new CloudTrailClient(emulatorClientSettings(endpoint, region));
  const status = await cloudTrail.send(new GetTrailStatusCommand({ Name: trailArn }));
  return status.IsLogging === true;
}

/**
 * The guard function with the handler, the environment variables and the time-out that the emulator has of it. The
 * emulator doesn't give the code back, so the archive is the file that Terraform uploaded, checked by its hash.
 */
async function deployedGuard({
  endpoint,
  region,
  folder,
  guardFunctionName,
}: Deployment): Promise<DeployedFunction> {
  const lambda = new LambdaClient(emulatorClientSettings(endpoint, region));
  const deployed = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: guardFunctionName }),
  );
  const archive = readFileSync(path.join(folder, archivePath(folder, guardFunctionName)));
  const sha256 = createHash("sha256").update(archive).digest("base64");
  if (sha256 !== deployed.CodeSha256) {
    throw new Error(
      `the deployed code of ${guardFunctionName} is ${deployed.CodeSha256}, the archive is ${sha256}`,
    );
  }
  return {
    name: guardFunctionName,
    archive,
    handler: deployed.Handler ?? "",
    environment: { ...emulatorEnvironment(endpoint, region), ...deployed.Environment?.Variables },
    timeoutSeconds: deployed.Timeout ?? 3,
  };
}

function archivePath(folder: string, functionName: string): string {
  const stack = JSON.parse(readFileSync(path.join(folder, "cdk.tf.json"), "utf8")) as {
    resource: { aws_lambda_function: Record<string, { function_name: string; filename: string }> };
  };
  const functions = Object.values(stack.resource.aws_lambda_function);
  const found = functions.find(({ function_name }) => function_name === functionName);
  if (found === undefined) {
    throw new Error(`the stack makes no function ${functionName}`);
  }
  return found.filename;
}
