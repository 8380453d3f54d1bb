import fc from "fast-check";
import { instanceAlert } from "../../../../lambda-src/notifier/instance-alert";
import { type InstanceChange, instanceChangeOf } from "../../../../lambda-src/notifier/instance-change";
import { alertMail } from "../../../../lambda-src/shared/alert-mail";
import { hostileText } from "../shared/hostile-text";
import { LOG_GROUP } from "./support/deployment";
import { instanceEvent, START } from "./support/events";
import { unreadable } from "./support/readable";

const PLACE = { partition: "aws", logGroupName: LOG_GROUP };

function change(id: number, state = "running", at = START): InstanceChange {
  const read = instanceChangeOf(instanceEvent(id, { state, at }));
  if (read === undefined) {
    throw new Error("no change");
  }
  return read;
}

/** The query of the link, as people see it in the console. */
function queryOf(alert: ReturnType<typeof instanceAlert>): string {
  const [, text = ""] = /editorString~'([^~]*)/.exec(alert.links[0]?.url ?? "") ?? [];
  return text.replace(/\*(..)/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}

describe("instanceAlert", () => {
  it("tells of one change", () => {
    const alert = instanceAlert([change(1)], PLACE);

    expect(alertMail(alert)).toEqual({
      subject: "[LOW] EC2 instance i-00000000000000001 is running",
      body: `[LOW] EC2 instance state

EC2 instance i-00000000000000001 is running.

Account  123456789012, region ap-northeast-2

  - 2026-03-25T05:40:00Z: i-00000000000000001 is running

To do
  - See who did it: the link finds the calls that name the instance, some
    minutes after they are made.

Calls in Logs Insights
  ${alert.links[0]?.url}
`,
    });
    expect(alert).toMatchObject({ severity: "low", detection: "ec2-state-change" });
  });

  it("tells of several, counted by state", () => {
    const { subject, items, notices } = instanceAlert(
      [change(1), change(2, "stopped", START + 1000), change(3)],
      PLACE,
    );

    expect(subject).toBe("[LOW] 3 changes of EC2 instances: 2 running, 1 stopped");
    expect(items).toEqual([
      "2026-03-25T05:40:00Z: i-00000000000000001 is running",
      "2026-03-25T05:40:01Z: i-00000000000000002 is stopped",
      "2026-03-25T05:40:00Z: i-00000000000000003 is running",
    ]);
    expect(notices).toEqual([]);
  });

  it("shows the first twenty", () => {
    const others = Array.from({ length: 20 }, (_, n) => change(n + 2));
    const { items, notices, summary } = instanceAlert([change(1), ...others], PLACE);

    expect(items).toHaveLength(20);
    expect(notices).toEqual(["The first 20 of 21 are shown."]);
    expect(summary).toBe("21 changes of EC2 instances: 21 running.");
  });

  it("links to the calls that name the instances, each once, a quarter of an hour about", () => {
    const alert = instanceAlert(
      [change(1), change(1, "stopped"), change(2, "running", START + 60_000)],
      PLACE,
    );

    expect(queryOf(alert)).toContain("@message like /i-00000000000000001|i-00000000000000002/");
    expect(alert.links[0]?.url).toContain("start~'2026-03-25T05*3a25*3a00.000Z");
    expect(alert.links[0]?.url).toContain("end~'2026-03-25T05*3a56*3a00.000Z");
  });

  it("puts nothing but ids of instances into the query", () => {
    const [first, second] = [
      { ...change(1), instanceId: "i-1/ | limit 0" },
      { ...change(2), instanceId: "/ or 1 = 1" },
    ];

    expect(instanceAlert([first, second], PLACE).links).toEqual([]);
    expect(queryOf(instanceAlert([first, change(3)], PLACE))).toContain("like /i-00000000000000003/");
  });

  it("has no link where the console isn't known", () => {
    expect(instanceAlert([change(1)], { ...PLACE, partition: "aws-iso" }).links).toEqual([]);
  });

  it("reads well, whatever the events hold", () => {
    const hostile = fc.record({ instanceId: hostileText, state: hostileText, accountId: hostileText });
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        const alert = instanceAlert(
          [
            { ...change(1), ...one },
            { ...change(2), ...other },
          ],
          PLACE,
        );
        expect(unreadable(alert)).toEqual([]);
        expect(alertMail(alert).body.match(/^ {2}- 2026/gm)).toHaveLength(2);
      }),
    );
  });
});
