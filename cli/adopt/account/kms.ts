import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListResourceTagsCommand,
  paginateListAliases,
} from "@aws-sdk/client-kms";
import type { AdoptAccount } from "../existing";
import { look } from "../look";
import { ask, askFor, askForAll, type ClientSettings } from "./ask";
import { askForTags } from "./tags";

/** KMS API reference, "GetKeyPolicy": the only name that a key's policy has. */
const POLICY_NAME = "default";

/** Keys and their aliases. */
export function kmsOf(settings: ClientSettings): Pick<AdoptAccount, "key" | "keyAliases"> {
  const kms = new KMSClient(settings);
  return {
    async key(KeyId) {
      const answer = await askFor("kms:DescribeKey", ["NotFoundException"], () =>
        kms.send(new DescribeKeyCommand({ KeyId })),
      );
      const facts = answer?.KeyMetadata;
      if (facts === undefined) {
        return undefined;
      }
      const policy = await look(async () => {
        const { Policy } = await ask("kms:GetKeyPolicy", () =>
          kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: POLICY_NAME })),
        );
        return Policy;
      });
      const rotation = await look(() =>
        ask("kms:GetKeyRotationStatus", () => kms.send(new GetKeyRotationStatusCommand({ KeyId }))),
      );
      const tags = await askForTags("kms:ListResourceTags", async () => {
        const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId }));
        return Tags.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue }));
      });
      return {
        arn: facts.Arn ?? KeyId,
        manager: facts.KeyManager ?? "",
        spec: facts.KeySpec ?? "",
        usage: facts.KeyUsage ?? "",
        state: facts.KeyState ?? "",
        origin: facts.Origin ?? "",
        isMultiRegion: facts.MultiRegion === true,
        policy,
        arguments: {
          description: facts.Description,
          policy: "problem" in policy ? undefined : policy.found,
          ...("problem" in rotation
            ? {}
            : { enable_key_rotation: rotation.found?.KeyRotationEnabled ?? false }),
        },
        ...tags,
      };
    },

    async keyAliases() {
      const aliases = await askForAll(
        "kms:ListAliases",
        () => paginateListAliases({ client: kms }, {}),
        ({ Aliases }) => Aliases,
      );
      return new Map(
        aliases.map(({ AliasName = "", TargetKeyId }) => [
          AliasName,
          { arguments: { name: AliasName, target_key_id: TargetKeyId }, tags: {} },
        ]),
      );
    },
  };
}
