const UNITS_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * How often a schedule fires.
 *
 * Source: EventBridge user guide, "Setting a schedule pattern for scheduled rules: rate expressions": a positive whole
 * number, and a unit that is singular for 1 and plural for more.
 *
 * @throws Error for anything but a rate expression that EventBridge accepts
 */
export function everyMilliseconds(scheduleExpression: string): number {
  const [, digits = "", unit = "", plural] =
    /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(scheduleExpression) ?? [];
  const count = Number(digits);
  const unitMs = UNITS_MS[unit];
  if (unitMs === undefined || count < 1 || (count === 1) !== (plural === "")) {
    throw new Error(
      `${JSON.stringify(scheduleExpression)} is no rate expression such as rate(5 minutes) or rate(1 hour), and this emulator runs no others`,
    );
  }
  return count * unitMs;
}
