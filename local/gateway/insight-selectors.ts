import { Readable } from "node:stream";
import { json } from "node:stream/consumers";
import { jsonInputOf, type Mend, regionOf } from "./call";
import { nameTrail } from "./trails";

/** Keeps in mind what insight selectors trails were given last, and tells them where they are asked for. */
export class InsightSelectors {
  /** By region and trail. */
  readonly #selectors = new Map<string, unknown>();

  readonly put: Mend = async (call, send) => {
    const answer = await send(call);
    if (answer.status === 200) {
      const { TrailName, InsightSelectors } = jsonInputOf(call);
      this.#selectors.set(placeOf(regionOf(call), TrailName), InsightSelectors);
    }
    return answer;
  };

  readonly get: Mend = async (call, send) => {
    const answer = await send(call);
    const selectors = this.#selectors.get(placeOf(regionOf(call), jsonInputOf(call).TrailName));
    if (answer.status !== 200 || selectors === undefined) {
      return answer;
    }
    const output = { ...((await json(answer.body)) as object), InsightSelectors: selectors };
    const { "content-length": _, ...headers } = answer.headers;
    return { ...answer, headers, body: Readable.from([JSON.stringify(output)]) };
  };

  /** For a trail that is deleted. */
  readonly forget: Mend = async (call, send) => {
    const answer = await nameTrail(call, send);
    if (answer.status === 200) {
      this.#selectors.delete(placeOf(regionOf(call), jsonInputOf(call).Name));
    }
    return answer;
  };
}

/** A trail is named by its name or its ARN. */
function placeOf(region: string, trail: unknown): string {
  return `${region} ${String(trail).replace(/^.*\//, "")}`;
}
