import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import type { EventRule } from "../detections";
import { AwsContext } from "./aws-context";
import { policyDocument } from "./policy-document";

export interface GlobalEventsProps {
  /** Provider of the region that AWS's global services send their events to. */
  readonly provider: AwsProvider;
  /** That region, e.g. `us-east-1`. */
  readonly region: string;
  /** What is brought home. */
  readonly rule: EventRule;
}

/**
 * Brings events of IAM home: they arrive in one region of the partition only, and rules elsewhere don't see them.
 *
 * Source: EventBridge user guide, "Sending and receiving events between AWS Regions".
 */
export class GlobalEvents extends Construct {
  constructor(scope: Construct, id: string, { provider, region, rule }: GlobalEventsProps) {
    super(scope, id);
    const aws = AwsContext.of(this);
    const homeBusArn = aws.arn("events", "event-bus/default");
    const globalRule = new CloudwatchEventRule(this, "rule", {
      provider,
      name: rule.name,
      description: rule.description,
      eventPattern: JSON.stringify(rule.eventPattern),
    });
    const role = new IamRole(this, "role", {
      name: rule.name,
      description: "Lets an event rule send IAM's events to the trail's home region",
      assumeRolePolicy: policyDocument([
        {
          Sid: "TheRuleSendsEvents",
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: {
              "aws:SourceArn": `arn:${aws.partition}:events:${region}:${aws.accountId}:rule/${rule.name}`,
            },
          },
        },
      ]),
    });
    new IamRolePolicy(this, "policy", {
      name: "send-events-home",
      role: role.id,
      policy: policyDocument([
        { Sid: "SendEventsHome", Effect: "Allow", Action: "events:PutEvents", Resource: homeBusArn },
      ]),
    });
    new CloudwatchEventTarget(this, "target", {
      provider,
      rule: globalRule.name,
      // Chosen here, so that a target made by an apply that was killed is found again, not doubled.
      targetId: "home",
      arn: homeBusArn,
      roleArn: role.arn,
    });
  }
}
