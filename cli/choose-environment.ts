import { parseConfig, type StackSettings } from "../config";

/**
 * One environment of `trailwarden.config.ts`: the one named, or the first.
 *
 * @throws ConfigError for a configuration that isn't valid, Error for a name that isn't in it
 */
export function chooseEnvironment(name: string | undefined): { name: string; settings: StackSettings } {
  const environments = parseConfig(require("../trailwarden.config").default);
  const chosen = name ?? (Object.keys(environments)[0] as string);
  const settings = environments[chosen];
  if (settings === undefined) {
    throw new Error(
      `no environment ${JSON.stringify(chosen)}; there is ${Object.keys(environments).join(", ")}`,
    );
  }
  return { name: chosen, settings };
}
