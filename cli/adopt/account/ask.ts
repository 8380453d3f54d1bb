import { awsError, undefinedFor } from "../../drill/aws-error";

/** Settings of every client that asks the account. */
export interface ClientSettings {
  readonly region: string;
  readonly customUserAgent: string;
  /** Milliseconds. */
  readonly requestHandler: { readonly requestTimeout: number; readonly connectionTimeout: number };
  readonly endpoint?: string;
}

/**
 * @param action as IAM names it, e.g. `s3:GetBucketPolicy`
 * @throws Error in a sentence
 */
export async function ask<Answer>(action: string, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    throw awsError(action, error);
  }
}

/** As {@link ask}. @returns undefined for an error of one of the names, which say that there is no such thing */
export function askFor<Answer>(
  action: string,
  missing: readonly string[],
  send: () => Promise<Answer>,
): Promise<Answer | undefined> {
  return ask(action, () => send().catch(undefinedFor(...missing)));
}

/** What is on all pages of an answer. */
export function askForAll<Page, Item>(
  action: string,
  pages: () => AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  return ask(action, async () => {
    const found: Item[] = [];
    for await (const page of pages()) {
      found.push(...(itemsOf(page) ?? []));
    }
    return found;
  });
}
