import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { type Answer, type Call, type Mend, regionOf } from "./call";
import type { Operation } from "./operation";
import { lambdaOperationOf } from "./rest-operations/lambda";

/** Keeps in mind which dead-letter queues or topics functions were given, and tells them with their configuration. */
export class DeadLetterConfigs {
  /** By region and function. */
  readonly #configs = new Map<string, unknown>();

  /** For calls that make, change or tell a function. */
  readonly tell: Mend = async (call, send) => {
    const answer = await send(call);
    if (answer.status >= 300) {
      return answer;
    }
    const { operation, input } = operationOf(call);
    const place = placeOf(call, input.FunctionName);
    if (operation === "CreateFunction") {
      this.#configs.delete(place);
    }
    if (input.DeadLetterConfig !== undefined) {
      this.#keep(place, input.DeadLetterConfig);
    }
    return this.#configs.size === 0 ? answer : this.#withConfigs(call, answer);
  };

  /** For a function that is deleted. */
  readonly forget: Mend = async (call, send) => {
    const answer = await send(call);
    if (answer.status < 300) {
      this.#configs.delete(placeOf(call, operationOf(call).input.FunctionName));
    }
    return answer;
  };

  /** A function loses its own by one without a target. */
  #keep(place: string, config: unknown): void {
    if (typeof config === "object" && config !== null && "TargetArn" in config && config.TargetArn) {
      this.#configs.set(place, config);
    } else {
      this.#configs.delete(place);
    }
  }

  async #withConfigs(call: Call, { status, headers, body }: Answer): Promise<Answer> {
    const output = await text(body);
    // What isn't told of a function passes as it is.
    const told = JSON.stringify(JSON.parse(output), (_, value: unknown) => {
      const isFunction = typeof value === "object" && value !== null && "FunctionName" in value;
      const config = isFunction ? this.#configs.get(placeOf(call, value.FunctionName)) : undefined;
      return config === undefined ? value : { ...Object(value), DeadLetterConfig: config };
    });
    const { "content-length": _, ...others } = headers;
    return { status, headers: others, body: Readable.from([told]) };
  }
}

function operationOf(call: Call): Operation {
  return lambdaOperationOf(call) ?? { operation: "", input: {} };
}

/** A function is named by its name, its ARN or a part of it. */
function placeOf(call: Call, functionName: unknown): string {
  return `${regionOf(call)} ${/^(?:.*:function:)?([^:]*)/.exec(String(functionName))?.[1]}`;
}
