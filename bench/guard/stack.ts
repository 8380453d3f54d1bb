import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { synthesize } from "../../cli/synthesize";
import { type EnvironmentConfig, parseConfig, type StackSettings } from "../../config";

/** The guard of a synthesized stack. Its texts hold references, which Terraform fills in. */
export interface SynthesizedGuard {
  readonly functionName: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Text of the parameter. */
  readonly declaredState: string;
}

interface StackJson {
  readonly resource: {
    readonly aws_lambda_function: Record<
      string,
      { function_name: string; environment: { variables: Record<string, string> } }
    >;
    readonly aws_ssm_parameter: Record<string, { name: string; insecure_value: string }>;
  };
}

export function synthesizedGuard(environment: EnvironmentConfig): SynthesizedGuard {
  const folder = mkdtempSync(path.join(tmpdir(), "trailwarden-bench-"));
  try {
    const settings = parseConfig({ environments: { bench: environment } }).bench as StackSettings;
    const file = path.join(synthesize("bench", settings, folder), "cdk.tf.json");
    const { resource } = JSON.parse(readFileSync(file, "utf8")) as StackJson;
    const [lambda] = Object.values(resource.aws_lambda_function);
    const declared = Object.values(resource.aws_ssm_parameter).find(({ name }) =>
      name.endsWith("/declared-state"),
    );
    if (lambda === undefined || declared === undefined) {
      throw new Error("the stack has no guard");
    }
    return {
      functionName: lambda.function_name,
      variables: lambda.environment.variables,
      declaredState: declared.insecure_value,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Fills in a text's references, as Terraform would, with one key and one topic for all. */
export function filledIn(text: string, { keyArn, topicArn }: { keyArn: string; topicArn: string }): string {
  const [, partition, , region, account] = keyArn.split(":");
  const values: Record<string, string | undefined> = {
    "data.aws_partition": partition,
    "data.aws_region": region,
    "data.aws_caller_identity": account,
    aws_kms_key: keyArn,
    aws_sns_topic: topicArn,
  };
  return text.replace(/\$\{((?:data\.)?\w+)\.[\w.-]+\}/g, (reference, type: string) => {
    const value = values[type];
    if (value === undefined) {
      throw new Error(`no value for ${reference}`);
    }
    return value;
  });
}
