import {
  logsInsightsFilter,
  PatternSyntaxError,
  parseFilterPattern,
  UntranslatablePatternError,
} from "../patterns";

/**
 * A Logs Insights query for the events that a filter pattern matches, the latest first; undefined for a pattern that Logs
 * Insights can't search by, or that isn't understood.
 */
export function insightsQueryOf(filterPattern: string): string | undefined {
  try {
    return [
      "fields @timestamp, userIdentity.arn, eventName, sourceIPAddress, awsRegion, errorCode",
      `filter ${logsInsightsFilter(parseFilterPattern(filterPattern).ast)}`,
      "sort @timestamp desc",
    ].join("\n| ");
  } catch (error) {
    if (error instanceof UntranslatablePatternError || error instanceof PatternSyntaxError) {
      return undefined;
    }
    throw error;
  }
}
