import type { Part } from "../existing";
import { look } from "../look";
import { ask } from "./ask";

type TagList = readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[];

/** What tags say of a part. */
type Tagged = Pick<Part, "tags" | "cloudFormationStack">;

/** Asks for the tags of a part; a denied call is no reason not to adopt it. */
export async function askForTags(action: string, send: () => Promise<TagList>): Promise<Tagged> {
  const answer = await look(() => ask(action, send));
  return "problem" in answer ? { tags: undefined } : tagsOf(answer.found ?? []);
}

export function tagsOf(tags: TagList): Tagged {
  const all = tags.map(({ Key = "", Value = "" }): [string, string] => [Key, Value]);
  return {
    tags: Object.fromEntries(all.filter(([key]) => !key.startsWith("aws:"))),
    cloudFormationStack: all.find(([key]) => key === "aws:cloudformation:stack-name")?.[1],
  };
}

/** Tags of services that give them as an object. */
export function tagList(tags: Readonly<Record<string, string>> = {}): TagList {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
