import { GetBucketLocationCommand, paginateListBuckets, S3Client } from "@aws-sdk/client-s3";
import type { AdoptAccount } from "../existing";
import { ask, askForAll, type ClientSettings } from "./ask";
import { lookAtPolicy, settingsOfBucket } from "./bucket-settings";

/**
 * Buckets.
 *
 * @param isEmulated whether an emulator is asked, which knows no host names of buckets
 */
export function s3Of(settings: ClientSettings, isEmulated: boolean): Pick<AdoptAccount, "bucket"> {
  // The trail's bucket may be in any region.
  const s3 = new S3Client({ ...settings, forcePathStyle: isEmulated, followRegionRedirects: true });
  return {
    async bucket(name) {
      const own = await askForAll(
        "s3:ListAllMyBuckets",
        () => paginateListBuckets({ client: s3 }, {}),
        ({ Buckets }) => Buckets,
      );
      if (!own.some(({ Name }) => Name === name)) {
        const policy = await lookAtPolicy(s3, name);
        const isNone = "problem" in policy && /\bNoSuchBucket\b/.test(policy.problem);
        return isNone
          ? undefined
          : {
              name,
              isOwned: false,
              region: undefined,
              policy,
              settings: {},
              lifecycleRules: [],
              tags: undefined,
              problems: [],
            };
      }
      const { LocationConstraint } = await ask("s3:GetBucketLocation", () =>
        s3.send(new GetBucketLocationCommand({ Bucket: name })),
      );
      // S3 API reference, "GetBucketLocation": none is us-east-1, and EU an old name of eu-west-1.
      const region = LocationConstraint === "EU" ? "eu-west-1" : (LocationConstraint ?? "us-east-1");
      return { name, isOwned: true, region, ...(await settingsOfBucket(s3, name)) };
    },
  };
}
