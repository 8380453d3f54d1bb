/** Writes a kebab-case id in Pascal case: `root-usage` becomes `RootUsage`. */
export function pascalCase(id: string): string {
  return id
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** The names that a detection has unless a standard gives it others. */
export function derivedNames(id: string, title: string) {
  const name = pascalCase(id);
  return {
    filterName: name,
    metricName: `${name}Count`,
    alarmName: title,
    topicName: `${name}_CloudWatch_Alarms_Topic`,
  };
}
