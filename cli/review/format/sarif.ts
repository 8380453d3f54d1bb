import { createHash } from "node:crypto";
import path from "node:path";
import type { Report, ReportedFinding } from "../report";
import { RULES, type RuleId } from "../rules";
import { RULE_IDS } from "../waivers";
import { printedJson } from "./json";
import { lineOf } from "./lines";
import { RULES_DOCUMENT } from "./words";

/**
 * The findings for GitHub's code scanning and its like; what else a plan changes isn't in it.
 *
 * @param planFile path that the plan was read from; `-` for standard input
 * Sources: SARIF 2.1.0 (OASIS); GitHub, "SARIF support for code scanning", for what it asks for beyond that.
 */
export function sarifText(report: Report, planFile: string): string {
  const uri = uriOf(planFile);
  return printedJson({
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Trailwarden", rules: RULE_IDS.map(ruleDescriptor) } },
        invocations: [
          {
            executionSuccessful: true,
            toolConfigurationNotifications: waiverProblems(report.waivers).map((problem) => ({
              level: "warning",
              message: message(problem),
            })),
          },
        ],
        results: resultsOf(report.findings, uri),
      },
    ],
  });
}

function ruleDescriptor(id: RuleId) {
  const { severity, title } = RULES[id];
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: `${title}.` },
    help: {
      text:
        severity === "blocks"
          ? `Take it out of the plan. If it is meant, override the finding by rule and address, with a reason and an expiry, in the file of waivers. What counts: ${RULES_DOCUMENT}.`
          : `Take it out of the plan unless it is meant. What counts: ${RULES_DOCUMENT}.`,
    },
    defaultConfiguration: { level: severity === "blocks" ? "error" : "warning" },
  };
}

function resultsOf(findings: readonly ReportedFinding[], uri: string) {
  const seen = new Map<string, number>();
  return findings.map(({ rule, severity, address, message: text, details, waiver }) => {
    const hash = createHash("sha256").update(`${rule} ${address}`).digest("hex").slice(0, 32);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    return {
      ruleId: rule,
      ruleIndex: RULE_IDS.indexOf(rule),
      level: severity === "warns" ? "warning" : "error",
      message: message(`${address}: ${text}.`, ...details),
      locations: [
        {
          physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } },
          logicalLocations: [{ fullyQualifiedName: address }],
        },
      ],
      // The one that GitHub looks at; its own ones end in a count of those that are the same, too.
      partialFingerprints: { primaryLocationLineHash: `${hash}:${count}` },
      ...(waiver === undefined
        ? {}
        : {
            suppressions: [
              {
                kind: "external",
                status: "accepted",
                justification: `${waiver.reason} (until ${waiver.expiry})`,
              },
            ],
          }),
    };
  });
}

/** Without placeholders (braces are doubled) and links, which a message may hold (SARIF, 3.11.5 and 3.11.6). */
function message(...lines: readonly string[]): { readonly text: string } {
  const text = lines.map((line) => lineOf(line, 1000)).join("\n");
  return { text: text.replace(/[{}]/g, "$&$&").replaceAll("](", "] (") };
}

function waiverProblems({ file, expired, unused }: Report["waivers"]): string[] {
  return [
    ...expired.map(
      ({ rule, address, expiry }) =>
        `${file}: expired on ${expiry}, and overrides nothing: ${rule} ${address}`,
    ),
    ...unused.map(
      ({ rule, address }) => `${file}: unused, nothing in this plan to override: ${rule} ${address}`,
    ),
  ];
}

/** Relative to the working folder, as GitHub wants it to the repository's; of a file elsewhere no more than its name. */
function uriOf(planFile: string): string {
  if (planFile === "-") {
    return "plan.json";
  }
  const relative = path.relative(".", planFile);
  const isElsewhere = relative === "" || relative.startsWith("..") || path.isAbsolute(relative);
  return (isElsewhere ? path.basename(planFile) : relative)
    .split(path.sep)
    .map((part) => encodeURIComponent(Buffer.from(part).toString()))
    .join("/");
}
