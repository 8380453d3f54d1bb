import { callerName } from "../../../../lambda-src/shared/caller";
import { callOfRecord } from "./records";

const ACCOUNT = "123456789012";

describe("callerName", () => {
  it.each([
    [{ type: "Root", arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT }, "root"],
    [{ type: "IAMUser", arn: `arn:aws:iam::${ACCOUNT}:user/dept/mallory` }, "user mallory"],
    [{ type: "IAMUser", userName: "mallory" }, "user mallory"],
    [{ type: "IAMUser", userName: "HIDDEN_DUE_TO_SECURITY_REASONS" }, "user (name hidden by CloudTrail)"],
    [{ type: "IAMUser" }, "user (not named)"],
    [
      { type: "AssumedRole", arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Operator/alice@example.com` },
      "role Operator, session alice@example.com",
    ],
    [{ type: "Role", arn: `arn:aws:iam::${ACCOUNT}:role/path/Operator` }, "role Operator"],
    [{ type: "FederatedUser", arn: `arn:aws:sts::${ACCOUNT}:federated-user/bob` }, "federated user bob"],
    [{ type: "SAMLUser", userName: "bob" }, "SAML user bob"],
    [{ type: "WebIdentityUser", userName: "bob" }, "web identity user bob"],
    [{ type: "IdentityCenterUser" }, "Identity Center user (not named)"],
    [{ type: "AWSService", invokedBy: "cloudtrail.amazonaws.com" }, "AWS service cloudtrail.amazonaws.com"],
    [{ type: "AWSAccount", accountId: "210987654321" }, "account 210987654321"],
    [{ type: "IAMUser", userName: "eve", accountId: "210987654321" }, "user eve of account 210987654321"],
    [{ type: "Unknown" }, "Unknown (not named)"],
    [{}, "unknown"],
    [null, "unknown"],
  ])("is of %j: %s", (userIdentity, name) => {
    expect(callerName(callOfRecord({ userIdentity }))).toBe(name);
  });
});
