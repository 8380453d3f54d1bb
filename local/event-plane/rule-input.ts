/** What a target of a rule gets instead of the event: at most one of the three. */
export interface TargetInput {
  readonly Input?: string | undefined;
  readonly InputPath?: string | undefined;
  readonly InputTransformer?: InputTransformer | undefined;
}

interface InputTransformer {
  readonly InputPathsMap?: Readonly<Record<string, string>> | undefined;
  readonly InputTemplate: string | undefined;
}

/** An input that EventBridge would not take, could not deliver, or that this emulator doesn't know how to make. */
export class RuleInputError extends Error {
  override readonly name = "RuleInputError";
}

/**
 * The payload that a target of a rule gets for an event.
 *
 * Source: EventBridge user guide, "Amazon EventBridge input transformation". What it leaves open is as recorded on AWS
 * by others: a variable without a value is an empty text, `aws.events.event` has `detailType` for `detail-type`. How
 * text with quotes stands within a text of the template is said in two ways; here it is escaped.
 *
 * @param at when the event came in
 * @throws RuleInputError
 */
export function inputOf(
  target: TargetInput,
  event: object,
  rule: { readonly arn: string; readonly name: string },
  at: Date,
): string {
  const { Input, InputPath, InputTransformer } = target;
  if ([Input, InputPath, InputTransformer].filter((input) => input !== undefined).length > 1) {
    throw new RuleInputError("a target takes only one of Input, InputPath and InputTransformer");
  }
  if (Input !== undefined) {
    return Input;
  }
  if (InputPath !== undefined) {
    const value = follow(InputPath, event);
    if (value === undefined) {
      throw new RuleInputError(`the InputPath ${InputPath} finds nothing in the event`);
    }
    return JSON.stringify(value);
  }
  return InputTransformer === undefined
    ? JSON.stringify(event)
    : transform(InputTransformer, event, reservedVariables(event, rule, at));
}

type Variables = ReadonlyMap<string, unknown>;

function reservedVariables(
  event: object,
  rule: { readonly arn: string; readonly name: string },
  at: Date,
): Variables {
  const withoutDetail = Object.entries(event).flatMap(([key, value]) =>
    key === "detail" ? [] : [[key === "detail-type" ? "detailType" : key, value]],
  );
  return new Map<string, unknown>([
    ["aws.events.rule-arn", rule.arn],
    ["aws.events.rule-name", rule.name],
    ["aws.events.event.ingestion-time", at.toISOString()],
    ["aws.events.event", Object.fromEntries(withoutDetail)],
    ["aws.events.event.json", event],
  ]);
}

function transform(transformer: InputTransformer, event: object, reserved: Variables): string {
  const { InputPathsMap = {}, InputTemplate = "" } = transformer;
  const variables = new Map(reserved);
  for (const [name, path] of Object.entries(InputPathsMap)) {
    if (reserved.has(name)) {
      throw new RuleInputError(`the variable ${name} is reserved`);
    }
    const value = follow(path, event);
    variables.set(name, value === undefined ? "" : value);
  }
  return checked(filled(InputTemplate, variables));
}

/** The template is read from quote to quote, since a variable within a text is put in otherwise than one outside. */
function filled(template: string, variables: Variables): string {
  let isInText = false;
  return template.replace(/\\.|"|<([\w.-]+)>/gs, (found, name?: string) => {
    if (name === undefined) {
      isInText = found === '"' ? !isInText : isInText;
      return found;
    }
    if (!variables.has(name)) {
      throw new RuleInputError(`the input template has the placeholder ${name}, which is no variable`);
    }
    const value = variables.get(name);
    return isInText ? escaped(value) : JSON.stringify(value);
  });
}

/** As it stands within the quotes of a JSON text. */
function escaped(value: unknown): string {
  return JSON.stringify(typeof value === "string" ? value : JSON.stringify(value)).slice(1, -1);
}

/** JSON is delivered without spaces, texts as they stand in the template, also several, one a line. */
function checked(input: string): string {
  if (input.trim() !== "" && input.split("\n").every((line) => line.trim() === "" || isText(line))) {
    return input;
  }
  try {
    return JSON.stringify(JSON.parse(input));
  } catch {
    throw new RuleInputError(`the input template makes neither JSON nor texts in quotes: ${input}`);
  }
}

function isText(line: string): boolean {
  try {
    return typeof JSON.parse(line) === "string";
  } catch {
    return false;
  }
}

/** @returns undefined if the path leads nowhere */
function follow(path: string, event: object): unknown {
  return stepsOf(path).reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null && Array.isArray(value) === (typeof step === "number")
        ? new Map(Object.entries(value)).get(String(step))
        : undefined,
    event,
  );
}

/** The names and indexes of a path such as `$.detail.items[0]['a.b']`. */
function stepsOf(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  const step = /\.([\w/-]+)|\['([^']+)'\]|\[(\d+)\]/y;
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const [, name, key, index] = step.exec(path) ?? [];
    const found = name ?? key ?? (index === undefined ? undefined : Number(index));
    if (found === undefined) {
      break;
    }
    steps.push(found);
  }
  // A failed match sets it back.
  if (!path.startsWith("$") || (path.length > 1 && step.lastIndex !== path.length)) {
    throw new RuleInputError(
      `the path ${JSON.stringify(path)} is not one of $, .name, ['name'] and [0], and others are not followed here`,
    );
  }
  return steps;
}
