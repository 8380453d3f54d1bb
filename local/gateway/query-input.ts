import type { Operation } from "./operation";

/** Members of the form whose values aren't text, of the services that speak the Query protocol. */
const NUMBERS: ReadonlySet<string> = new Set([
  ...["Period", "EvaluationPeriods", "DatapointsToAlarm", "Threshold", "ActionsSuppressorWaitPeriod"],
  ...["MaxSessionDuration", "DurationSeconds", "MinimumPasswordLength", "MaxPasswordAge"],
  ...["FromPort", "ToPort", "From", "To", "RuleNumber", "MinCount", "MaxCount", "VolumeSize", "Iops"],
]);
const BOOLEANS: ReadonlySet<string> = new Set([
  ...["ActionsEnabled", "ReturnData", "ReturnSubscriptionArn", "PasswordResetRequired", "SetAsDefault"],
  ...["AllowUsersToChangePassword", "HardExpiry", "RequireLowercaseCharacters", "RequireNumbers"],
  ...["RequireSymbols", "RequireUppercaseCharacters", "DryRun", "Force", "Hibernate", "Enabled", "Egress"],
  ...["DisableApiStop", "DisableApiTermination", "EbsOptimized", "DeleteOnTermination", "Encrypted"],
]);

/** Of these, a list without elements is sent as an empty text. */
const LISTS: readonly string[] = [
  "AlarmActions",
  "OKActions",
  "InsufficientDataActions",
  "AlarmNames",
  "Dimensions",
  "Metrics",
  "Tags",
];

interface Node {
  text?: string;
  readonly children: Map<string, Node>;
}

/** A form nested deeper is none of AWS's. */
const MAX_DEPTH = 32;

/**
 * The call of a form of the Query protocol or of EC2's, which numbers lists without `member`: `A.member.1` and `A.1` are
 * the first of a list, `A.entry.1.key` and `A.entry.1.Name` a map's.
 *
 * @returns undefined for a form that names no action
 */
export function operationOfForm(form: URLSearchParams): Operation | undefined {
  const root: Node = { children: new Map() };
  for (const [key, value] of form) {
    const parts = key.split(".");
    if (parts.length > MAX_DEPTH) {
      return undefined;
    }
    let node = root;
    for (const part of parts) {
      const child = node.children.get(part) ?? { children: new Map() };
      node.children.set(part, child);
      node = child;
    }
    node.text = value;
  }
  const operation = root.children.get("Action")?.text;
  if (operation === undefined || !/^\w+$/.test(operation)) {
    return undefined;
  }
  root.children.delete("Action");
  root.children.delete("Version");
  return { operation, input: structureOf(root) };
}

function structureOf({ children }: Node): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...children].map(([name, child]) => [name, contentOf(name, child)]));
}

function contentOf(name: string, node: Node): unknown {
  if (node.children.size === 0) {
    return typed(name, node.text ?? "");
  }
  const list = listOf(onlyChildOf(node, "member") ?? node);
  if (list !== undefined) {
    return list.map((element) => contentOf(name, element));
  }
  const entry = onlyChildOf(node, "entry");
  const entries = entry === undefined ? undefined : listOf(entry);
  return entries === undefined ? structureOf(node) : mapOf(entries);
}

function onlyChildOf({ children }: Node, name: string): Node | undefined {
  return children.size === 1 ? children.get(name) : undefined;
}

function listOf({ children }: Node): Node[] | undefined {
  const isList = children.size > 0 && [...children.keys()].every((key) => /^\d+$/.test(key));
  return isList
    ? [...children].sort(([one], [other]) => Number(one) - Number(other)).map(([, element]) => element)
    : undefined;
}

function mapOf(entries: readonly Node[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    entries.map(({ children }) => {
      // Message attributes have names of their own for it, and values with members.
      const value = children.get("value") ?? children.get("Value");
      return [
        (children.get("key") ?? children.get("Name"))?.text ?? "",
        value === undefined ? "" : contentOf("", value),
      ];
    }),
  );
}

function typed(name: string, text: string): string | number | boolean | readonly string[] {
  if (LISTS.includes(name) && text === "") {
    return [];
  }
  if (NUMBERS.has(name) && /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) {
    return Number(text);
  }
  return BOOLEANS.has(name) && /^(?:true|false)$/.test(text) ? text === "true" : text;
}
