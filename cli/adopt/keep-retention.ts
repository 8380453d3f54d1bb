/** As the constructs have it where the settings don't say. */
const DEFAULT_RETENTION_DAYS = 365;

/**
 * How long something is to be kept, so that taking it over deletes nothing that isn't deleted now.
 *
 * @param what is kept, e.g. `log files`
 * @param setting of `retention`
 * @param now days; undefined for ever
 * @param declared days, where the settings say
 * @param propose the days that the setting has to have
 */
export function keptRetention<Days extends number>({
  what,
  setting,
  now,
  declared,
  propose,
}: {
  readonly what: string;
  readonly setting: string;
  readonly now: number | undefined;
  readonly declared: number | undefined;
  readonly propose: (now: number | undefined) => Days;
}): { readonly proposed: Days | undefined; readonly notes: string[] } {
  const proposed = propose(now);
  // What was proposed once, and written, is proposed again.
  const isWritten = declared === proposed && declared > DEFAULT_RETENTION_DAYS;
  if (
    now !== undefined &&
    now <= (isWritten ? DEFAULT_RETENTION_DAYS : (declared ?? DEFAULT_RETENTION_DAYS))
  ) {
    return { proposed: undefined, notes: [] };
  }
  const kept = `keeps ${what} ${now === undefined ? "for ever" : `${now} days`}`;
  if (declared !== undefined && !isWritten) {
    return {
      proposed: undefined,
      notes: [`${kept}; retention.${setting} is ${declared}, so those that are older will be deleted`],
    };
  }
  const deleted = now === undefined || now > proposed ? "only older ones are deleted" : "none is deleted";
  return {
    proposed,
    notes: [
      `${kept}: with retention.${setting} ${proposed} ${deleted}; to lower it is a decision of its own`,
    ],
  };
}
