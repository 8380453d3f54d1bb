import { defineDetection } from "../define";
import type { Detection } from "../detection";
import { apiCall, consoleLogin, EXAMPLE_ACCOUNT, iamUser, singleSignOnUser } from "../examples";

const matches = [
  consoleLogin({ mfaUsed: "No" }),
  consoleLogin({ by: iamUser("break-glass"), mfaUsed: "No" }),
];
const withMfa = consoleLogin({ mfaUsed: "Yes" });
const apiCallWithoutMfa = apiCall({ eventSource: "sts.amazonaws.com", eventName: "GetCallerIdentity" });
const singleSignOn = consoleLogin({ by: singleSignOnUser(), mfaUsed: "No" });
const saml = consoleLogin({
  by: singleSignOnUser("ReadOnly"),
  mfaUsed: "No",
  samlProviderArn: `arn:aws:iam::${EXAMPLE_ACCOUNT}:saml-provider/ExampleIdP`,
});
const failure = consoleLogin({ mfaUsed: "No", errorMessage: "Failed authentication" });
const withoutWord = consoleLogin({});

/** The form of CIS 1.4 and later and of Security Hub, which leaves single sign-on out. */
export const consoleSignInWithoutMfa = defineDetection({
  id: "console-sign-in-without-mfa",
  title: "Console sign-in without MFA",
  description: "Raises alarms if a user signs in to the console without a second factor",
  severity: "high",
  controls: { cis12: "3.2", cis14: "4.2", cis30: "4.2", securityHub: "CloudWatch.3" },
  attack: ["T1078.004"],
  filterPattern:
    '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
  tunedPattern:
    '{ ($.eventName = "ConsoleLogin") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") && ($.additionalEventData.SamlProviderArn NOT EXISTS) && (($.additionalEventData.MFAUsed NOT EXISTS) || ($.additionalEventData.MFAUsed != "Yes")) }',
  runbook: [
    "Ask userIdentity.userName whether the sign-in from this address was theirs.",
    "Give the user an MFA device, or a policy that denies everything without one.",
    "If it wasn't they: disable the password and the keys, then read what the session did.",
  ],
  examples: {
    matches,
    ignores: [withMfa, apiCallWithoutMfa, singleSignOn, saml, failure],
    tuned: { matches: [withoutWord], ignores: [] },
  },
});

/** The form of CIS 1.2. */
export const consoleSignInWithoutMfaCis12: Detection = {
  ...consoleSignInWithoutMfa,
  filterPattern: '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }',
  examples: {
    matches,
    ignores: [withMfa, apiCallWithoutMfa],
    // Identity providers ask for the second factor themselves, and CloudTrail can't know.
    tuned: { matches: [withoutWord], ignores: [singleSignOn, saml, failure] },
  },
};
