import { readPlan } from "../../../../../cli/review/plan";
import { ReviewContext } from "../../../../../cli/review/review-context";
import { judgeDeferred } from "../../../../../cli/review/rules/deferred";

function deferring(...addresses: string[]) {
  const deferred_changes = addresses.map((address) => ({
    reason: "absent_prereq",
    resource_change: { address },
  }));
  return judgeDeferred(
    new ReviewContext(
      readPlan(JSON.stringify({ format_version: "1.2", resource_changes: [], deferred_changes })),
    ),
  );
}

describe("a change that Terraform puts off", () => {
  it("isn't known, each once", () => {
    expect(deferring("aws_s3_bucket.a", "aws_s3_bucket.b", "aws_s3_bucket.a")).toMatchObject([
      { rule: "change-deferred", severity: "unknown", address: "aws_s3_bucket.a" },
      { rule: "change-deferred", severity: "unknown", address: "aws_s3_bucket.b" },
    ]);
  });

  it("is none where there is none", () => {
    expect(deferring()).toEqual([]);
  });
});
