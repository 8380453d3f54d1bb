import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { TrailwardenStack, type TrailwardenStackProps } from "../../constructs";
import { PRESETS } from "../../detections";
import { Template } from "./template";

/** An empty stack of someone else's app. */
export function foreignStack(): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "foreign");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  return stack;
}

export const REGION = "ap-northeast-2";

/** The stack with nothing but a region and an e-mail address, and what a test adds. */
export function defaultTemplate(props: Partial<TrailwardenStackProps> = {}): Template {
  return Template.fromStack(
    new TrailwardenStack(Testing.app(), "main", {
      region: REGION,
      detections: PRESETS["aws-guide"],
      alerts: { emails: ["security@example.com"] },
      ...props,
    }),
  );
}
