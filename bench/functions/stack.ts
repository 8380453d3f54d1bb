import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { synthesize } from "../../cli/synthesize";
import { type EnvironmentConfig, parseConfig, type StackSettings } from "../../config";

/** A function of a synthesized stack. Its texts hold references, which Terraform fills in. */
export interface SynthesizedFunction {
  readonly functionName: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly archive: Uint8Array;
  /** Of the stack. */
  readonly resources: StackResources;
}

export interface StackResources {
  readonly aws_lambda_function: Record<
    string,
    {
      function_name: string;
      environment: { variables: Record<string, string> };
      timeout: number;
      memory_size: number;
      filename: string;
    }
  >;
  readonly aws_ssm_parameter: Record<string, { name: string; insecure_value: string }>;
  readonly aws_sns_topic: Record<string, { name: string }>;
  readonly aws_dynamodb_table: Record<string, { name: string; hash_key: string }>;
}

/** @param name of the function, without the environment's prefix */
export function synthesizedFunction(name: string, environment: EnvironmentConfig): SynthesizedFunction {
  const outdir = mkdtempSync(path.join(tmpdir(), "trailwarden-bench-"));
  try {
    const settings = parseConfig({ environments: { bench: environment } }).bench as StackSettings;
    const folder = synthesize("bench", settings, outdir);
    const { resource: resources } = JSON.parse(readFileSync(path.join(folder, "cdk.tf.json"), "utf8")) as {
      readonly resource: StackResources;
    };
    const functionName = `${environment.namePrefix ?? ""}${name}`;
    const lambda = Object.values(resources.aws_lambda_function).find(
      ({ function_name }) => function_name === functionName,
    );
    if (lambda === undefined) {
      throw new Error(`the stack has no function ${functionName}`);
    }
    return {
      functionName,
      variables: lambda.environment.variables,
      timeoutSeconds: lambda.timeout,
      memoryMegabytes: lambda.memory_size,
      archive: readFileSync(path.join(folder, lambda.filename)),
      resources,
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Fills in a text's references, as Terraform would, with one topic, one key and one table for all. */
export function filledIn(
  text: string,
  {
    topicArn,
    keyArn,
    tableName,
  }: { readonly topicArn: string; readonly keyArn?: string; readonly tableName?: string },
): string {
  const [, partition, , region, account] = topicArn.split(":");
  const values: Record<string, string | undefined> = {
    "data.aws_partition": partition,
    "data.aws_region": region,
    "data.aws_caller_identity": account,
    aws_kms_key: keyArn,
    aws_sns_topic: topicArn,
    aws_dynamodb_table: tableName,
  };
  return text.replace(/\$\{((?:data\.)?\w+)\.[\w.-]+\}/g, (reference, type: string) => {
    const value = values[type];
    if (value === undefined) {
      throw new Error(`no value for ${reference}`);
    }
    return value;
  });
}
