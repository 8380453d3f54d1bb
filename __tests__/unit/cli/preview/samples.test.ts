import { madeParts } from "../../../../cli/preview/made-parts";
import { previewPage } from "../../../../cli/preview/page";
import { type Sample, samplesOf } from "../../../../cli/preview/samples";
import { type EnvironmentConfig, parseConfig, type StackSettings } from "../../../../config";
import { PRESET_NAMES } from "../../../../detections";
import { alertMail } from "../../../../lambda-src/shared/alert-mail";

jest.setTimeout(30_000);

function settingsOf(environment: Partial<EnvironmentConfig> = {}): StackSettings {
  const { main } = parseConfig({ environments: { main: { region: "ap-northeast-2", ...environment } } });
  return main as StackSettings;
}

function samples(environment: Partial<EnvironmentConfig> = {}): Sample[] {
  const settings = settingsOf(environment);
  return samplesOf(settings, madeParts("main", settings).deployment);
}

const idsOf = (of: readonly Sample[]) => of.map(({ id }) => id);

describe("samplesOf", () => {
  it("has each detection, no event, a storm, EC2 and the guard, each by its topic", () => {
    const found = samples({ namePrefix: "acme-" });

    expect(found.map(({ id, topicNames }) => [id, ...topicNames])).toEqual([
      ["security-group-changes", "acme-SecurityGroupChanges_CloudWatch_Alarms_Topic"],
      ["console-sign-in-failures", "acme-ConsoleSignInFailures_CloudWatch_Alarms_Topic"],
      ["iam-policy-changes", "acme-IAM_Policy_Changes_CloudWatch_Alarms_Topic"],
      ["security-group-changes--no-event-found", "acme-SecurityGroupChanges_CloudWatch_Alarms_Topic"],
      ["security-group-changes--37-events", "acme-SecurityGroupChanges_CloudWatch_Alarms_Topic"],
      ["ec2-state-change", "acme-EC2StateChange_Events_Topic"],
      ["ec2-state-change--storm", "acme-EC2StateChange_Events_Topic"],
      ["trail-guard", "acme-TrailGuard_Alerts_Topic"],
    ]);
    expect(found.flatMap(({ webhookNames }) => webhookNames)).toEqual([]);
  });

  it("finds events for every detection of the catalogue, as many as its alarm takes, within the alarm's window", () => {
    const found = samples({ detections: { preset: [...PRESET_NAMES], dialect: "both" } });

    const details = found.filter(({ alert }) => alert.callCount !== undefined);
    expect(details.length).toBeGreaterThan(25);
    for (const { id, alert } of details) {
      const [, day, from, to] = / from (\S+) (\S+) to (\S+) UTC/.exec(alert.summary) ?? [];
      const times = alert.calls.map(({ time }) => time);
      expect([id, times]).toEqual([id, [...times].sort()]);
      expect([id, (times[0] ?? "") >= `${day}T${from}Z`]).toEqual([id, true]);
      expect([id, (times.at(-1) ?? "") < `${day}T${to}Z`]).toEqual([id, true]);
    }
    const signIns = found.find(({ id }) => id === "console-sign-in-failures-tuned");
    expect(signIns?.alert.callCount).toBe("3");
    expect(new Set(idsOf(found)).size).toBe(found.length);
    expect(idsOf(found)).not.toContain("console-sign-in-failures");
  });

  it("repeats examples up to the threshold, and shows the first ten of a storm", () => {
    const found = samples({
      detections: { overrides: { "security-group-changes": { threshold: 12, periodSeconds: 3600 } } },
    });
    const [first] = found;
    const none = found.find(({ id }) => id.endsWith("--no-event-found"));
    const storm = found.find(({ id }) => id.endsWith("--37-events"));

    expect(first?.alert.callCount).toBe("12");
    expect(first?.alert.calls).toHaveLength(10);
    expect(first?.alert.summary).toContain("from 2026-03-02 09:00:00 to 10:00:00 UTC");
    expect(none?.alert.summary).toContain("No matching event is found");
    expect(none?.alert.summary).toContain("counted 12");
    expect(storm?.title).toBe("Security group configuration changes: 37 events");
    expect(storm?.alert.callCount).toBe("37");
    expect(storm?.alert.subject).toMatch(/: 37 events, the first by (?:user|role) \S+$/);
    expect(storm?.alert.summary).toMatch(/^37 events from .* UTC; the first 10 are shown\.$/);
  });

  it("leaves out of the examples whom the deployed pattern passes over", () => {
    const ignorePrincipals = ["arn:aws:iam::111122223333:role/Operator"];
    const callers = (of: readonly Sample[]) =>
      of
        .filter(({ id }) => id === "security-group-changes")
        .flatMap(({ alert }) => alert.calls.map(({ principal }) => principal.roleOrUserArn));

    expect(callers(samples({ detections: { dialect: "tuned" } }))).toContain(ignorePrincipals[0]);
    const left = callers(samples({ detections: { dialect: "tuned", ignorePrincipals } }));
    expect(left).not.toHaveLength(0);
    expect(left).not.toContain(ignorePrincipals[0]);
  });

  it("names the topics and webhooks of the routes that take an alert", () => {
    const found = samples({
      alerts: {
        topics: "shared",
        routes: [
          {
            name: "on-call",
            detections: ["trail-guard"],
            emails: ["oncall@example.com"],
            slack: [{ name: "soc", secret: "slack/soc" }],
          },
        ],
      },
    });
    const placesOf = (wanted: string) =>
      found.flatMap(({ id, topicNames, webhookNames }) => (id === wanted ? [topicNames, webhookNames] : []));

    expect(placesOf("trail-guard")).toEqual([["trailwarden-alerts", "trailwarden-on-call"], ["soc"]]);
    expect(placesOf("iam-policy-changes")).toEqual([["trailwarden-alerts"], []]);
  });

  it("has only the guard's where alarms tell people themselves, and none where it is off", () => {
    const alerts = { enrich: false };

    expect(idsOf(samples({ alerts }))).toEqual(["trail-guard"]);
    expect(samples({ alerts, guard: { mode: "off" } })).toEqual([]);
    expect(idsOf(samples({ alerts, guard: { modes: { "stop-logging": "off" } } }))).toEqual([]);
    expect(idsOf(samples({ ec2States: [] }))).not.toContain("ec2-state-change");
  });

  it("tells of the states that are configured, so many in a storm", () => {
    const [, storm] = samples({ ec2States: ["pending", "running"] }).filter(({ id }) =>
      id.startsWith("ec2-state-change"),
    );

    expect(storm?.alert.subject).toBe("[LOW] 37 changes of EC2 instances: 19 pending, 18 running");
  });

  it.each([
    [{}, "restored, 3.2 s after the call"],
    [{ mode: "observe" }, "left: the guard only observes"],
    [{ mode: "observe", modes: { "stop-logging": "enforce" } }, "restored, 3.2 s after the call"],
  ] as const)("tells of the guard as it is set: %j", (guard, outcome) => {
    const alert = samples({ guard, trail: { name: "audit" } }).at(-1)?.alert;

    expect(alert?.items).toEqual([`the trail does not log: ${outcome}`]);
    expect(alert?.facts).toEqual([
      { label: "Trail", lines: ["arn:aws:cloudtrail:ap-northeast-2:111122223333:trail/audit"] },
    ]);
  });

  it("is the same each time, on the page as well", () => {
    const page = (): string => {
      const settings = settingsOf();
      const { deployment, dashboard } = madeParts("main", settings);
      return previewPage({
        name: "main",
        region: settings.region,
        isEnriched: true,
        samples: samplesOf(settings, deployment),
        dashboard,
      });
    };

    expect(page()).toBe(page());
  });

  it("is of the region's partition", () => {
    const texts = samples({ region: "cn-north-1" }).map(({ alert }) => alertMail(alert).body);

    expect(texts.join("\n")).toContain("https://cn-north-1.console.amazonaws.cn/");
    expect(texts.at(-1)).toContain("arn:aws-cn:cloudtrail:cn-north-1:");
  });
});
