import { chooseDetections, DETECTION_IDS, PRESET_NAMES, PRESETS } from "../../../detections";
import { NAMES } from "./support";

const CIS = [
  "unauthorized-api-calls",
  "console-sign-in-without-mfa",
  "root-usage",
  "iam-policy-changes",
  "cloudtrail-changes",
  "console-sign-in-failures",
  "cmk-disable-or-delete",
  "s3-bucket-policy-changes",
  "config-changes",
  "security-group-changes",
  "network-acl-changes",
  "network-gateway-changes",
  "route-table-changes",
  "vpc-changes",
];
const AWS_GUIDE = ["security-group-changes", "console-sign-in-failures", "iam-policy-changes"];
const TAMPER = [
  "tamper-trail",
  "tamper-log-bucket",
  "tamper-key",
  "tamper-log-group",
  "tamper-alarms",
  "tamper-event-rules",
  "tamper-topics",
  "tamper-functions",
  "tamper-roles",
  "tamper-security-services",
];

const ids = (detections: readonly { readonly id: string }[]) => detections.map(({ id }) => id);

function formOf(presets: Parameters<typeof chooseDetections>[0], id: string): string | undefined {
  return chooseDetections(presets, NAMES).find((detection) => detection.id === id)?.filterPattern;
}

describe("the presets", () => {
  it("are six", () => {
    expect(PRESET_NAMES).toEqual(["aws-guide", "cis-1.2", "cis-1.4", "cis-3.0", "security-hub", "tamper"]);
  });

  it("hold the detections of their standards, in the order of the controls", () => {
    expect(ids(PRESETS["aws-guide"])).toEqual(AWS_GUIDE);
    expect(ids(PRESETS["cis-1.2"])).toEqual(CIS);
    expect(ids(PRESETS["cis-1.4"])).toEqual([...CIS, "organizations-changes"]);
    expect(ids(PRESETS["cis-3.0"])).toEqual([...CIS, "organizations-changes"]);
    expect(ids(PRESETS.tamper(NAMES))).toEqual(TAMPER);
  });

  it.each([
    ["cis-1.2", "cis12", 14, (n: number) => `3.${n}`],
    ["cis-1.4", "cis14", 15, (n: number) => `4.${n}`],
    ["cis-3.0", "cis30", 15, (n: number) => `4.${n}`],
    ["security-hub", "securityHub", 14, (n: number) => `CloudWatch.${n}`],
  ] as const)("%s has each of its controls once, in order", (preset, standard, count, number) => {
    const controls = PRESETS[preset].map((detection) => detection.controls[standard]);

    expect(controls).toEqual(Array.from({ length: count }, (_, index) => number(index + 1)));
  });
});

describe("the catalogue's order", () => {
  it("is the user guide's three, the other controls by number, and those of tamper", () => {
    expect(DETECTION_IDS).toEqual([
      ...AWS_GUIDE,
      ...CIS.filter((id) => !AWS_GUIDE.includes(id)),
      "organizations-changes",
      ...TAMPER,
    ]);
  });
});

describe("choosing detections", () => {
  it("gives the guide's three as the guide has them", () => {
    expect(chooseDetections(["aws-guide"], NAMES)).toEqual(PRESETS["aws-guide"]);
  });

  it("gives none for no preset", () => {
    expect(chooseDetections([], NAMES)).toEqual([]);
  });

  it("gives every detection once, in the catalogue's order, however presets are named", () => {
    expect(ids(chooseDetections([...PRESET_NAMES], NAMES))).toEqual(DETECTION_IDS);
    expect(ids(chooseDetections([...PRESET_NAMES].reverse(), NAMES))).toEqual(DETECTION_IDS);
    expect(ids(chooseDetections(["tamper", "aws-guide", "tamper"], NAMES))).toEqual([
      ...AWS_GUIDE,
      ...TAMPER,
    ]);
  });

  it.each([
    "unauthorized-api-calls",
    "console-sign-in-without-mfa",
    "route-table-changes",
    "iam-policy-changes",
  ])("takes %s in the form of the preset named first", (id) => {
    for (const first of ["cis-1.2", "cis-1.4", "cis-3.0", "security-hub"] as const) {
      const own = PRESETS[first].find((detection) => detection.id === id)?.filterPattern;

      expect(own).toBeDefined();
      expect(formOf([first, "aws-guide", "cis-1.2", "cis-1.4", "cis-3.0", "security-hub"], id)).toBe(own);
    }
  });

  it("takes the guide's words for the guide's detections where the guide is named first", () => {
    expect(formOf(["aws-guide", "security-hub"], "iam-policy-changes")).not.toContain("eventSource");
    expect(formOf(["security-hub", "aws-guide"], "iam-policy-changes")).toContain("eventSource");
  });
});
