/** What one event pattern may hold. */
export const limits = {
  /** Without white space between tokens. Source: "Amazon EventBridge quotas" of the EventBridge user guide. */
  characters: 2048,
  /** How deep the JSON may nest. AWS publishes no limit; no event is nested as deep. */
  depth: 100,
  /** Ways to choose one branch of each `$or`. Source: "Comparison operators" of the EventBridge user guide. */
  orCombinations: 1000,
  /** Numbers that are compared lie within plus and minus this. Source: the same page, "Numeric matching". */
  comparedNumber: 5e9,
  /** Digits after the decimal point of numbers that are compared. Source: the same. */
  comparedDecimals: 6,
  /**
   * How many beginnings of a field's wildcards one value can match at once. AWS publishes no number: patterns it
   * is known to accept reach 9, and those it is known to reject start at 11.
   */
  wildcardComplexity: 10,
} as const;
