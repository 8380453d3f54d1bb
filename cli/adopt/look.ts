import { messageOf } from "../drill/aws-error";

/**
 * What a look found. `found` is undefined where there is no such thing; with `problem` that isn't known, and the problem says
 * why in a sentence.
 */
export type Look<Found> = { readonly found: Found | undefined } | { readonly problem: string };

/** Looks, and takes a failure for a problem. */
export async function look<Found>(ask: () => Promise<Found | undefined>): Promise<Look<Found>> {
  try {
    return { found: await ask() };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
