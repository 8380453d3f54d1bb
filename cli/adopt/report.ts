import { type Literal, printLiteral } from "./config-text";
import { type AdoptSection, type Item, NOT_LOOKED_AT, type OtherSettings } from "./item";

/**
 * What was found and decided. `--json` prints it as it is:
 *
 * ```json
 * {
 *   "region": "eu-central-1",
 *   "account": "111122223333",
 *   "environment": "main",
 *   "adopt": { "trail": "arn:aws:cloudtrail:eu-central-1:111122223333:trail/audit", "alarms": ["IAM Policy Changes"] },
 *   "settings": { "trail": { "existingKey": "arn:..." }, "retention": { "logGroupDays": 3653 } },
 *   "items": [
 *     {
 *       "kind": "trail",
 *       "name": "audit",
 *       "decision": "adopt",
 *       "changes": ["is_multi_region_trail: false -> true"],
 *       "before": [],
 *       "notes": []
 *     }
 *   ]
 * }
 * ```
 */
export interface AdoptReport {
  readonly region: string;
  /** Its number. */
  readonly account: string;
  /** Its name in trailwarden.config.ts. */
  readonly environment: string;
  /** The environment's section; empty where there is nothing to adopt. */
  readonly adopt: AdoptSection;
  /** What goes into the environment's other groups, beside what they have. */
  readonly settings: OtherSettings;
  /** In the order of the report; a note on a look that failed begins with {@link NOT_LOOKED_AT}. */
  readonly items: readonly Item[];
}

const TITLES: readonly (readonly [Item["decision"], string])[] = [
  ["adopt", "Imported, and then changed in place"],
  ["use", "Used as it is, and not imported"],
  ["new", "Made"],
  ["leave", "Left alone"],
];

/** The report for people: what goes into the configuration, and what becomes of each thing. */
export function describe(report: AdoptReport): string {
  const { adopt, settings, items, region, account, environment } = report;
  const groups = TITLES.flatMap(([decision, title]) => {
    const own = items.filter((item) => item.decision === decision);
    return own.length === 0 ? [] : [`${title}\n\n${describeItems(own)}`];
  });
  const section = describeSection(adopt, settings);
  const isAllNew = items.every((item) => item.decision === "new" && !hasLines(item));
  const head =
    section === ""
      ? isAllNew
        ? `Nothing to adopt in account ${account}, ${region}: nothing was found that the stack ${environment} would make.`
        : `Nothing to adopt was found in account ${account}, ${region}, for the stack ${environment}, but this was:`
      : `Settings of the environment ${environment} that adopt what account ${account} has in ${region}:\n\n${section}`;
  return [head, ...(section === "" && isAllNew ? [] : [...groups, ...describeBefore(items)])].join("\n\n");
}

/** Everything that is to be done or known before `terraform apply`, once more; none where there is nothing. */
function describeBefore(items: readonly Item[]): string[] {
  const lines = items.flatMap(({ kind, name, before }) => before.map((line) => `  ${kind} ${name}: ${line}`));
  return lines.length === 0 ? [] : [`Before terraform apply\n\n${lines.join("\n")}`];
}

/** Whether everything could be looked at that may exist. */
export function unseen(items: readonly Item[]): Item[] {
  return items.filter(({ notes }) => notes.some((note) => note.startsWith(NOT_LOOKED_AT)));
}

/** TypeScript of the settings, to be pasted into the environment; empty where there are none. */
function describeSection(adopt: AdoptSection, settings: OtherSettings): string {
  return Object.entries(sectionsOf(adopt, settings))
    .map(([name, value]) => `${name}: ${printLiteral(value, "", name.length + 2)},`)
    .join("\n");
}

/** Settings of the environment, by name. */
export function sectionsOf(adopt: AdoptSection, settings: OtherSettings): Readonly<Record<string, Literal>> {
  return Object.fromEntries(
    [
      ["adopt", literalOf(adopt)] as const,
      ...Object.entries(settings).map(([name, value]) => [name, literalOf(value)] as const),
    ].filter(([, value]) => Object.keys(value).length > 0),
  );
}

function literalOf(
  values: Readonly<Record<string, string | number | readonly string[] | undefined>>,
): Readonly<Record<string, Literal>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Items of a single line stand together, those of more lines apart. */
function describeItems(items: readonly Item[]): string {
  return items
    .map((item, index) => {
      const text = describeItem(item);
      const before = items[index - 1];
      const isApart = before !== undefined && (hasLines(item) || hasLines(before));
      return isApart ? `\n${text}` : text;
    })
    .join("\n");
}

function hasLines({ before, changes, notes }: Item): boolean {
  return before.length + changes.length + notes.length > 0;
}

function describeItem(item: Item): string {
  const { kind, name, decision, before, changes, notes } = item;
  const title = `  ${kind} ${name}${decision === "adopt" && !hasLines(item) ? ": unchanged" : ""}`;
  const lines = [...before.map((line) => `before terraform apply: ${line}`), ...changes, ...notes];
  return [title, ...lines.map((line) => `    ${line}`)].join("\n");
}
