import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Detection, detectionsOf, PRESET_NAMES } from "../../../detections";
import { type FilterPattern, parseFilterPattern } from "../../../patterns";
import { NAMES } from "./support";

// CloudTrail logs of real attacks, recorded by the makers of Stratus Red Team; they aren't part of this project.
const vectors = process.env.TRAILWARDEN_VECTORS ?? path.join(__dirname, "../../../../shared/data");
const folder = path.join(vectors, "stratus-red-team");
const isPresent = existsSync(folder);

type Record = { readonly eventName: string };

interface Form {
  readonly detection: Detection;
  readonly name: string;
  readonly pattern: FilterPattern;
}

const FORMS: readonly Form[] = PRESET_NAMES.flatMap((preset) =>
  detectionsOf(preset, NAMES).flatMap((detection) => [
    { detection, name: `${preset} ${detection.id}`, pattern: parseFilterPattern(detection.filterPattern) },
    ...(detection.tunedPattern === undefined
      ? []
      : [
          {
            detection,
            name: `${preset} ${detection.id} (tuned)`,
            pattern: parseFilterPattern(detection.tunedPattern),
          },
        ]),
  ]),
);

function recordsOf(technique: string): readonly Record[] {
  return JSON.parse(readFileSync(path.join(folder, `${technique}.json`), "utf8"));
}

/** Names of the forms that match at least one record of a log. */
function alertsOf(technique: string): string[] {
  const records = recordsOf(technique);
  return FORMS.filter(({ pattern }) => records.some((record) => pattern.matches(record))).map(
    ({ name }) => name,
  );
}

/** Both forms of a detection in the standards' presets. */
function everywhere(id: string): string[] {
  return FORMS.filter(({ detection }) => detection.id === id).map(({ name }) => name);
}

(isPresent ? describe : describe.skip)(
  isPresent
    ? "over recorded attacks"
    : `over recorded attacks (skipped: TRAILWARDEN_VECTORS names no folder with stratus-red-team)`,
  () => {
    it("no detection throws", () => {
      const techniques = readdirSync(folder).filter((file) => file.endsWith(".json"));
      expect(techniques.length).toBeGreaterThanOrEqual(35);

      for (const technique of techniques) {
        expect(() => alertsOf(technique.replace(/\.json$/, ""))).not.toThrow();
      }
    });

    it.each([
      ["aws.defense-evasion.cloudtrail-stop", [...everywhere("cloudtrail-changes"), "tamper tamper-trail"]],
      ["aws.defense-evasion.cloudtrail-delete", [...everywhere("cloudtrail-changes"), "tamper tamper-trail"]],
      [
        // The standards miss it.
        "aws.defense-evasion.cloudtrail-event-selectors",
        [
          ...everywhere("cloudtrail-changes").filter((name) => name.endsWith("(tuned)")),
          "tamper tamper-trail",
        ],
      ],
      ["aws.defense-evasion.vpc-remove-flow-logs", ["tamper tamper-security-services"]],
      [
        // An attempt: it was denied.
        "aws.defense-evasion.organizations-leave",
        [
          ...everywhere("unauthorized-api-calls"),
          ...everywhere("organizations-changes"),
          "tamper tamper-security-services",
        ],
      ],
      ["aws.initial-access.console-login-without-mfa", everywhere("console-sign-in-without-mfa")],
      ["aws.credential-access.ec2-get-password-data", everywhere("unauthorized-api-calls")],
      ["aws.discovery.ec2-download-user-data", everywhere("unauthorized-api-calls")],
      ["aws.execution.ec2-launch-unusual-instances", everywhere("unauthorized-api-calls")],
      ["aws.exfiltration.ec2-security-group-open-port-22-ingress", everywhere("security-group-changes")],
      ["aws.persistence.iam-create-admin-user", everywhere("iam-policy-changes")],
      ["aws.persistence.iam-create-backdoor-role", everywhere("iam-policy-changes")],
      // Roles and functions of the attacker's own, not of this deployment.
      ["aws.persistence.iam-backdoor-role", []],
      ["aws.persistence.lambda-overwrite-code", []],
      ["aws.persistence.lambda-layer-extension", []],
      // No control and no part of a deployment is concerned.
      ["aws.exfiltration.ec2-share-ami", []],
      ["aws.persistence.iam-backdoor-user", []],
      ["aws.credential-access.secretsmanager-retrieve-secrets", []],
    ])("%s sets off what it should and nothing else", (technique, expected) => {
      expect(alertsOf(technique).sort()).toEqual([...expected].sort());
    });

    it("an attack on this deployment's own function and role is told of", () => {
      const attacked = {
        ...NAMES,
        functionNames: ["stratus-red-team-olc-func-vayhjqkdav"],
        roleNames: recordsOf("aws.persistence.iam-backdoor-role").map(
          (record) =>
            (record as unknown as { requestParameters: { roleName: string } }).requestParameters.roleName,
        ),
      };
      const alerts = (technique: string) =>
        detectionsOf("tamper", attacked)
          .filter(({ filterPattern }) =>
            recordsOf(technique).some((record) => parseFilterPattern(filterPattern).matches(record)),
          )
          .map(({ id }) => id);

      expect(alerts("aws.persistence.lambda-overwrite-code")).toEqual(["tamper-functions"]);
      expect(alerts("aws.persistence.iam-backdoor-role")).toEqual(["tamper-roles"]);
    });
  },
);
