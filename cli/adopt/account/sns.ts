import {
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  paginateListSubscriptionsByTopic,
  SNSClient,
} from "@aws-sdk/client-sns";
import type { AdoptAccount } from "../existing";
import { askFor, askForAll, type ClientSettings } from "./ask";
import { askForTags } from "./tags";

/** Topics and their subscriptions. */
export function snsOf(settings: ClientSettings): Pick<AdoptAccount, "topic"> {
  const sns = new SNSClient(settings);
  return {
    async topic(TopicArn) {
      const answer = await askFor("sns:GetTopicAttributes", ["NotFoundException", "NotFound"], () =>
        sns.send(new GetTopicAttributesCommand({ TopicArn })),
      );
      if (answer === undefined) {
        return undefined;
      }
      const { Attributes = {} } = answer;
      const subscriptions = await askForAll(
        "sns:ListSubscriptionsByTopic",
        () => paginateListSubscriptionsByTopic({ client: sns }, { TopicArn }),
        ({ Subscriptions }) => Subscriptions,
      );
      const tags = await askForTags("sns:ListTagsForResource", async () => {
        const { Tags = [] } = await sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }));
        return Tags;
      });
      return {
        arn: TopicArn,
        subscriptions: subscriptions.map(({ Protocol = "", Endpoint = "", SubscriptionArn = "" }) => ({
          protocol: Protocol,
          endpoint: Endpoint,
          arn: SubscriptionArn,
        })),
        arguments: {
          display_name: Attributes.DisplayName,
          kms_master_key_id: Attributes.KmsMasterKeyId,
          delivery_policy: Attributes.DeliveryPolicy,
          policy: Attributes.Policy,
        },
        ...tags,
      };
    },
  };
}
