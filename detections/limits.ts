/** What CloudWatch and CloudWatch Logs take (CloudWatch Logs user guide, "CloudWatch Logs quotas"; API references). */
export const LIMITS = {
  filtersPerLogGroup: 100,
  regularExpressionFiltersPerLogGroup: 5,
  patternCharacters: 1024,
  filterNameCharacters: 512,
  nameCharacters: 255,
  topicNameCharacters: 256,
  periodSeconds: 86_400,
} as const;
