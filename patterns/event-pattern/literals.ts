import { nothingRequired, type RequiredLiterals, requiredByAll, requiredByAny } from "../required-literals";
import type { Requirements, ValueTest } from "./ast";
import { parseIpAddress } from "./ip-address";

/** What an event must contain for a pattern to match it. */
export function literalsOf({ fields, ors }: Requirements): RequiredLiterals {
  return requiredByAll([
    ...[...fields.values()].map(({ tests }) => requiredByAny(tests.map(literalsOfTest))),
    ...ors.map(({ branches }) => requiredByAny(branches.map(literalsOf))),
  ]);
}

/** Only a test that names characters as they stand in the value says what must be there. */
function literalsOfTest(test: ValueTest): RequiredLiterals {
  switch (test.kind) {
    case "equals":
      // An IP address can be written in several ways that are equal.
      return typeof test.value === "string" && parseIpAddress(test.value) === undefined
        ? contains([test.value])
        : nothingRequired;
    case "prefix":
    case "suffix":
      return test.ignoreCase ? nothingRequired : contains([test.text]);
    case "wildcard":
      return contains(test.wildcard.pieces);
    default:
      return nothingRequired;
  }
}

/** The empty text stands everywhere, and so says nothing. */
function contains(texts: readonly string[]): RequiredLiterals {
  return texts.filter((text) => text !== "").map((text) => [text]);
}
