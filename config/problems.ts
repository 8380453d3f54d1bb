import type { z } from "zod";
import { withoutSecrets } from "../aws/secret-url";
import { BACKEND_SECRETS } from "./backends";

type Issue = z.core.$ZodIssue;

/** The configuration is not valid: one line a problem, each with its path, its value and what is allowed. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
  }
}

/** Lines for people from what zod found, which must have been asked to report the input. */
export function describeIssues(issues: readonly Issue[]): string[] {
  return issues.flatMap(describeIssue);
}

function describeIssue(issue: Issue): string[] {
  const path = printPath(issue.path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const environmentVariable = issue.path[2] === "backend" ? BACKEND_SECRETS[key] : undefined;
      return environmentVariable === undefined
        ? `${printPath([...issue.path, key])}: ${issue.message}`
        : `${printPath([...issue.path, key])}: a secret has no place in the configuration; use ${environmentVariable}`;
    });
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map((inner) => `${path}: ${inner.message}`);
  }
  if (issue.code === "custom" && issue.params?.withoutValue === true) {
    return [`${path}: ${issue.message}`];
  }
  return [`${path}: ${complaint(issue)}`];
}

function complaint(issue: Issue): string {
  const value = printValue(issue.input);
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? `missing; expected ${article(issue.expected)}`
        : `${value} is not ${article(issue.expected)}`;
    case "invalid_value":
      return `${value} is not one of ${issue.values.map(String).join(", ")}`;
    case "invalid_union":
      return "options" in issue && Array.isArray(issue.options)
        ? complaintOfChoice(propertyOf(issue.input, issue.path.at(-1)), issue.options)
        : `${value} ${issue.message}`;
    default:
      return `${value} ${issue.message}`;
  }
}

function complaintOfChoice(value: unknown, options: readonly unknown[]): string {
  const allowed = options.join(", ");
  return value === undefined
    ? `missing; expected one of ${allowed}`
    : `${printValue(value)} is not one of ${allowed}`;
}

function propertyOf(value: unknown, name: PropertyKey | undefined): unknown {
  return name !== undefined && typeof value === "object" && value !== null
    ? (value as Record<PropertyKey, unknown>)[name]
    : value;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "an object of settings",
  record: "an object of settings",
};

function article(expected: string): string {
  return TYPE_NAMES[expected] ?? expected;
}

/** e.g. `environments.main.alerts.emails[1]` */
function printPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) {
    return "the configuration";
  }
  return path.reduce<string>((printed, part) => {
    if (typeof part === "number") {
      return `${printed}[${part}]`;
    }
    const name = withoutSecrets(String(part));
    const plain = /^[A-Za-z_][\w-]*$/.test(name);
    return plain ? `${printed}${printed === "" ? "" : "."}${name}` : `${printed}[${JSON.stringify(name)}]`;
  }, "");
}

const LONGEST_VALUE = 80;

/** A value as JSON, cut where it is long; a password or a key in a URL is not printed. */
function printValue(value: unknown): string {
  const printed = withoutSecrets(printWhole(value));
  return printed.length > LONGEST_VALUE ? `${printed.slice(0, LONGEST_VALUE)}…` : printed;
}

function printWhole(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
