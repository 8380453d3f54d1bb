import { compileWildcard } from "../wildcard";
import type { Bound, TextTest, ValueTest } from "./ast";
import { ignoringCase } from "./ignore-case";
import { isInCidr, parseIpAddress } from "./ip-address";

/** A value that an event's field can have: an object has none, and an array those of its elements. */
export type Scalar = string | number | boolean | null;

/**
 * Compiles the tests of a field to one that says whether a value passes any of them. That a field is missing
 * (`{"exists": false}`) is not a matter of its values, so that no value passes that test.
 */
export function compileValueTests(tests: readonly ValueTest[]): (value: Scalar) => boolean {
  const equalled = new Set<Scalar>();
  const others: ((value: Scalar) => boolean)[] = [];
  for (const test of tests) {
    if (test.kind !== "equals") others.push(compileValueTest(test));
    else if (typeof test.value === "string" && parseIpAddress(test.value) !== undefined)
      others.push(compileAddressTest(test.value));
    else equalled.add(test.value);
  }
  return (value) => equalled.has(value) || others.some((passes) => passes(value));
}

function compileValueTest(test: Exclude<ValueTest, { kind: "equals" }>): (value: Scalar) => boolean {
  switch (test.kind) {
    case "exists":
      return () => test.expected;
    case "anything but": {
      const excluded = new Set<Scalar>(test.values);
      return (value) => !excluded.has(value);
    }
    case "anything but match": {
      const tests = test.tests.map(compileTextTest);
      return (value) => typeof value !== "string" || !tests.some((passes) => passes(value));
    }
    case "numeric": {
      const bounds = test.bounds.map(compileBound);
      return (value) => typeof value === "number" && bounds.every((holds) => holds(value));
    }
    case "cidr":
      return (value) => {
        const address = typeof value === "string" ? parseIpAddress(value) : undefined;
        return address !== undefined && isInCidr(address, test.block);
      };
    default: {
      const passes = compileTextTest(test);
      return (value) => typeof value === "string" && passes(value);
    }
  }
}

function compileTextTest(test: TextTest): (text: string) => boolean {
  switch (test.kind) {
    case "prefix":
      return test.ignoreCase ? ignoringCase.startsWith(test.text) : (text) => text.startsWith(test.text);
    case "suffix":
      return test.ignoreCase ? ignoringCase.endsWith(test.text) : (text) => text.endsWith(test.text);
    case "equals ignoring case":
      return ignoringCase.equals(test.text);
    case "wildcard":
      return compileWildcard(test.wildcard.pieces);
  }
}

/** A text that is an IP address equals every way to write that address, as in aws/event-ruler. */
function compileAddressTest(expected: string): (value: Scalar) => boolean {
  const bytes = parseIpAddress(expected)?.join();
  return (value) =>
    value === expected || (typeof value === "string" && parseIpAddress(value)?.join() === bytes);
}

function compileBound({ operator, value: bound }: Bound): (number: number) => boolean {
  switch (operator) {
    case "=":
      return (number) => number === bound;
    case "<":
      return (number) => number < bound;
    case "<=":
      return (number) => number <= bound;
    case ">":
      return (number) => number > bound;
    case ">=":
      return (number) => number >= bound;
  }
}
