import type { TerraformStack } from "cdktf";
import { Testing } from "cdktf";

type Properties = Readonly<Record<string, unknown>>;

/** The Terraform JSON of a stack, with questions that tests ask of it. Attributes have Terraform's snake_case names. */
export class Template {
  static fromStack(stack: TerraformStack): Template {
    return new Template(JSON.parse(Testing.synth(stack, true)));
  }

  private constructor(
    readonly json: { resource?: Record<string, Record<string, Properties>> } & Properties,
  ) {}

  /** Every resource of a type. */
  resources(type: string): Properties[] {
    return Object.values(this.json.resource?.[type] ?? {});
  }

  /** The one resource of a type that has these attributes. */
  resource(type: string, attributes: Properties = {}): Properties {
    const found = this.resources(type).filter((resource) =>
      Object.entries(attributes).every(([name, value]) => resource[name] === value),
    );
    if (found.length !== 1) {
      throw new Error(`expected one ${type} with ${JSON.stringify(attributes)}, found ${found.length}`);
    }
    return found[0] as Properties;
  }

  /** Names and number of all resources. */
  resourceTypes(): string[] {
    return Object.keys(this.json.resource ?? {}).sort();
  }
}

export interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: Record<string, Record<string, string | string[]>>;
}

/** Statements of a policy attribute. */
export function statements(resource: Properties, attribute = "policy"): Statement[] {
  return (JSON.parse(String(resource[attribute])) as { Statement: Statement[] }).Statement;
}

export function statement(resource: Properties, sid: string, attribute = "policy"): Statement {
  const found = statements(resource, attribute).find(({ Sid }) => Sid === sid);
  if (found === undefined) {
    throw new Error(`no statement ${sid}`);
  }
  return found;
}
