import { costOf } from "../../../../cli/review/cost";
import { readPlan } from "../../../../cli/review/plan";
import { change, plan, unchanged } from "./support";

const made = (address: string, attributes = {}) => change(address, undefined, attributes);

describe("costOf", () => {
  it.each<[string, object, number]>([
    ["aws_cloudwatch_metric_alarm.a", { period: 60 }, 0.1],
    ["aws_cloudwatch_metric_alarm.a", { period: 10 }, 0.3],
    [
      "aws_cloudwatch_metric_alarm.a",
      { metric_query: [{ metric: [{ period: 60 }] }, { metric: [{}] }, { metric: [] }] },
      0.2,
    ],
    ["aws_cloudwatch_composite_alarm.a", {}, 0.5],
    ["aws_cloudwatch_log_metric_filter.f", {}, 0.3],
    ["aws_cloudwatch_dashboard.d", {}, 3],
    ["aws_kms_key.k", {}, 1],
    ["aws_ssm_parameter.p", { tier: "Advanced" }, 0.05],
    ["aws_ssm_parameter.p", { tier: "Standard" }, 0],
    ["aws_secretsmanager_secret.s", {}, 0.4],
    ["aws_sns_topic.t", {}, 0],
  ])("counts %s %j as $%d a month", (address, attributes, dollars) => {
    expect(costOf(plan([made(address, { ...attributes })]))).toMatchObject({
      beforeDollars: 0,
      afterDollars: dollars,
    });
  });

  it("adds up what stays, goes and comes, to the cent", () => {
    const cost = costOf(
      plan([
        unchanged("aws_kms_key.k", {}),
        change("aws_cloudwatch_dashboard.d", {}, undefined),
        made("aws_cloudwatch_metric_alarm.a"),
        made("aws_cloudwatch_metric_alarm.b"),
        made("aws_cloudwatch_metric_alarm.c"),
      ]),
    );

    expect(cost).toMatchObject({
      beforeDollars: 4,
      afterDollars: 1.3,
      lines: [
        { what: "Alarms", before: 0, after: 0.3 },
        { what: "Dashboards", before: 3, after: 0 },
        { what: "KMS keys", before: 1, after: 1 },
      ],
    });
  });

  it("counts what is forgotten, which is still there", () => {
    const forgotten = change("aws_kms_key.k", {}, undefined, { actions: ["forget"] });

    expect(costOf(plan([forgotten]))).toMatchObject({ beforeDollars: 1, afterDollars: 1 });
  });

  it("counts what a plan of some resources leaves out, once", () => {
    const values = {
      root_module: {
        resources: [{ address: "aws_kms_key.k", mode: "managed", type: "aws_kms_key", values: {} }],
      },
    };
    const text = JSON.stringify({
      format_version: "1.2",
      prior_state: { values },
      planned_values: values,
      resource_changes: [],
    });

    expect(costOf(readPlan(text))).toMatchObject({ beforeDollars: 1, afterDollars: 1 });
  });

  it("says what it doesn't count, and more of it for several trails", () => {
    const trails = ["a", "b"].map((name) => unchanged(`aws_cloudtrail.${name}`, { s3_bucket_name: name }));

    expect(costOf(plan(trails)).note).toContain("further copies of management events");
    expect(costOf(plan(trails.slice(1))).note).toMatch(/by volume isn't counted/);
    expect(costOf(plan(trails.slice(1))).note).not.toContain("further copies");
  });
});
