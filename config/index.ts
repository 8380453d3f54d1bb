import { z } from "zod";
import { monthlyCostDollars } from "../detections";
import { type EnvironmentConfig, environmentSchema } from "./environment";
import { ConfigError, describeIssues } from "./problems";
import { settings, textLike } from "./settings";
import { type StackSettings, stackSettings } from "./stack-settings";

export { deploymentNames } from "./deployment-names";
export type { EnvironmentConfig } from "./environment";
export { ConfigError } from "./problems";
export type { StackSettings } from "./stack-settings";

const configSchema = settings({
  environments: z
    .record(
      textLike(
        /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
        'no environment name: lower-case letters, digits and single "-"',
      ),
      environmentSchema,
    )
    .refine((environments) => Object.keys(environments).length > 0, { error: "names no environment" }),
});

/** What a team writes into `trailwarden.config.ts`. */
export interface TrailwardenConfig {
  /** By name, which is also the name of the environment's stack. */
  readonly environments: Readonly<Record<string, EnvironmentConfig>>;
}

/** Gives the editor the types of the configuration; it is checked when it is used. */
export function defineConfig(config: TrailwardenConfig): TrailwardenConfig {
  return config;
}

/**
 * Checks a configuration whole.
 *
 * @returns the settings of each environment's stack, by the environment's name
 * @throws ConfigError with every problem found
 */
export function parseConfig(config: unknown): Record<string, StackSettings> {
  const result = configSchema.safeParse(config, { reportInput: true });
  if (!result.success) {
    throw new ConfigError(describeIssues(result.error.issues));
  }
  const stacks: Record<string, StackSettings> = {};
  const problems: string[] = [];
  for (const [name, environment] of Object.entries(result.data.environments)) {
    const stack = stackSettings(environment);
    stacks[name] = stack.settings;
    problems.push(...stack.problems.map((problem) => `environments.${name}.${problem}`));
  }
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
  return stacks;
}

/** What a valid configuration had better not be left at, one line each. */
export function configWarnings(stacks: Readonly<Record<string, StackSettings>>): string[] {
  return Object.entries(stacks)
    .filter(([, { backend }]) => backend === undefined || backend.type === "local")
    .map(
      ([name]) =>
        `environments.${name}.backend: the state is a file on this machine; a team wants remote state, such as s3 with useLockfile`,
    );
}

/** One line for each environment: how many filters and alarms it has, and what they cost. */
export function configSummary(stacks: Readonly<Record<string, StackSettings>>): string[] {
  return Object.entries(stacks).map(([name, { detections }]) => {
    const paging = detections.filter(({ pages }) => pages).length;
    const silent = detections.length - paging;
    const alarms = `${paging} alarms that tell people${silent === 0 ? "" : `, ${silent} for the auditor`}`;
    const dollars = monthlyCostDollars(detections.length).toFixed(2);
    return `${name}: ${detections.length} metric filters, ${alarms}; at most $${dollars} a month at us-east-1 list prices`;
  });
}
