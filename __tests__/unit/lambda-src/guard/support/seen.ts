import type { Aws } from "../../../../../lambda-src/guard/aws";
import type { Difference, Seen } from "../../../../../lambda-src/guard/difference";
import { Scene } from "./scene";

/** A deployment that is as declared, and a way to call AWS about it. */
export function deployment(): { scene: Scene; cloud: Scene["cloud"]; aws: Aws } {
  const scene = new Scene();
  return { scene, cloud: scene.cloud, aws: scene.fake.process().aws };
}

/** Kinds and texts of differences, by id. */
export function summary(seen: Seen | readonly Difference[]): Record<string, string> {
  const differences = "unseen" in seen ? seen.differences : seen;
  return Object.fromEntries(differences.map(({ id, kind, what }) => [id, `${kind}: ${what}`]));
}

/** Makes all of it as declared, as far as it can be. */
export async function repair(seen: Seen | readonly Difference[], aws: Aws): Promise<void> {
  for (const difference of "unseen" in seen ? seen.differences : seen) {
    await difference.repair?.(aws);
  }
}
