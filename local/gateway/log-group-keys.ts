import { Readable } from "node:stream";
import { json } from "node:stream/consumers";
import { type Answer, type Call, jsonCall, jsonInputOf, type Mend, regionOf, type Send } from "./call";

interface LogGroups {
  readonly logGroups: readonly { readonly logGroupName: string }[];
}

/** Keeps in mind which keys log groups got or lost since they were created, and tells them where they are described. */
export class LogGroupKeys {
  /** By region and log group; null for one that lost its key. */
  readonly #keys = new Map<string, unknown>();

  readonly associate: Mend = (call, send) => this.#keep(call, send, jsonInputOf(call).kmsKeyId);

  readonly disassociate: Mend = (call, send) => this.#keep(call, send, null);

  readonly describe: Mend = async (call, send) => {
    const answer = await send(call);
    return answer.status === 200 && this.#keys.size > 0 ? this.#withKeys(regionOf(call), answer) : answer;
  };

  /** For a log group that is created or deleted. */
  readonly forget: Mend = async (call, send) => {
    const answer = await send(call);
    if (answer.status === 200) {
      this.#keys.delete(placeOf(regionOf(call), jsonInputOf(call).logGroupName));
    }
    return answer;
  };

  async #keep(call: Call, send: Send, key: unknown): Promise<Answer> {
    const logGroupName = logGroupNameOf(jsonInputOf(call));
    if (logGroupName === undefined || key === undefined) {
      return send(call);
    }
    // Taking no tags away changes nothing, and the emulator answers that as AWS answers these calls: with nothing, or
    // that the log group doesn't exist.
    const answer = await send(jsonCall(call, { logGroupName, tags: [] }, "UntagLogGroup"));
    if (answer.status === 200) {
      this.#keys.set(placeOf(regionOf(call), logGroupName), key);
    }
    return answer;
  }

  async #withKeys(region: string, { status, headers, body }: Answer): Promise<Answer> {
    const output = (await json(body)) as LogGroups;
    const logGroups = output.logGroups.map((group) => {
      const key = this.#keys.get(placeOf(region, group.logGroupName));
      return key === undefined ? group : { ...group, kmsKeyId: key ?? undefined };
    });
    const { "content-length": _, ...others } = headers;
    return { status, headers: others, body: Readable.from([JSON.stringify({ ...output, logGroups })]) };
  }
}

function placeOf(region: string, logGroupName: unknown): string {
  return `${region} ${logGroupName}`;
}

/** A resource that isn't a log group has none: AWS encrypts query results with these calls, too. */
function logGroupNameOf({ logGroupName, resourceIdentifier }: Record<string, unknown>): string | undefined {
  return typeof logGroupName === "string"
    ? logGroupName
    : /:log-group:([^:]+)/.exec(String(resourceIdentifier))?.[1];
}
