import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { type Answer, type Call, type Mend, regionOf } from "./call";
import type { Operation } from "./operation";
import { lambdaOperationOf } from "./rest-operations/lambda";

interface Settings {
  readonly DeadLetterConfig?: unknown;
  readonly Architectures?: unknown;
}

/**
 * Keeps in mind what the emulator forgets of functions, and tells it with their configuration: dead-letter queues or topics,
 * and the architecture that changed code came with.
 */
export class FunctionSettings {
  /** By region and function. */
  readonly #settings = new Map<string, Settings>();

  /** For calls that make, change or tell a function. */
  readonly tell: Mend = async (call, send) => {
    const answer = await send(call);
    if (answer.status >= 300) {
      return answer;
    }
    const { operation, input } = operationOf(call);
    const place = placeOf(call, input.FunctionName);
    if (operation === "CreateFunction") {
      this.#settings.delete(place);
    }
    const given = { ...deadLetterConfigOf(input), ...architecturesOf(operation, input) };
    if (Object.keys(given).length > 0) {
      this.#settings.set(place, { ...this.#settings.get(place), ...given });
    }
    return this.#settings.size === 0 ? answer : this.#withSettings(call, answer);
  };

  /** For a function that is deleted. */
  readonly forget: Mend = async (call, send) => {
    const answer = await send(call);
    if (answer.status < 300) {
      this.#settings.delete(placeOf(call, operationOf(call).input.FunctionName));
    }
    return answer;
  };

  async #withSettings(call: Call, { status, headers, body }: Answer): Promise<Answer> {
    const output = await text(body);
    // What isn't told of a function passes as it is.
    const told = JSON.stringify(JSON.parse(output), (_, value: unknown) => {
      const isFunction = typeof value === "object" && value !== null && "FunctionName" in value;
      const settings = isFunction ? this.#settings.get(placeOf(call, value.FunctionName)) : undefined;
      return settings === undefined ? value : { ...Object(value), ...settings };
    });
    const { "content-length": _, ...others } = headers;
    return { status, headers: others, body: Readable.from([told]) };
  }
}

/** A function loses its own by one without a target. */
function deadLetterConfigOf({ DeadLetterConfig: config }: Operation["input"]): Settings {
  if (config === undefined) {
    return {};
  }
  const hasTarget =
    typeof config === "object" && config !== null && "TargetArn" in config && Boolean(config.TargetArn);
  return { DeadLetterConfig: hasTarget ? config : undefined };
}

/** The emulator knows the architecture that a function was created with. */
function architecturesOf(operation: string, { Architectures, DryRun }: Operation["input"]): Settings {
  const isChanged = operation === "UpdateFunctionCode" && Architectures !== undefined && DryRun !== true;
  return isChanged ? { Architectures } : {};
}

function operationOf(call: Call): Operation {
  return lambdaOperationOf(call) ?? { operation: "", input: {} };
}

/** A function is named by its name, its ARN or a part of it. */
function placeOf(call: Call, functionName: unknown): string {
  return `${regionOf(call)} ${/^(?:.*:function:)?([^:]*)/.exec(String(functionName))?.[1]}`;
}
