import { defineDetection } from "../define";
import { apiCall, assumedRole, deniedCall } from "../examples";

const organizations = (
  eventName: string,
  requestParameters: Readonly<Record<string, unknown>> | null = null,
) => apiCall({ eventSource: "organizations.amazonaws.com", eventName, by: assumedRole(), requestParameters });

export const organizationsChanges = defineDetection({
  id: "organizations-changes",
  title: "AWS Organizations changes",
  description: "Raises alarms if accounts, units or policies of the organization change",
  severity: "medium",
  controls: { cis14: "4.15", cis30: "4.15" },
  attack: ["T1666"],
  filterPattern:
    '{ ($.eventSource = organizations.amazonaws.com) && (($.eventName = "AcceptHandshake") || ($.eventName = "AttachPolicy") || ($.eventName = "CreateAccount") || ($.eventName = "CreateOrganizationalUnit") || ($.eventName = "CreatePolicy") || ($.eventName = "DeclineHandshake") || ($.eventName = "DeleteOrganization") || ($.eventName = "DeleteOrganizationalUnit") || ($.eventName = "DeletePolicy") || ($.eventName = "DetachPolicy") || ($.eventName = "DisablePolicyType") || ($.eventName = "EnablePolicyType") || ($.eventName = "InviteAccountToOrganization") || ($.eventName = "LeaveOrganization") || ($.eventName = "MoveAccount") || ($.eventName = "RemoveAccountFromOrganization") || ($.eventName = "UpdatePolicy") || ($.eventName = "UpdateOrganizationalUnit")) }',
  // The benchmarks leave out three changes; this is the list, in order and words, that scanners ask for.
  tunedPattern:
    "{ ($.eventSource = organizations.amazonaws.com) && (($.eventName = AcceptHandshake) || ($.eventName = AttachPolicy) || ($.eventName = CancelHandshake) || ($.eventName = CreateAccount) || ($.eventName = CreateOrganization) || ($.eventName = CreateOrganizationalUnit) || ($.eventName = CreatePolicy) || ($.eventName = DeclineHandshake) || ($.eventName = DeleteOrganization) || ($.eventName = DeleteOrganizationalUnit) || ($.eventName = DeletePolicy) || ($.eventName = EnableAllFeatures) || ($.eventName = EnablePolicyType) || ($.eventName = InviteAccountToOrganization) || ($.eventName = LeaveOrganization) || ($.eventName = DetachPolicy) || ($.eventName = DisablePolicyType) || ($.eventName = MoveAccount) || ($.eventName = RemoveAccountFromOrganization) || ($.eventName = UpdateOrganizationalUnit) || ($.eventName = UpdatePolicy)) }",
  runbook: [
    "Read requestParameters: which account, unit or policy.",
    "An account that leaves or moves, or a detached policy, is rid of its guardrails.",
    "Ask the organization's owners; only the management account can undo most of it.",
  ],
  examples: {
    matches: [
      organizations("DetachPolicy", { policyId: "p-0123456789", targetId: "ou-abcd-01234567" }),
      organizations("CreateAccount", { accountName: "****", email: "****" }),
      deniedCall({ eventSource: "organizations.amazonaws.com", eventName: "LeaveOrganization" }),
    ],
    ignores: [
      organizations("ListAccounts"),
      apiCall({ eventSource: "iam.amazonaws.com", eventName: "CreatePolicy" }),
    ],
    tuned: {
      matches: [
        organizations("CancelHandshake", { handshakeId: "h-0123456789" }),
        organizations("EnableAllFeatures"),
      ],
      ignores: [],
    },
  },
});
