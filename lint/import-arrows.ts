import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseSync } from "@swc/core";

/**
 * Who may import whom, by folder or file of the project's root. An import inside a place needs no arrow; one that
 * isn't here is a defect.
 */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  main: ["config", "constructs", "trailwarden.config"],
  "trailwarden.config": ["config"],
  config: ["detections", "aws", "lambda-src/guard/rows"],
  constructs: [
    "detections",
    "patterns",
    "aws",
    "lambda-src/guard/declared-state",
    "lambda-src/guard/metrics",
    "lambda-src/guard/rows",
    "lambda-src/notifier/deployment",
  ],
  detections: ["patterns"],
  aws: [],
  patterns: [],
  "lambda-src/guard": ["lambda-src/shared"],
  "lambda-src/notifier": ["lambda-src/shared"],
  "lambda-src/shared": [],
  local: ["patterns"],
  examples: ["constructs", "detections"],
  cli: [
    "config",
    "aws",
    "constructs",
    "detections",
    "patterns",
    "local",
    "lambda-src/guard/declared-state",
    "lambda-src/guard/exempt",
    "lambda-src/guard/pause",
    "lambda-src/guard/report",
    "lambda-src/guard/rows",
    "lambda-src/guard/settings",
    "lambda-src/notifier/alarm-alert",
    "lambda-src/notifier/deployment",
    "lambda-src/notifier/instance-alert",
    "lambda-src/notifier/places",
    "lambda-src/notifier/slack-message",
    "lambda-src/shared/alert",
    "lambda-src/shared/alert-mail",
    "lambda-src/shared/api-call",
    "lambda-src/shared/text",
    "trailwarden.config",
  ],
};

/** Packages, Node's own included, that a place may not import: any, or those listed. */
const FORBIDDEN_PACKAGES: Readonly<Record<string, "any" | readonly string[]>> = {
  aws: "any",
  patterns: "any",
  detections: "any",
  "lambda-src/guard": ["cdktf", "constructs", "@cdktf/provider-aws"],
  "lambda-src/notifier": ["cdktf", "constructs", "@cdktf/provider-aws"],
  "lambda-src/shared": ["cdktf", "constructs", "@cdktf/provider-aws"],
};

/**
 * @param file path relative to the root, with `/`
 * @param source its TypeScript
 * @returns a line for each import that no arrow allows
 */
export function forbiddenImports(file: string, source: string): string[] {
  const from = placeOf(file);
  if (from === undefined) {
    return [];
  }
  return importsOf(source).flatMap((specifier) => {
    const complaint = specifier.startsWith(".")
      ? complaintOfArrow(from, path.posix.join(path.posix.dirname(file), specifier))
      : complaintOfPackage(from, specifier);
    return complaint === undefined ? [] : [`${file}: ${complaint}`];
  });
}

function complaintOfArrow(from: string, target: string): string | undefined {
  const allowed = [from, ...(ARROWS[from] ?? [])];
  const isAllowed = allowed.some((place) => target === place || target.startsWith(`${place}/`));
  return isAllowed
    ? undefined
    : `${from} may not import ${target}; it may import ${allowed.slice(1).join(", ") || "nothing"}`;
}

function complaintOfPackage(from: string, specifier: string): string | undefined {
  const forbidden = FORBIDDEN_PACKAGES[from] ?? [];
  const isForbidden =
    forbidden === "any" || forbidden.some((name) => specifier === name || specifier.startsWith(`${name}/`));
  return isForbidden ? `${from} may not import the package ${specifier}` : undefined;
}

function placeOf(file: string): string | undefined {
  const withoutExtension = file.replace(/\.ts$/, "");
  return Object.keys(ARROWS).find((place) => withoutExtension === place || file.startsWith(`${place}/`));
}

/** Specifiers of every import, export-from, `require` and `import()` of a module, types included. */
function importsOf(source: string): string[] {
  const found: string[] = [];
  visit(parseSync(source, { syntax: "typescript", target: "es2022" }), found);
  return found;
}

interface Node {
  readonly type?: string;
  readonly source?: { readonly value: string } | null;
  readonly callee?: { readonly type: string; readonly value?: string };
  readonly arguments?: readonly { readonly expression: { readonly type: string; readonly value?: string } }[];
  readonly argument?: { readonly type: string; readonly value?: string };
}

function visit(value: unknown, found: string[]): void {
  if (typeof value !== "object" || value === null) {
    return;
  }
  const node = value as Node;
  if (/^(?:Import|Export\w+)Declaration$/.test(node.type ?? "") && typeof node.source?.value === "string") {
    found.push(node.source.value);
  } else if (node.type === "CallExpression") {
    const isImport = node.callee?.type === "Import" || node.callee?.value === "require";
    const argument = node.arguments?.[0]?.expression;
    if (isImport && argument?.type === "StringLiteral" && argument.value !== undefined) {
      found.push(argument.value);
    }
  } else if (node.type === "TsImportType" && node.argument?.value !== undefined) {
    found.push(node.argument.value);
  }
  for (const child of Object.values(value)) {
    visit(child, found);
  }
}

if (require.main === module) {
  const root = path.join(__dirname, "..");
  const files = Object.keys(ARROWS).flatMap((place) => sourceFiles(root, place));
  const complaints = files.flatMap((file) =>
    forbiddenImports(file, readFileSync(path.join(root, file), "utf8")),
  );
  for (const complaint of complaints) {
    console.error(complaint);
  }
  console.error(`import arrows: ${files.length} files checked, ${complaints.length} forbidden imports`);
  process.exitCode = complaints.length === 0 ? 0 : 1;
}

/** Paths of a place's TypeScript files, relative to the root. */
function sourceFiles(root: string, place: string): string[] {
  if (existsSync(path.join(root, `${place}.ts`))) {
    return [`${place}.ts`];
  }
  if (!existsSync(path.join(root, place))) {
    return [];
  }
  return readdirSync(path.join(root, place), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.posix.join(place, file.split(path.sep).join("/")));
}
