export { type Detection, defineDetection, PRESETS } from "../detections";
export type { AdoptSettings } from "./adopt";
export {
  AlarmNotifier,
  type AlarmNotifierProps,
  type NotifiedAlarm,
  type NotifiedDetection,
  type NotifierRoute,
} from "./alarm-notifier";
export { AlertTopic, type AlertTopicProps } from "./alert-topic";
export { type AdoptedTrail, AuditTrail, type AuditTrailProps } from "./audit-trail";
export type { BackendProps } from "./backend";
export { ChatChannel, type ChatChannelProps } from "./chat-channel";
export { type AlarmDefinition, DetectionAlarm, type DetectionAlarmProps } from "./detection-alarm";
export { EncryptionKey, type EncryptionKeyProps, type IEncryptionKey } from "./encryption-key";
export { EventAlert, type EventAlertProps, type EventMessage } from "./event-alert";
export type { SlackWebhook } from "./notifier-policy";
export {
  type AlarmSettings,
  type AlertSettings,
  type ChatChannelSettings,
  type GuardSettings,
  type ProviderSettings,
  type RetentionSettings,
  type RouteSettings,
  type SubscriberSettings,
  type TrailSettings,
  TrailwardenStack,
  type TrailwardenStackProps,
} from "./stack";
export type { Subscription } from "./subscription";
export type { ObjectLock } from "./trail-bucket";
export { type TitledAlarm, TrailDashboard, type TrailDashboardProps } from "./trail-dashboard";
export { TrailGuard, type TrailGuardProps } from "./trail-guard";
