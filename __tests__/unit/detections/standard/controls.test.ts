import { type Detection, PRESETS } from "../../../../detections";
import { CONTROLS, type Control } from "./controls";

const FORMS: [preset: string, detection: Detection][] = (
  ["aws-guide", "cis-1.2", "cis-1.4", "cis-3.0", "security-hub"] as const
).flatMap((preset) => PRESETS[preset].map((detection): [string, Detection] => [preset, detection]));

function form(preset: string, id: string): string {
  const found = FORMS.find(([name, detection]) => name === preset && detection.id === id);
  return found?.[1].filterPattern ?? `no ${id} in ${preset}`;
}

function control(id: string): Control {
  return CONTROLS[id] as Control;
}

describe("the detections of published controls", () => {
  it.each(FORMS)("%s: $id answers the controls of the table", (_preset, { id, controls }) => {
    const { cis12, cis14, securityHub } = control(id);

    expect(controls).toEqual({
      ...(cis12 && { cis12 }),
      ...(cis14 && { cis14, cis30: cis14 }),
      ...(securityHub && { securityHub }),
    });
  });

  it.each(FORMS)("%s: $id has the table's event names, in the table's order", (_preset, detection) => {
    const names = [...detection.filterPattern.matchAll(/\$\.eventName\s*=\s*"?(\w+)"?/g)].map(
      ([, name]) => name,
    );

    expect(names).toEqual(control(detection.id).names);
  });

  it.each(FORMS)("%s: $id asks for no event source but that of its standard", (preset, detection) => {
    const sources = [...detection.filterPattern.matchAll(/\$\.eventSource\s*=\s*([\w.]+)/g)].map(
      ([, source]) => source,
    );
    const { source, securityHubSource } = control(detection.id);
    const own = preset === "security-hub" ? (securityHubSource ?? source) : source;
    // CIS 3.0 asks for it where CIS 1.4 did not.
    const expected =
      preset === "cis-3.0" && detection.id === "route-table-changes" ? "ec2.amazonaws.com" : own;

    expect(sources).toEqual(expected === undefined ? [] : [expected]);
  });
});

describe("the CIS texts", () => {
  it.each([
    "cloudtrail-changes",
    "security-group-changes",
    "network-acl-changes",
    "network-gateway-changes",
    "vpc-changes",
  ])("%s is the names, spaced", (id) => {
    const text = `{ ${control(id)
      .names.map((name) => `($.eventName = ${name})`)
      .join(" || ")} }`;

    expect([form("cis-1.2", id), form("cis-1.4", id), form("cis-3.0", id)]).toEqual([text, text, text]);
  });

  it("of the IAM policies are the names, unspaced", () => {
    const { names } = control("iam-policy-changes");

    expect(form("cis-1.4", "iam-policy-changes")).toBe(
      `{${names.map((name) => `($.eventName=${name})`).join("||")}}`,
    );
  });

  it("of keys, buckets and the recorder are the source and the names", () => {
    const unspaced = (id: string) =>
      control(id)
        .names.map((name) => `($.eventName=${name})`)
        .join("||");
    const spaced = (id: string) =>
      control(id)
        .names.map((name) => `($.eventName = ${name})`)
        .join(" || ");

    expect(form("cis-1.4", "cmk-disable-or-delete")).toBe(
      `{($.eventSource = kms.amazonaws.com) && (${unspaced("cmk-disable-or-delete")}) }`,
    );
    expect(form("cis-1.4", "config-changes")).toBe(
      `{ ($.eventSource = config.amazonaws.com) && (${unspaced("config-changes")}) }`,
    );
    expect(form("cis-1.4", "s3-bucket-policy-changes")).toBe(
      `{ ($.eventSource = s3.amazonaws.com) && (${spaced("s3-bucket-policy-changes")}) }`,
    );
  });

  it("of the organization are the source and the names in quotes", () => {
    const { names } = control("organizations-changes");

    expect(form("cis-3.0", "organizations-changes")).toBe(
      `{ ($.eventSource = organizations.amazonaws.com) && (${names.map((name) => `($.eventName = "${name}")`).join(" || ")}) }`,
    );
  });

  it("of route tables gained a source with CIS 3.0", () => {
    const names = control("route-table-changes")
      .names.map((name) => `($.eventName = ${name})`)
      .join(" || ");

    expect(form("cis-1.2", "route-table-changes")).toBe(`{ ${names} }`);
    expect(form("cis-1.4", "route-table-changes")).toBe(`{ ${names} }`);
    expect(form("cis-3.0", "route-table-changes")).toBe(`{($.eventSource = ec2.amazonaws.com) && ${names} }`);
  });

  it("of unauthorized calls changed with CIS 1.4", () => {
    expect(form("cis-1.2", "unauthorized-api-calls")).toBe(
      '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
    );
    expect(form("cis-1.4", "unauthorized-api-calls")).toBe(
      '{ ($.errorCode ="*UnauthorizedOperation") || ($.errorCode ="AccessDenied*") && ($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket") }',
    );
    expect(form("cis-3.0", "unauthorized-api-calls")).toBe(form("cis-1.4", "unauthorized-api-calls"));
  });

  it("of sign-ins without MFA changed with CIS 1.4", () => {
    expect(form("cis-1.2", "console-sign-in-without-mfa")).toBe(
      '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }',
    );
    expect(form("cis-1.4", "console-sign-in-without-mfa")).toBe(
      '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
    );
    expect(form("cis-3.0", "console-sign-in-without-mfa")).toBe(
      form("cis-1.4", "console-sign-in-without-mfa"),
    );
  });

  it("of the root user is the same everywhere", () => {
    const text =
      '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}';

    expect(form("cis-1.2", "root-usage")).toBe(text);
    expect(form("cis-3.0", "root-usage")).toBe(text);
    expect(form("security-hub", "root-usage")).toBe(text);
  });
});

describe("the Security Hub texts", () => {
  const WORDS: Readonly<Record<string, string>> = {
    "root-usage": form("cis-1.2", "root-usage"),
    "unauthorized-api-calls": '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}',
    "console-sign-in-without-mfa": form("cis-1.4", "console-sign-in-without-mfa"),
    "console-sign-in-failures": '{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}',
  };

  it.each(PRESETS["security-hub"].map(({ id }) => id))("%s is that of its control", (id) => {
    const { names, source, securityHubSource = source } = control(id);
    const anyName = names.map((name) => `($.eventName=${name})`).join(" || ");
    const text =
      securityHubSource === undefined
        ? `{${anyName}}`
        : `{($.eventSource=${securityHubSource}) && (${anyName})}`;

    expect(form("security-hub", id)).toBe(WORDS[id] ?? text);
  });
});
