import { nothingRequired, type RequiredTexts, requiredByWildcard } from "../required-texts";
import type { Requirements, ValueTest } from "./ast";
import { parseIpAddress } from "./ip-address";

/** What the `detail` of an event must contain for a pattern to match the event. */
export function requiredInDetail({ fields, ors }: Requirements): RequiredTexts {
  const ofFields = [...fields.values()]
    .filter(({ path }) => path.startsWith("detail."))
    .map(({ path, tests }): RequiredTexts => {
      const key = path.slice(path.lastIndexOf(".") + 1);
      return { kind: "any", parts: tests.map((test) => requiredByTest(key, test)) };
    });
  const ofOrs = ors.map(
    ({ branches }): RequiredTexts => ({ kind: "any", parts: branches.map(requiredInDetail) }),
  );
  return { kind: "all", parts: [...ofFields, ...ofOrs] };
}

/** Only a test that names characters as they stand in the value says what must be there. */
function requiredByTest(key: string, test: ValueTest): RequiredTexts {
  switch (test.kind) {
    case "equals":
      // An IP address can be written in several ways that are equal.
      return typeof test.value === "string" && parseIpAddress(test.value) === undefined
        ? requiredByWildcard(key, [test.value])
        : nothingRequired;
    case "prefix":
      return test.ignoreCase ? nothingRequired : requiredByWildcard(key, [test.text]);
    case "suffix":
      return test.ignoreCase ? nothingRequired : requiredByWildcard(key, ["", test.text]);
    case "wildcard":
      return requiredByWildcard(key, test.wildcard.pieces);
    default:
      return nothingRequired;
  }
}
