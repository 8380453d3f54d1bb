import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import type { AlarmNotifier } from "./alarm-notifier";
import type { AlertTopic } from "./alert-topic";
import type { AuditTrail } from "./audit-trail";
import { AwsContext } from "./aws-context";
import { type ShownDetection, trailDashboardBody } from "./dashboard/trail-dashboard-body";
import type { DetectionAlarm } from "./detection-alarm";
import type { TrailGuard } from "./trail-guard";

export interface TrailDashboardProps {
  /** Name of the dashboard: up to 255 letters, digits, `_` and `-`. */
  readonly dashboardName: string;
  readonly trail: AuditTrail;
  /** Alarms on the trail's events, in the order that they are shown in. */
  readonly alarms: readonly TitledAlarm[];
  /** @default - nothing of a guard is shown */
  readonly guard?: TrailGuard | undefined;
  /** @default - nothing of a notifier is shown */
  readonly notifier?: AlarmNotifier | undefined;
  /** Topics whose failed deliveries are shown. */
  readonly topics: readonly AlertTopic[];
}

export interface TitledAlarm {
  readonly alarm: DetectionAlarm;
  /** For people, e.g. `IAM policy changes`. */
  readonly title: string;
}

/**
 * A CloudWatch dashboard of a trail: whether it and its guard work, the alarms, how often each detection matched, and
 * the latest events that did.
 *
 * Source: CloudWatch API reference, "Dashboard body structure and syntax".
 */
export class TrailDashboard extends Construct {
  readonly dashboardName: string;

  /** @throws if the name is not one that CloudWatch accepts, or the alarms are more than a dashboard has room for */
  constructor(scope: Construct, id: string, props: TrailDashboardProps) {
    super(scope, id);
    const { dashboardName, trail, alarms, guard, notifier, topics } = props;
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(dashboardName)) {
      throw new Error(
        `dashboardName must be 1 to 255 letters, digits, "_" or "-", got ${JSON.stringify(dashboardName)}`,
      );
    }
    this.dashboardName = dashboardName;
    const body = trailDashboardBody({
      region: AwsContext.of(this).region,
      trailName: trail.trailName,
      logGroupName: trail.declared.logGroup.name,
      detections: alarms.map(shownDetection),
      guard: guard?.parts,
      notifier: notifier?.parts,
      topicNames: topics.map(({ topicName }) => topicName),
    });
    new CloudwatchDashboard(this, "dashboard", {
      dashboardName,
      dashboardBody: JSON.stringify(body, (_, value: unknown) =>
        typeof value === "string" ? withoutTemplates(value) : value,
      ),
    });
  }
}

function shownDetection({ alarm, title }: TitledAlarm): ShownDetection {
  const { alarmArn, statistic, periodSeconds, threshold, declared } = alarm;
  const { namespace, metricName, pattern } = declared.metricFilter;
  return {
    title,
    alarmArn,
    tells: declared.alarm.tells,
    filterPattern: pattern,
    namespace,
    metricName,
    statistic,
    periodSeconds,
    threshold,
  };
}

/** What Terraform would take for a template of its own stands for itself; references, which CDKTF fills in, stay. */
function withoutTemplates(text: string): string {
  return text.replace(/([$%])\{(?!TfToken\[)/g, "$1$1{");
}
