import {
  type FunctionConfiguration,
  GetFunctionCommand,
  GetPolicyCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import type { AdoptAccount, Part } from "../existing";
import { statementsOf } from "../policy-statements";
import { askFor, type ClientSettings } from "./ask";
import { tagList, tagsOf } from "./tags";

/** Functions and their resource policies. */
export function lambdaOf(settings: ClientSettings): Pick<AdoptAccount, "function"> {
  const lambda = new LambdaClient(settings);
  return {
    async function(FunctionName) {
      const answer = await askFor("lambda:GetFunction", ["ResourceNotFoundException"], () =>
        lambda.send(new GetFunctionCommand({ FunctionName })),
      );
      const facts = answer?.Configuration;
      if (answer === undefined || facts === undefined) {
        return undefined;
      }
      const policy = await askFor("lambda:GetPolicy", ["ResourceNotFoundException"], () =>
        lambda.send(new GetPolicyCommand({ FunctionName })),
      );
      return {
        packageType: facts.PackageType ?? "Zip",
        roleArn: facts.Role ?? "",
        permissions: statementsOf(policy?.Policy),
        arguments: argumentsOf(FunctionName, facts),
        ...tagsOf(tagList(answer.Tags)),
      };
    },
  };
}

function argumentsOf(name: string, facts: FunctionConfiguration): Part["arguments"] {
  const { SubnetIds = [], SecurityGroupIds = [] } = facts.VpcConfig ?? {};
  const variables = Object.keys(facts.Environment?.Variables ?? {});
  const deadLetters = facts.DeadLetterConfig?.TargetArn;
  return {
    function_name: name,
    description: facts.Description,
    runtime: facts.Runtime,
    handler: facts.Handler,
    architectures: facts.Architectures ?? ["x86_64"],
    memory_size: facts.MemorySize,
    timeout: facts.Timeout,
    role: facts.Role,
    source_code_hash: facts.CodeSha256,
    kms_key_arn: facts.KMSKeyArn,
    layers: (facts.Layers ?? []).flatMap(({ Arn }) => Arn ?? []),
    ...(deadLetters === undefined ? {} : { dead_letter_config: { target_arn: deadLetters } }),
    ...(SubnetIds.length === 0
      ? {}
      : { vpc_config: { subnet_ids: SubnetIds, security_group_ids: SecurityGroupIds } }),
    // Their values may be secrets.
    ...(variables.length === 0 ? {} : { environment: { variables } }),
  };
}
