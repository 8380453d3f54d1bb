import type { Fact } from "./alert";
import type { ApiCall } from "./api-call";
import { callerName } from "./caller";
import { parametersLine } from "./parameters-line";
import { resourcesOf } from "./resource-of-call";
import { oneLine } from "./text";

/** When a call was made, by whom, what was called and from where: lines that are fit to be shown, whatever the event holds. */
export function callFacts(call: ApiCall): readonly Fact[] {
  const { principal } = call;
  const mfa = { true: "with MFA", false: "without MFA", undefined: "MFA unknown" }[String(principal.mfa)];
  const resources = resourcesOf(call);
  const facts: readonly Fact[] = [
    { label: "When", lines: [oneLine(call.time) || "unknown"] },
    {
      label: "Who",
      lines: [
        `${oneLine(callerName(call))}, ${mfa}`,
        oneLine(principal.arn) || "no ARN recorded",
        principal.invokedBy === undefined || principal.type === "AWSService"
          ? ""
          : oneLine(`through ${principal.invokedBy}`),
      ],
    },
    {
      label: "What",
      lines: [oneLine(`${call.eventName} (${call.eventSource})`), ...resources, ...outcomeOf(call)],
    },
    { label: "With", lines: [parametersBeside(resources, call)] },
    { label: "From", lines: [oneLine(call.sourceIpAddress) || "unknown address", oneLine(call.userAgent)] },
    {
      label: "Account",
      lines: [oneLine(`${call.accountId || "unknown"}, region ${call.region || "unknown"}`)],
    },
    { label: "Event", lines: [oneLine(call.eventId) || "without an id"] },
  ];
  return facts
    .map(({ label, lines }) => ({ label, lines: lines.filter((line) => line !== "") }))
    .filter(({ lines }) => lines.length > 0);
}

const LONGEST_PARAMETERS = 300;

/** What a call was made with; empty where the resources say it all. */
function parametersBeside(resources: readonly string[], { parameters }: ApiCall): string {
  const values = Object.values(parameters);
  const says = values.length > resources.length || values.some((value) => typeof value === "object");
  return says ? oneLine(parametersLine(parameters, LONGEST_PARAMETERS), LONGEST_PARAMETERS + 10) : "";
}

/** A sign-in that failed has no code of its own. */
function outcomeOf({ errorCode, errorMessage }: ApiCall): string[] {
  if (errorCode === "Failure") {
    return [`failed: ${oneLine(errorMessage ?? "") || "no reason recorded"}`];
  }
  return errorCode === undefined
    ? []
    : [`denied or failed: ${oneLine(errorCode)}`, oneLine(errorMessage ?? "", 400)];
}
