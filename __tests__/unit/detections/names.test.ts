import { derivedNames, pascalCase } from "../../../detections/names";

describe("names", () => {
  it.each([
    ["root-usage", "RootUsage"],
    ["unauthorized-api-calls", "UnauthorizedApiCalls"],
    ["s3-bucket-policy-changes", "S3BucketPolicyChanges"],
  ])("write %s in Pascal case as %s", (id, name) => {
    expect(pascalCase(id)).toBe(name);
  });

  it("follow from id and title", () => {
    expect(derivedNames("root-usage", "Root user activity")).toEqual({
      filterName: "RootUsage",
      metricName: "RootUsageCount",
      alarmName: "Root user activity",
      topicName: "RootUsage_CloudWatch_Alarms_Topic",
    });
  });
});
