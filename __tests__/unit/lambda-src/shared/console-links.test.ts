import fc from "fast-check";
import { alarmLink, insightsLink } from "../../../../lambda-src/shared/console-links";
import { hostileText } from "./hostile-text";

const QUERY = {
  region: "ap-northeast-2",
  partition: "aws",
  logGroupName: "/aws/cloudtrail/trailwarden",
  query: 'fields @timestamp\n| filter a = "b"',
  start: new Date("2026-03-25T05:40:00Z"),
  end: new Date("2026-03-25T05:45:00Z"),
};

describe("alarmLink", () => {
  it.each([
    ["aws", "ap-northeast-2", "ap-northeast-2.console.aws.amazon.com"],
    ["aws-cn", "cn-north-1", "cn-north-1.console.amazonaws.cn"],
    ["aws-us-gov", "us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"],
  ])("leads to the console of %s in %s", (partition, region, host) => {
    expect(
      alarmLink(`arn:${partition}:cloudwatch:${region}:123456789012:alarm:IAM Policy Changes (tuned)`),
    ).toBe(
      `https://${host}/cloudwatch/home?region=${region}#alarmsV2:alarm/IAM%20Policy%20Changes%20%28tuned%29`,
    );
  });

  it.each([
    "",
    "IAM Policy Changes",
    "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:",
    "arn:aws:sns:eu-west-1:123456789012:alarm:x",
    "arn:aws-iso:cloudwatch:us-iso-east-1:123456789012:alarm:x",
    "arn:constructor:cloudwatch:eu-west-1:123456789012:alarm:x",
    "arn:aws:cloudwatch:EU_WEST:123456789012:alarm:x",
  ])("knows no page of %j", (arn) => {
    expect(alarmLink(arn)).toBeUndefined();
  });

  it("keeps any name within the address, and the whole of it", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const name = `x${text}`;
        const link = alarmLink(`arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${name}`) ?? "";

        const encoded = link.slice(
          "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#".length,
        );
        expect(encoded).toMatch(/^alarmsV2:alarm\/(?:[\w.-]|%[0-9A-F]{2})+$/);
        expect(decodeURIComponent(encoded)).toBe(`alarmsV2:alarm/${name.replace(/\p{Cs}/gu, "\ufffd")}`);
      }),
    );
  });
});

describe("insightsLink", () => {
  it("holds query, log group and time as the console writes them", () => {
    expect(insightsLink(QUERY)).toBe(
      "https://ap-northeast-2.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-2#logsV2:logs-insights$3FqueryDetail$3D" +
        "~(end~'2026-03-25T05*3a45*3a00.000Z~start~'2026-03-25T05*3a40*3a00.000Z~timeType~'ABSOLUTE~tz~'UTC" +
        "~editorString~'fields*20*40timestamp*0a*7c*20filter*20a*20*3d*20*22b*22" +
        "~source~(~'*2faws*2fcloudtrail*2ftrailwarden))$26tab$3Dlogs",
    );
  });

  it.each([
    ["aws-cn", "cn-north-1", "https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#"],
    [
      "aws-us-gov",
      "us-gov-west-1",
      "https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#",
    ],
  ])("leads to the console of %s", (partition, region, beginning) => {
    expect(insightsLink({ ...QUERY, partition, region })?.startsWith(beginning)).toBe(true);
  });

  it.each([
    [{ partition: "aws-iso" }],
    [{ partition: "toString" }],
    [{ region: "" }],
    [{ region: "eu-west-1.evil.example/?" }],
  ])("knows no console of %j", (other) => {
    expect(insightsLink({ ...QUERY, ...other })).toBeUndefined();
  });

  it("keeps any text within its quotes, and the whole of it", () => {
    fc.assert(
      fc.property(hostileText, hostileText, (query, logGroupName) => {
        const link = insightsLink({ ...QUERY, query, logGroupName });

        const [, queryText, group] =
          /^https:\/\/[a-z0-9.-]+\/cloudwatch\/home\?region=[a-z0-9-]+#logsV2:logs-insights\$3FqueryDetail\$3D~\(end~'[\w.*-]+~start~'[\w.*-]+~timeType~'ABSOLUTE~tz~'UTC~editorString~'([\w.*-]*)~source~\(~'([\w.*-]*)\)\)\$26tab\$3Dlogs$/.exec(
            link ?? "",
          ) ?? [];
        expect(decode(queryText ?? "-")).toBe(query);
        expect(decode(group ?? "-")).toBe(logGroupName);
      }),
    );
  });
});

function decode(text: string): string {
  return text.replace(/\*\*([0-9a-f]{4})|\*([0-9a-f]{2})/g, (_, long: string | undefined, short: string) =>
    String.fromCharCode(Number.parseInt(long ?? short, 16)),
  );
}
