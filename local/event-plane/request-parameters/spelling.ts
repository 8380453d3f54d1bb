export type Parameters = Readonly<Record<string, unknown>>;

/** Members that are maps where they aren't lists: their keys are the caller's and stay as they are. */
const MAPS: ReadonlySet<string> = new Set([
  ...["attributes", "dimensions", "tags", "inputPathsMap", "headerParameters", "queryStringParameters"],
  ...["encryptionContextEquals", "encryptionContextSubset"],
]);

/** As CloudTrail spells a member: `KmsKeyId` is `kmsKeyId`, `SSHPublicKey` is `sSHPublicKey`. */
export function lowerFirst(member: string): string {
  return member.charAt(0).toLowerCase() + member.slice(1);
}

/**
 * A member's value with the members inside spelled alike.
 *
 * @param name the member, as CloudTrail spells it
 */
export function spelled(name: string, value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => spelledObject(element));
  }
  return MAPS.has(name) ? value : spelledObject(value);
}

function spelledObject(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(spelledObject);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(
        Object.entries(value).map(([member, inner]) => {
          const name = lowerFirst(member);
          return [name, spelled(name, inner)];
        }),
      )
    : value;
}
