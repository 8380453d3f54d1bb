import { defineDetection } from "../define";
import { apiCall, consoleLogin, iamUser, rootUser, unknownUser } from "../examples";

/** Names and condition are those of the AWS CloudTrail user guide. */
export const consoleSignInFailures = defineDetection({
  id: "console-sign-in-failures",
  title: "Console sign-in failures",
  // The guide's sentence says "more than 3", its condition says >= 3: the condition rules.
  description: "Raises alarms if console sign-in failures occur: three or more failures in 5 minutes",
  severity: "medium",
  controls: { cis12: "3.6", cis14: "4.6", cis30: "4.6", securityHub: "CloudWatch.6" },
  attack: ["T1110"],
  filterName: "ConsoleSignInFailures",
  filterPattern: '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
  // Whoever guesses names leaves no failed password behind.
  tunedPattern:
    '{ ($.eventName = ConsoleLogin) && (($.errorMessage = "Failed authentication") || ($.errorMessage = "No username found in supplied account")) }',
  metricName: "ConsoleSigninFailureCount",
  alarmName: "Console sign-in failures",
  topicName: "ConsoleSignInFailures_CloudWatch_Alarms_Topic",
  threshold: 3,
  runbook: [
    "Group the failures by user and by sourceIPAddress: one user, many addresses, or the reverse.",
    "See whether one of them was followed by a success from the same address.",
    "Ask the users; change the passwords of those who didn't try themselves.",
  ],
  examples: {
    matches: [
      consoleLogin({ mfaUsed: "No", errorMessage: "Failed authentication" }),
      consoleLogin({ by: rootUser(), mfaUsed: "Yes", errorMessage: "Failed authentication" }),
    ],
    ignores: [
      consoleLogin({ mfaUsed: "Yes" }),
      {
        ...apiCall({ eventSource: "signin.amazonaws.com", eventName: "CheckMfa", by: iamUser() }),
        errorMessage: "Failed authentication",
      },
    ],
    tuned: {
      matches: [
        consoleLogin({
          by: unknownUser(),
          mfaUsed: "No",
          errorMessage: "No username found in supplied account",
        }),
      ],
      ignores: [],
    },
  },
});
