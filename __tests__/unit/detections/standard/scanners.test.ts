import { type Detection, PRESETS } from "../../../../detections";
import { CONTROLS } from "./controls";

// What scanners match a metric filter's text with, in essence: regular expressions over the text, the event names in
// the order of the control, quotes optional here and there.

const STANDARDS = ["cis-1.2", "cis-1.4", "cis-3.0", "security-hub"] as const;

function escaped(text: string): string {
  return text.replace(/[.*$]/g, "\\$&");
}

/** The names one after the other, whatever stands between. */
function inOrder(names: readonly string[], source?: string): RegExp {
  return new RegExp(
    [
      ...(source === undefined ? [] : [`\\$\\.eventSource\\s*=\\s*.?${escaped(source)}`]),
      ...names.map((name) => `\\$\\.eventName\\s*=\\s*.?${name}`),
    ].join(".+"),
    "s",
  );
}

/** Each whole name, in any order. */
function each(names: readonly string[], source?: string): RegExp {
  return new RegExp(
    [
      ...(source === undefined ? [] : [`(?=.*\\$\\.eventSource\\s*=\\s*.?${escaped(source)})`]),
      ...names.map((name) => `(?=.*\\$\\.eventName\\s*=\\s*.?${name}\\b)`),
    ].join(""),
    "s",
  );
}

const SPECIAL: Readonly<Record<string, readonly RegExp[]>> = {
  "unauthorized-api-calls": [
    /\$\.errorCode\s*=\s*.?\*UnauthorizedOperation.+\$\.errorCode\s*=\s*.?AccessDenied\*.?/s,
  ],
  "console-sign-in-without-mfa": [
    /\$\.eventName\s*=\s*.?ConsoleLogin.+\$\.additionalEventData\.MFAUsed\s*!=\s*.?Yes.?/s,
    /\(\s*\$\.eventName\s*=\s*"ConsoleLogin"\)\s+&&\s+\(\s*\$.additionalEventData\.MFAUsed\s*!=\s*"Yes"/,
  ],
  "root-usage": [
    /\$\.userIdentity\.type\s*=\s*.?Root.+\$\.userIdentity\.invokedBy NOT EXISTS.+\$\.eventType\s*!=\s*.?AwsServiceEvent.?/s,
    /\$\.userIdentity\.type\s*=\s*"Root".+\$\.userIdentity\.invokedBy NOT EXISTS.+\$\.eventType\s*!=\s*"AwsServiceEvent"/,
  ],
  "console-sign-in-failures": [
    /\$\.eventName\s*=\s*.?ConsoleLogin.+\$\.errorMessage\s*=\s*.?Failed authentication.?/s,
  ],
};

/** Scanners that ask for more than the benchmark does. */
const STRICTER: Readonly<Record<string, readonly RegExp[]>> = {
  "route-table-changes": [
    inOrder(CONTROLS["route-table-changes"]?.names ?? [], "ec2.amazonaws.com"),
    each(CONTROLS["route-table-changes"]?.names ?? [], "ec2.amazonaws.com"),
  ],
  "organizations-changes": [
    /\$\.eventSource\s*=\s*organizations\.amazonaws\.com.+\$\.eventName\s*=\s*AcceptHandshake.+\$\.eventName\s*=\s*AttachPolicy.+\$\.eventName\s*=\s*CancelHandshake.+\$\.eventName\s*=\s*CreateAccount.+\$\.eventName\s*=\s*CreateOrganization.+\$\.eventName\s*=\s*CreateOrganizationalUnit.+\$\.eventName\s*=\s*CreatePolicy.+\$\.eventName\s*=\s*DeclineHandshake.+\$\.eventName\s*=\s*DeleteOrganization.+\$\.eventName\s*=\s*DeleteOrganizationalUnit.+\$\.eventName\s*=\s*DeletePolicy.+\$\.eventName\s*=\s*EnableAllFeatures.+\$\.eventName\s*=\s*EnablePolicyType.+\$\.eventName\s*=\s*InviteAccountToOrganization.+\$\.eventName\s*=\s*LeaveOrganization.+\$\.eventName\s*=\s*DetachPolicy.+\$\.eventName\s*=\s*DisablePolicyType.+\$\.eventName\s*=\s*MoveAccount.+\$\.eventName\s*=\s*RemoveAccountFromOrganization.+\$\.eventName\s*=\s*UpdateOrganizationalUnit.+\$\.eventName\s*=\s*UpdatePolicy/,
    each(
      ["CancelHandshake", "CreateOrganization", "EnableAllFeatures", "UpdatePolicy"],
      "organizations.amazonaws.com",
    ),
  ],
};

const FORMS = STANDARDS.flatMap((preset) =>
  PRESETS[preset].map((detection): [string, Detection] => [preset, detection]),
);

describe("scanners", () => {
  it.each(FORMS)("find %s: $id", (_preset, { id, filterPattern }) => {
    const control = CONTROLS[id];
    const names = control?.names ?? [];
    const expressions = SPECIAL[id] ?? [inOrder(names, control?.source), each(names, control?.source)];

    for (const expression of expressions) {
      expect(filterPattern).toMatch(expression);
    }
  });

  it("find the exclusions of unauthorized calls from CIS 1.4 on", () => {
    const [detection] = PRESETS["cis-1.4"];

    expect(detection?.filterPattern).toMatch(
      /\$\.errorCode\s*=\s*"\*UnauthorizedOperation".+\$\.errorCode\s*=\s*"AccessDenied\*".+\$\.sourceIPAddress\s*!=\s*"delivery.logs.amazonaws.com".+\$\.eventName\s*!=\s*"HeadBucket"/,
    );
  });

  it.each(FORMS.filter(([, { id }]) => id in STRICTER))(
    "that ask for more than the benchmark find %s: $id, or its tuned form",
    (_preset, { id, filterPattern, tunedPattern = filterPattern }) => {
      for (const expression of STRICTER[id] ?? []) {
        expect(expression.test(filterPattern) || expression.test(tunedPattern)).toBe(true);
      }
    },
  );

  it("that ask for more need the tuned form of the organization's changes and of older route table changes", () => {
    const satisfied = FORMS.filter(([, { id, filterPattern }]) =>
      STRICTER[id]?.every((expression) => expression.test(filterPattern)),
    ).map(([preset, { id }]) => `${preset} ${id}`);

    expect(satisfied).toEqual(["cis-3.0 route-table-changes", "security-hub route-table-changes"]);
  });
});
