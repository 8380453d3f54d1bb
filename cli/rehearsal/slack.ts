import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { StackSettings } from "../../config";
import { emulatorClientSettings } from "../../local/environment";
import type { EventPlane } from "../../local/event-plane/event-plane";
import { slackText } from "../../local/slack/slack-text";
import { type SlackWebhook, startSlackWebhook } from "../../local/slack-webhook";

/** The webhooks of an environment's routes, played on this machine. */
export interface PlayedSlack {
  /** By the webhook's name. */
  readonly webhooks: ReadonlyMap<string, SlackWebhook>;
  close(): Promise<void>;
}

/**
 * Plays Slack for each webhook of the routes: its URL is put into the emulator where the environment says that it is kept, and
 * what it takes is put into the inbox.
 */
export async function playSlack(
  { region, alerts }: Pick<StackSettings, "region" | "alerts">,
  endpoint: string,
  { inbox, clock }: Pick<EventPlane, "inbox" | "clock">,
): Promise<PlayedSlack> {
  const settings = emulatorClientSettings(endpoint, region);
  const webhooks = new Map<string, SlackWebhook>();
  for (const { name, secret, parameter } of alerts?.routes?.flatMap(({ slack = [] }) => slack) ?? []) {
    const webhook = await startSlackWebhook((payload) => {
      const body = slackText(payload);
      inbox.put({ at: clock.now(), topicArn: "", protocol: "slack", endpoint: name, subject: "", body });
    });
    webhooks.set(name, webhook);
    if (secret !== undefined) {
      const Name = secret.replace(/^arn:.*?:secret:/, "");
      await new SecretsManagerClient(settings).send(
        new CreateSecretCommand({ Name, SecretString: webhook.url }),
      );
    } else if (parameter !== undefined) {
      await new SSMClient(settings).send(
        new PutParameterCommand({ Name: parameter, Value: webhook.url, Type: "SecureString" }),
      );
    }
  }
  return {
    webhooks,
    close: async () => {
      await Promise.all([...webhooks.values()].map((webhook) => webhook.close()));
    },
  };
}
