export { type Detection, defineDetection, PRESETS } from "../detections";
export { AlertTopic, type AlertTopicProps } from "./alert-topic";
export { AuditTrail, type AuditTrailProps } from "./audit-trail";
export type { BackendProps } from "./backend";
export { type AlarmDefinition, DetectionAlarm, type DetectionAlarmProps } from "./detection-alarm";
export { EncryptionKey, type EncryptionKeyProps, type IEncryptionKey } from "./encryption-key";
export { EventAlert, type EventAlertProps, type EventMessage } from "./event-alert";
export {
  type AlarmSettings,
  type AlertSettings,
  type GuardSettings,
  type ProviderSettings,
  type RetentionSettings,
  type TrailSettings,
  TrailwardenStack,
  type TrailwardenStackProps,
} from "./stack";
export type { ObjectLock } from "./trail-bucket";
export { TrailGuard, type TrailGuardProps } from "./trail-guard";
