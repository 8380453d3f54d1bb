import { GUARD_MODES, GUARD_ROWS, type GuardMode, type GuardRow } from "./rows";

/** How Terraform set the function up. */
export interface GuardSettings {
  readonly trailArn: string;
  readonly topicArn: string;
  /** Topic of the notifier that hands on to its routes what people are told; undefined where there are none. */
  readonly routesTopicArn?: string | undefined;
  readonly functionName: string;
  /** ARN of the function's own role, whose calls don't wake it. */
  readonly roleArn: string;
  /** Names of the parameters that it reads. */
  readonly parameters: GuardParameterNames;
  /** For each row; the function's own mode where a row has none. */
  readonly modes: Readonly<Record<GuardRow, GuardMode>>;
  /** ARN patterns, with `*` and `?`, of principals whose doings are told of and left. */
  readonly exemptPrincipals: readonly string[];
  /** At most so many repairs within so many minutes. */
  readonly repairLimit: number;
  readonly repairWindowMinutes: number;
  /** How long it waits, after a change of the declared state, for Terraform to finish before it makes what is missing. */
  readonly gracePeriodMinutes: number;
  /** The longest pause that it takes. */
  readonly longestPauseMinutes: number;
}

export interface GuardParameterNames {
  readonly declaredState: string;
  /** Digest of the declared state whose apply has finished; gone while Terraform changes what is declared. */
  readonly appliedState: string;
  readonly pause: string;
  readonly memory: string;
}

/** @throws naming the environment variable that is missing or wrong */
export function guardSettings(environment: Readonly<Record<string, string | undefined>>): GuardSettings {
  const text = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === "") {
      throw new Error(`environment variable ${name} is not set`);
    }
    return value;
  };
  const number = (name: string): number => {
    const value = Number(text(name));
    if (!Number.isInteger(value) || value < 0) {
      throw new Error(
        `environment variable ${name} must be a whole number, got ${JSON.stringify(text(name))}`,
      );
    }
    return value;
  };
  const json = (name: string): unknown => {
    try {
      return JSON.parse(text(name));
    } catch {
      throw new Error(`environment variable ${name} must be JSON, got ${JSON.stringify(text(name))}`);
    }
  };
  const prefix = text("PARAMETER_PREFIX");
  return {
    trailArn: text("TRAIL_ARN"),
    topicArn: text("TOPIC_ARN"),
    routesTopicArn: environment.ROUTES_TOPIC_ARN,
    functionName: text("AWS_LAMBDA_FUNCTION_NAME"),
    roleArn: text("ROLE_ARN"),
    parameters: guardParameterNames(prefix),
    modes: rowModes(guardMode("GUARD_MODE", text("GUARD_MODE")), json("ROW_MODES")),
    exemptPrincipals: textList("EXEMPT_PRINCIPALS", json("EXEMPT_PRINCIPALS")),
    repairLimit: number("REPAIR_LIMIT"),
    repairWindowMinutes: number("REPAIR_WINDOW_MINUTES"),
    gracePeriodMinutes: number("GRACE_PERIOD_MINUTES"),
    longestPauseMinutes: number("LONGEST_PAUSE_MINUTES"),
  };
}

export function guardParameterNames(prefix: string): GuardParameterNames {
  return {
    declaredState: `${prefix}/declared-state`,
    appliedState: `${prefix}/applied-state`,
    pause: `${prefix}/pause`,
    memory: `${prefix}/memory`,
  };
}

function rowModes(mode: GuardMode, own: unknown): Record<GuardRow, GuardMode> {
  if (typeof own !== "object" || own === null) {
    throw new Error("environment variable ROW_MODES must be a JSON object");
  }
  const modes = Object.fromEntries(GUARD_ROWS.map((row) => [row, mode]));
  for (const [row, value] of Object.entries(own)) {
    if (!Object.hasOwn(modes, row)) {
      throw new Error(`environment variable ROW_MODES names no row of the guard: ${JSON.stringify(row)}`);
    }
    modes[row] = guardMode(`ROW_MODES, row ${row},`, value);
  }
  return modes as Record<GuardRow, GuardMode>;
}

function guardMode(where: string, value: unknown): GuardMode {
  const mode = GUARD_MODES.find((mode) => mode === value);
  if (mode === undefined) {
    throw new Error(
      `environment variable ${where} must be one of ${GUARD_MODES.join(", ")}, got ${JSON.stringify(value)}`,
    );
  }
  return mode;
}

function textList(name: string, value: unknown): string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
    throw new Error(`environment variable ${name} must be a JSON list of texts`);
  }
  return value;
}
