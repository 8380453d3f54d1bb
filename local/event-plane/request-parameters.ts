import type { ApiRequest } from "../gateway/api-request";
import { ec2Parameters } from "./request-parameters/ec2";
import { lambdaParameters } from "./request-parameters/lambda";
import { s3Parameters } from "./request-parameters/s3";
import { lowerFirst, type Parameters, spelled } from "./request-parameters/spelling";

/** Where AWS keeps what it hides of a call: in full, or nothing of it. */
const HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS";

/** Parameters that CloudTrail has another value for, by service and operation. */
const HIDDEN_PARAMETERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["ssm:PutParameter", ["value"]],
  ["ssm:SendCommand", ["parameters"]],
  ["sns:Subscribe", ["endpoint"]],
]);

/** Parameters that CloudTrail leaves out. */
const OMITTED_PARAMETERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["iam:CreateLoginProfile", ["password"]],
  ["iam:UpdateLoginProfile", ["password"]],
  ["iam:ChangePassword", ["oldPassword", "newPassword"]],
  ["iam:UploadServerCertificate", ["privateKey"]],
  ["kms:ImportKeyMaterial", ["encryptedKeyMaterial"]],
  ["secretsmanager:CreateSecret", ["secretString", "secretBinary"]],
  ["secretsmanager:PutSecretValue", ["secretString", "secretBinary"]],
  ["secretsmanager:UpdateSecret", ["secretString", "secretBinary"]],
]);

/** Parameters that a service fills in where the caller doesn't. */
const DEFAULTS: ReadonlyMap<string, Parameters> = new Map([
  ["iam:CreateLoginProfile", { passwordResetRequired: false }],
  ["ssm:SendCommand", { interactive: false }],
]);

/** The `requestParameters` of a call as CloudTrail spells them; null for one that has none. */
export function requestParametersOf(request: ApiRequest, accountId: string): Parameters | null {
  const parameters = parametersOf(request, accountId);
  return Object.keys(parameters).length === 0 ? null : parameters;
}

function parametersOf(request: ApiRequest, accountId: string): Parameters {
  const { service, operation, input, region } = request;
  switch (service) {
    case "ec2":
      return ec2Parameters(operation, input);
    case "s3":
      return s3Parameters(operation, input, region);
    case "lambda":
      return lambdaParameters(operation, input, { accountId, region });
    default: {
      const action = `${service}:${operation}`;
      const hidden = HIDDEN_PARAMETERS.get(action) ?? [];
      const omitted = OMITTED_PARAMETERS.get(action) ?? [];
      const given = Object.entries(input)
        .map(([member, value]) => [lowerFirst(member), value] as const)
        .filter(([name]) => !omitted.includes(name))
        .map(([name, value]) => [name, hidden.includes(name) ? HIDDEN : spelled(name, value)]);
      return { ...DEFAULTS.get(action), ...Object.fromEntries(given) };
    }
  }
}
