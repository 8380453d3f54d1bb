import { strFromU8, unzipSync } from "fflate";
import type { EnvironmentConfig } from "../../config";
import { NOTIFIER_NAME } from "../../detections";
import {
  DEPLOYMENT_FILE,
  type Deployment,
  type NotifiedDetection,
} from "../../lambda-src/notifier/deployment";
import { type SynthesizedFunction, synthesizedFunction } from "../functions/stack";

/** The notifier of a synthesized stack. */
export interface SynthesizedNotifier extends SynthesizedFunction {
  readonly logGroupName: string;
  /** One of its alarms. */
  readonly alarmName: string;
  /** What that alarm is about. */
  readonly detection: NotifiedDetection;
}

/** @param detectionId of the alarm's detection */
export function synthesizedNotifier(
  environment: EnvironmentConfig,
  detectionId: string,
): SynthesizedNotifier {
  const notifier = synthesizedFunction(NOTIFIER_NAME, environment);
  const file = unzipSync(notifier.archive)[DEPLOYMENT_FILE];
  if (file === undefined) {
    throw new Error("the notifier is not told of its deployment");
  }
  const { logGroupName, alarms } = JSON.parse(strFromU8(file)) as Deployment;
  const alarm = Object.entries(alarms).find(([, { id }]) => id === detectionId);
  if (alarm === undefined) {
    throw new Error(`the notifier knows no alarm of ${detectionId}`);
  }
  const [alarmName, detection] = alarm;
  return { ...notifier, logGroupName, alarmName, detection };
}
