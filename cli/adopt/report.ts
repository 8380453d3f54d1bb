import { type Literal, printLiteral } from "./config-text";
import { type AdoptSection, type Item, NOT_LOOKED_AT, type OtherSettings } from "./item";

/** What `--json` prints. */
export interface AdoptReport {
  readonly region: string;
  readonly account: string;
  readonly environment: string;
  /** Empty where there is nothing to adopt. */
  readonly adopt: AdoptSection;
  readonly settings: OtherSettings;
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
    return own.length === 0 ? [] : [[title, ...own.map(describeItem)].join("\n\n")];
  });
  const section = describeSection(adopt, settings);
  const nothing = `Nothing to adopt in account ${account}, ${region}: nothing was found that the stack ${environment} would make.`;
  const isAllNew = items.every(({ decision, notes }) => decision === "new" && notes.length === 0);
  return [section === "" ? nothing : section, ...(isAllNew ? [] : groups)].join("\n\n");
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

function describeItem({ kind, name, changes, notes }: Item): string {
  return [`  ${kind} ${name}`, ...[...changes, ...notes].map((line) => `    ${line}`)].join("\n");
}
