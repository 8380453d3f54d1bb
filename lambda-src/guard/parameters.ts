import type { Aws } from "./aws";
import type { GuardParameterNames } from "./settings";

/** A parameter as it was read. */
export interface StoredText {
  readonly text: string;
  readonly modifiedAt: Date;
}

/** The guard's parameters; one that is gone is undefined. */
export type StoredTexts = { readonly [Name in keyof GuardParameterNames]: StoredText | undefined };

/** Reads them all in one call. @throws what AWS answers with */
export async function readParameters(aws: Aws, names: GuardParameterNames): Promise<StoredTexts> {
  const { Parameters = [] } = await aws("ssm:GetParameters", { Names: Object.values(names) });
  const stored = (wanted: string): StoredText | undefined => {
    const found = Parameters.find(({ Name }) => Name === wanted);
    return found?.Value === undefined
      ? undefined
      : { text: found.Value, modifiedAt: new Date(found.LastModifiedDate ?? 0) };
  };
  return {
    declaredState: stored(names.declaredState),
    appliedState: stored(names.appliedState),
    pause: stored(names.pause),
    memory: stored(names.memory),
  };
}
