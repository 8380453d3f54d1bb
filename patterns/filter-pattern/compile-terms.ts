import type { TermsPattern } from "./ast";
import type { Test } from "./compile-expression";
import { messageOf } from "./message";
import { compileRegularExpression } from "./regular-expression/compile";

/**
 * Compiles terms to a test of a log event's text: it holds every included term and no excluded one. Optional
 * terms, of which one must stand in it, count only where there are no others.
 *
 * Source: "Using filter patterns to match terms in unstructured log events" on the page "Filter pattern syntax"
 * of the CloudWatch Logs user guide. It also says that `" "` matches every event.
 */
export function compileTermsPattern({ terms }: TermsPattern): Test<unknown> {
  const tests = {
    included: [] as Test<string>[],
    excluded: [] as Test<string>[],
    optional: [] as Test<string>[],
  };
  for (const term of terms) {
    if (term.kind === "regular expression") tests.included.push(compileRegularExpression(term.source));
    else tests[term.kind].push((message) => term.text.trim() === "" || message.includes(term.text));
  }
  const { included, excluded, optional } = tests;
  const onlyOptional = included.length === 0 && excluded.length === 0 && optional.length > 0;

  return (value) => {
    const message = messageOf(value);
    if (message === undefined) return false;
    const holds = (test: Test<string>) => test(message);
    return onlyOptional ? optional.some(holds) : included.every(holds) && !excluded.some(holds);
  };
}
