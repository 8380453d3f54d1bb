import { getSystemErrorMap } from "node:util";

/** What the system says of why it refused, without a path; `undefined` for any other error. */
export function systemErrorReason(error: unknown): string | undefined {
  const { errno } = error as NodeJS.ErrnoException;
  return errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1];
}
