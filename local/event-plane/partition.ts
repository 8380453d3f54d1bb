/** The partition of a region: `aws`, `aws-cn` or `aws-us-gov`. */
export function partitionOf(region: string): string {
  if (region.startsWith("us-gov-")) {
    return "aws-us-gov";
  }
  return region.startsWith("cn-") ? "aws-cn" : "aws";
}

/** Services that have one region of each partition. */
const GLOBAL_SERVICES: readonly string[] = ["iam", "organizations", "cloudfront", "route53"];

const GLOBAL_REGIONS: Readonly<Record<string, string>> = {
  aws: "us-east-1",
  "aws-cn": "cn-north-1",
  "aws-us-gov": "us-gov-west-1",
};

/**
 * The region that a service records a call in which was signed for this one (CloudTrail user guide, "CloudTrail concepts",
 * "Global service events").
 */
export function regionOfRecord(service: string, region: string): string {
  return GLOBAL_SERVICES.includes(service) ? (GLOBAL_REGIONS[partitionOf(region)] ?? region) : region;
}
