export type { Detection } from "./detection";
export { METRIC_NAMESPACE } from "./detection";
export type { PresetName } from "./presets";
export { PRESETS } from "./presets";
