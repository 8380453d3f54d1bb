import { CloudWatchClient, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  paginateDescribeMetricFilters,
} from "@aws-sdk/client-cloudwatch-logs";
import { type EnvironmentConfig, parseConfig } from "../../config";
import { PRESET_NAMES } from "../../detections";
import { Sandbox } from "./support/sandbox";

jest.setTimeout(240_000);

// On a trail that exists already, so that nothing is made but filters, alarms and topics.
const ENVIRONMENT: EnvironmentConfig = {
  region: "ap-northeast-2",
  alerts: { emails: ["security@example.com"], topics: "shared" },
  trail: { existingTrail: "central", existingLogGroup: "central-logs" },
  detections: {
    preset: [...PRESET_NAMES],
    dialect: "both",
    ignorePrincipals: ["arn:aws:iam::123456789012:role/Deploy"],
  },
  ec2States: [],
  guard: { mode: "off" },
};

describe("every preset in both dialects", () => {
  it("is made as the catalogue has it, and then leaves nothing to change", async () => {
    const sandbox = await Sandbox.open(ENVIRONMENT);
    const logs = new CloudWatchLogsClient(sandbox.clientSettings());
    await logs.send(new CreateLogGroupCommand({ logGroupName: "central-logs" }));
    const { terraform } = sandbox.checkout();
    await terraform.init();

    await terraform.apply();

    const expected = parseConfig({ environments: { main: ENVIRONMENT } }).main?.detections ?? [];
    expect(expected).toHaveLength(50);
    const filters = [];
    for await (const page of paginateDescribeMetricFilters(
      { client: logs },
      { logGroupName: "central-logs" },
    )) {
      filters.push(...(page.metricFilters ?? []));
    }
    expect(filters.map(({ filterName, filterPattern }) => `${filterName}: ${filterPattern}`).sort()).toEqual(
      expected.map(({ filterName, filterPattern }) => `${filterName}: ${filterPattern}`).sort(),
    );
    const alarms = [];
    const client = new CloudWatchClient(sandbox.clientSettings());
    for await (const page of paginateDescribeAlarms({ client }, {})) {
      alarms.push(...(page.MetricAlarms ?? []));
    }
    expect(
      alarms.map(({ AlarmName, AlarmActions = [] }) => `${AlarmName}: ${AlarmActions.length}`).sort(),
    ).toEqual(
      [
        ...expected.map(({ alarmName, pages }) => `${alarmName}: ${pages ? 1 : 0}`),
        ...["errors", "throttles", "dead_letters"].map((name) => `alarm_notifier_${name}: 1`),
      ].sort(),
    );
    expect(await terraform.plan()).toMatchObject({ empty: true });
  });
});
