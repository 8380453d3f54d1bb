import { type DeploymentNames, type Detection, detectionsOf, PRESET_NAMES } from "../detections";

/** Names of a deployment with nothing but a region configured, for the patterns that watch its own resources. */
const NAMES: DeploymentNames = {
  namePrefix: "",
  trailName: "trailwarden",
  bucketName: "trailwarden-*",
  logGroupName: "/aws/cloudtrail/trailwarden",
  functionNames: ["enable_trail"],
  roleNames: ["trailwarden-log-delivery", "enable_trail"],
};

/** A detection as some presets have it. */
interface Form {
  readonly detection: Detection;
  readonly presets: string[];
}

/** The catalogue as a page of Markdown. */
export function detectionsPage(): string {
  const catalogue = formsById();
  const overview = catalogue.map((forms) => {
    const { id, title, severity, controls } = (forms[0] as Form).detection;
    const { cis12, cis14, cis30, securityHub } = controls;
    const presets = forms.flatMap((form) => form.presets).map(code);
    return [`[\`${id}\`](#${id})`, title, severity, cis12, cis14, cis30, securityHub, presets.join(", ")];
  });
  return `${[
    "# Detections",
    "<!-- Made from detections/ by `npm run docs:detections`. -->",
    "Each detection is a metric filter on the trail's log group and an alarm on its metric. An environment chooses sets of\nthem (`detections.preset`); where sets share a detection, it has the form of the set named first.",
    "The standard pattern is a standard's own text to the letter, which auditors compare. The tuned pattern, where there is\none, misses less and cries wolf less (`detections.dialect`). The patterns of `tamper` hold names of the deployment; those\nhere are of one with default names.",
    table(["id", "title", "severity", "CIS 1.2", "CIS 1.4", "CIS 3.0", "Security Hub", "presets"], overview),
    ...catalogue.map(section),
  ].join("\n\n")}\n`;
}

/** Each detection of the catalogue in its forms, which differ in the standard's text. */
function formsById(): Form[][] {
  const byId = new Map<string, Form[]>();
  for (const preset of PRESET_NAMES) {
    for (const detection of detectionsOf(preset, NAMES)) {
      const forms = byId.get(detection.id) ?? [];
      const same = forms.find((form) => form.detection.filterPattern === detection.filterPattern);
      if (same === undefined) {
        byId.set(detection.id, [...forms, { detection, presets: [preset] }]);
      } else {
        same.presets.push(preset);
      }
    }
  }
  return [...byId.values()];
}

function section(forms: readonly Form[]): string {
  const { detection } = forms[0] as Form;
  const { id, title, description, severity, attack, statistic, threshold, periodSeconds, runbook } =
    detection;
  return [
    `## ${id}`,
    `**${title}.** ${description}.`,
    `Severity ${severity}. ATT&CK ${attack.join(", ")}. Alarm \`${detection.alarmName}\`: ${statistic} of at least ${threshold} in ${periodSeconds / 60} min.`,
    ...forms.map(
      (form) =>
        `Standard pattern of ${form.presets.map(code).join(", ")}:\n\n${block(form.detection.filterPattern)}`,
    ),
    ...(detection.tunedPattern === undefined ? [] : [`Tuned pattern:\n\n${block(detection.tunedPattern)}`]),
    `What sets it off, for example: ${examples(detection)}.`,
    `What to do:\n\n${runbook.map((line, index) => `${index + 1}. ${line}`).join("\n")}`,
  ].join("\n\n");
}

function examples({ examples: { matches } }: Detection): string {
  const calls = matches.map(({ eventSource, eventName, errorCode }) => {
    const service = String(eventSource).replace(/\.amazonaws\.com$/, "");
    return code(`${service}:${eventName}`) + (errorCode === undefined ? "" : " denied or failed");
  });
  return [...new Set(calls)].join(", ");
}

function table(head: readonly string[], rows: readonly (readonly (string | undefined)[])[]): string {
  const line = (cells: readonly (string | undefined)[]): string =>
    `| ${cells.map((cell) => (cell ?? "–").replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}

function block(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}
