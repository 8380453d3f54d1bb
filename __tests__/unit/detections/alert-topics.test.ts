import { alertTopicNames, EC2_DETECTION, routeTopicName, TRAIL_GUARD_DETECTION } from "../../../detections";
import * as alerts from "../../../lambda-src/shared/alert";

it("routes know alerts that are no detection's by the ids that the functions give them", () => {
  expect([alerts.TRAIL_GUARD_DETECTION, alerts.EC2_DETECTION]).toEqual([
    TRAIL_GUARD_DETECTION,
    EC2_DETECTION,
  ]);
});

describe("alertTopicNames", () => {
  const own = ["blue-EC2StateChange_Events_Topic", "blue-TrailGuard_Alerts_Topic"];

  it.each<[string, Parameters<typeof alertTopicNames>[1], string[]]>([
    ["a topic for each detection, of which the alarms' own is named like them", {}, []],
    ["the same without a notifier", { enrich: false }, []],
    ["routes", { routes: [{ name: "on-call" }, { name: "siem" }] }, ["blue-trailwarden-*"]],
    ["no routes", { routes: [] }, []],
  ])("are, of %s, as follows", (_, settings, more) => {
    expect(alertTopicNames("blue-", settings)).toEqual(["*_CloudWatch_Alarms_Topic", ...own, ...more]);
  });

  it.each<[string, Parameters<typeof alertTopicNames>[1], string[]]>([
    ["one topic for all", {}, ["blue-AlarmNotifier_CloudWatch_Alarms_Topic"]],
    ["one topic for all and no notifier", { enrich: false }, []],
    [
      "one topic and routes",
      { routes: [{}] },
      ["blue-AlarmNotifier_CloudWatch_Alarms_Topic", "blue-trailwarden-*"],
    ],
  ])("are, of %s, no other deployment's", (_, settings, more) => {
    expect(alertTopicNames("blue-", { ...settings, topics: "shared" })).toEqual([
      "blue-trailwarden-alerts",
      ...more,
    ]);
  });

  it("name routes' topics so that one beginning is that of all", () => {
    expect(`blue-${routeTopicName("on-call")}`).toBe("blue-trailwarden-on-call");
  });
});
