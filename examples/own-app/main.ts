// The constructs in an app of one's own, without trailwarden.config.ts: one stack puts single constructs together, the
// other is a whole TrailwardenStack beside it.
//
//   npx cdktf synth --app "npx tsx examples/own-app/main.ts" --output cdktf.out/own-app

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, S3Backend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  AlarmNotifier,
  type AlarmSettings,
  AlertTopic,
  AuditTrail,
  DetectionAlarm,
  EncryptionKey,
  EventAlert,
  PRESETS,
  TrailDashboard,
  TrailGuard,
  TrailwardenStack,
} from "../../constructs";

/** A detection of one's own, beside those of the preset. */
const rootUse: AlarmSettings = {
  id: "root-use",
  filterName: "RootUse",
  filterPattern:
    '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
  metricName: "RootUseCount",
  alarmName: "Root user activity",
  description: "Raises alarms if the root user does anything",
  statistic: "Sum",
  periodSeconds: 300,
  threshold: 1,
  topicName: "unused-here",
};

class AuditStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new S3Backend(this, { bucket: "STATE_BUCKET", key: "audit.tfstate", region: "eu-west-1" });
    new AwsProvider(this, "aws", { region: "eu-west-1" });
    // CDKTF alone would pin the one provider version that its classes were generated from.
    this.addOverride("terraform.required_providers.aws.version", ">= 5.100.0, < 7.0.0");

    // One key for trail, logs and topics. A key that exists already: EncryptionKey.fromKeyArn("arn:aws:kms:…").
    const encryptionKey = new EncryptionKey(this, "key", {
      alias: "acme-audit",
      description: "Log files, log groups and alert topics of the audit trail",
    });

    const trail = new AuditTrail(this, "trail", {
      trailName: "acme-audit",
      encryptionKey,
      bucketRetentionDays: 731,
      objectLock: { mode: "GOVERNANCE", days: 90 },
    });

    const topic = new AlertTopic(this, "alerts", {
      topicName: "acme-audit-alerts",
      emails: ["security@example.com"],
      encryptionKey,
    });

    // The alarms publish to a topic that the notifier reads; it tells people who did what. Without a notifier the alarms'
    // topic would be the people's: topic.
    const alarmTopic = new AlertTopic(this, "alarms", { topicName: "acme-audit-alarms", encryptionKey });
    const detected = [...PRESETS["aws-guide"], rootUse].map((detection) => ({
      detection: {
        id: detection.id,
        title: detection.title ?? detection.alarmName,
        severity: detection.severity ?? "high",
        filterPattern: detection.filterPattern,
        runbook: detection.runbook ?? [],
      },
      alarm: new DetectionAlarm(this, detection.id, {
        detection,
        trail,
        topic: alarmTopic,
        namePrefix: "acme-",
      }),
      topic,
    }));
    const notifier = new AlarmNotifier(this, "notifier", {
      trail,
      alarmTopic,
      alarms: detected,
      topic,
      routes: [
        {
          name: "oncall",
          severities: ["critical", "high"],
          // Whoever has the webhook's URL can post: so it is in Secrets Manager.
          slack: [{ name: "oncall", secret: "acme/slack-oncall" }],
        },
      ],
      functionName: "acme-audit-notifier",
      encryptionKey,
    });
    const alarms = detected.map(({ alarm }) => alarm);

    const keyDeletion = new EventAlert(this, "key-deletion", {
      ruleName: "acme-key-deletion",
      description: "Tells of KMS keys that somebody schedules for deletion",
      eventPattern: {
        source: ["aws.kms"],
        "detail-type": ["AWS API Call via CloudTrail"],
        detail: { eventSource: ["kms.amazonaws.com"], eventName: ["ScheduleKeyDeletion"] },
      },
      topic,
      message: {
        inputPaths: {
          who: "$.detail.userIdentity.arn",
          from: "$.detail.sourceIPAddress",
          key: "$.detail.requestParameters.keyId",
          time: "$.time",
        },
        lines: ["<who> scheduled the key <key> for deletion,", "from <from> at <time>."],
      },
    });

    const guard = new TrailGuard(this, "guard", {
      trail,
      alarms,
      eventAlerts: [keyDeletion],
      notifier,
      topic,
      functionName: "acme-audit-guard",
      encryptionKey,
    });

    new TrailDashboard(this, "dashboard", {
      dashboardName: "acme-audit",
      trail,
      alarms: detected.map(({ alarm, detection }) => ({ alarm, title: detection.title })),
      guard,
      notifier,
      topics: [topic, alarmTopic],
    });
  }
}

const app = new App();
new AuditStack(app, "audit");
// For an account of its own: a second trail in one account records every event a second time, which AWS charges for.
new TrailwardenStack(app, "audit-sandbox", {
  region: "eu-west-1",
  namePrefix: "sandbox-",
  backend: {
    type: "s3",
    arguments: {
      bucket: "STATE_BUCKET",
      key: "audit-sandbox.tfstate",
      region: "eu-west-1",
      use_lockfile: true,
    },
  },
  detections: PRESETS["aws-guide"],
  alerts: { emails: ["security@example.com"], topics: "shared" },
  guard: { mode: "observe" },
});
app.synth();
