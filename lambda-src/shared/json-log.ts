/** Prints one JSON object a line, as CloudWatch Logs Insights takes fields from. */
export function jsonLog(service: string) {
  const print =
    (level: "INFO" | "WARN" | "ERROR") => (message: string, fields: Readonly<Record<string, unknown>>) => {
      const timestamp = new Date().toISOString();
      process.stdout.write(`${JSON.stringify({ level, timestamp, service, message, ...fields })}\n`);
    };
  return { info: print("INFO"), warn: print("WARN"), error: print("ERROR") };
}
