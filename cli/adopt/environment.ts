import { parseConfig, type StackSettings, type TrailwardenConfig } from "../../config";
import { isObject } from "../../config/settings";

/** A configuration of which the settings may be wrong. */
export interface Configuration {
  readonly environments: Readonly<Record<string, unknown>>;
}

/**
 * The environment that is meant: the one that is asked for, or the only one of the region.
 *
 * @throws Error where no environment, or more than one, can be meant
 */
export function chooseName(config: TrailwardenConfig, region: string, asked: string | undefined): string {
  const environments = parseConfig(config);
  const all = Object.entries(environments).map(([name, settings]) => `${name} (${settings.region})`);
  if (asked !== undefined) {
    const settings = environments[asked];
    if (settings === undefined) {
      throw new Error(`no environment ${JSON.stringify(asked)}; there is ${all.join(", ")}`);
    }
    if (settings.region !== region) {
      throw new Error(`the environment ${asked} is in ${settings.region}, not in ${region}`);
    }
    return asked;
  }
  const names = Object.keys(environments).filter((name) => environments[name]?.region === region);
  const [name] = names;
  if (name === undefined || names.length > 1) {
    throw new Error(
      name === undefined
        ? `no environment is in ${region}; there is ${all.join(", ")}`
        : `choose an environment with --environment NAME: ${names.join(", ")}`,
    );
  }
  return name;
}

/** The configuration with other settings of one environment; those of a group, such as `trail`, are added to it. */
export function withSettings(
  config: Configuration,
  environment: string,
  changed: Readonly<Record<string, unknown>>,
): Configuration {
  const own = config.environments[environment];
  const settings: Record<string, unknown> = isObject(own) ? { ...own } : {};
  for (const [name, value] of Object.entries(changed)) {
    const now = settings[name];
    settings[name] = name !== "adopt" && isObject(now) && isObject(value) ? { ...now, ...value } : value;
  }
  return { environments: { ...config.environments, [environment]: settings } };
}

/** @throws Error for a configuration that is wrong, or has no such environment */
export function settingsOf(config: unknown, environment: string): StackSettings {
  const settings = parseConfig(config)[environment];
  if (settings === undefined) {
    throw new Error(`no environment ${environment}`);
  }
  return settings;
}
