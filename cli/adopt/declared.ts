import { isObject } from "../../config/settings";

/** What a stack declares of one resource. */
export interface DeclaredPart {
  /** e.g. `aws_sns_topic` */
  readonly type: string;
  /** Terraform's arguments. What of a value only Terraform will know is told in words: see {@link isInWords}. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Whether it is made in another region than the stack's. */
  readonly isElsewhere: boolean;
}

export interface Place {
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
}

/** Marks, within a text, what only Terraform will know, and says it in words between the marks. */
const BEGIN = "\u2039";
const END = "\u203a";

/** Whether a text has a part that only Terraform will know. */
export function isInWords(text: string): boolean {
  return text.includes(BEGIN);
}

/** The text without the marks. */
export function inWords(text: string): string {
  return text.replaceAll(BEGIN, "").replaceAll(END, "");
}

/** Argument that names a resource of each type. */
const NAME_ARGUMENTS: Readonly<Record<string, string>> = {
  aws_cloudwatch_metric_alarm: "alarm_name",
  aws_lambda_function: "function_name",
  aws_s3_bucket: "bucket",
};

/** Service and resource of an ARN, by type. */
const ARNS: Readonly<Record<string, (name: string, place: Place) => string>> = {
  aws_cloudtrail: (name, { region, accountId }) => `cloudtrail:${region}:${accountId}:trail/${name}`,
  aws_cloudwatch_event_rule: (name, { region, accountId }) => `events:${region}:${accountId}:rule/${name}`,
  aws_cloudwatch_log_group: (name, { region, accountId }) => `logs:${region}:${accountId}:log-group:${name}`,
  aws_cloudwatch_metric_alarm: (name, { region, accountId }) =>
    `cloudwatch:${region}:${accountId}:alarm:${name}`,
  aws_dynamodb_table: (name, { region, accountId }) => `dynamodb:${region}:${accountId}:table/${name}`,
  aws_iam_policy: (name, { accountId }) => `iam::${accountId}:policy/${name}`,
  aws_lambda_function: (name, { region, accountId }) => `lambda:${region}:${accountId}:function:${name}`,
  aws_s3_bucket: (name) => `s3:::${name}`,
  aws_sns_topic: (name, { region, accountId }) => `sns:${region}:${accountId}:${name}`,
  aws_sqs_queue: (name, { region, accountId }) => `sqs:${region}:${accountId}:${name}`,
};

type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/**
 * Everything that a stack declares, as AWS will have it: Terraform's references are followed where their values are known.
 *
 * @param json what is in its `cdk.tf.json`
 * @param keyArn of the deployment's key, where it exists; what is encrypted with one that is made says so in words
 * @throws Error for what is no Terraform JSON
 */
export function declaredParts(json: string, place: Place, keyArn?: string): DeclaredPart[] {
  const document: unknown = JSON.parse(json);
  const resources = isObject(document) && isObject(document.resource) ? document.resource : undefined;
  if (resources === undefined) {
    throw new Error("the stack has no resources");
  }
  const byType: Resources = Object.fromEntries(
    Object.entries(resources).map(([type, named]) => [
      type,
      Object.fromEntries(
        Object.entries(isObject(named) ? named : {}).flatMap(([id, value]) =>
          isObject(value) ? [[id, value]] : [],
        ),
      ),
    ]),
  );
  return Object.entries(byType).flatMap(([type, named]) =>
    Object.values(named).map((resource) => {
      const { "//": _, provider, depends_on: _order, lifecycle: _lifecycle, ...values } = resource;
      return {
        type,
        arguments: Object.fromEntries(
          Object.entries(values).map(([name, value]) => [
            name,
            resolved(value, { resources: byType, place, keyArn }),
          ]),
        ),
        isElsewhere: provider !== undefined,
      };
    }),
  );
}

interface Known {
  readonly resources: Resources;
  readonly place: Place;
  readonly keyArn: string | undefined;
}

function resolved(value: unknown, known: Known): unknown {
  if (typeof value === "string") {
    return value.replace(/\$\{([^}]*)\}/g, (_, reference: string) => valueOfReference(reference, known));
  }
  if (Array.isArray(value)) {
    return value.map((item) => resolved(item, known));
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, resolved(item, known)]))
    : value;
}

function valueOfReference(reference: string, known: Known): string {
  const { resources, place, keyArn } = known;
  const [type = "", id = "", attribute = ""] = reference.split(".");
  if (type === "data") {
    const values: Readonly<Record<string, string>> = {
      aws_partition: place.partition,
      aws_region: place.region,
      aws_caller_identity: place.accountId,
    };
    return values[id] ?? `${BEGIN}${reference}${END}`;
  }
  const declared = resources[type]?.[id];
  if (type === "aws_kms_key") {
    return (
      (attribute === "arn" ? keyArn : keyArn?.replace(/^.*\//, "")) ?? `${BEGIN}the deployment's key${END}`
    );
  }
  const ownName = declared?.[NAME_ARGUMENTS[type] ?? "name"];
  if (typeof ownName !== "string") {
    return `${BEGIN}${reference}${END}`;
  }
  const name = String(resolved(ownName, known));
  const arn = ARNS[type];
  if (attribute !== "arn" && !(attribute === "id" && /^aws_(?:sns_topic|sqs_queue|cloudtrail)$/.test(type))) {
    return name;
  }
  if (type === "aws_iam_role") {
    // Its path isn't always the stack's to choose.
    const { path } = declared ?? {};
    return `arn:${place.partition}:iam::${place.accountId}:role${typeof path === "string" ? path : "/"}${name}`;
  }
  return arn === undefined ? `${BEGIN}${reference}${END}` : `arn:${place.partition}:${arn(name, place)}`;
}

/** Name of a resource as AWS has it; undefined for what has none. */
export function nameOf({ type, arguments: values }: DeclaredPart): string | undefined {
  const name = values[NAME_ARGUMENTS[type] ?? "name"];
  return typeof name === "string" ? name : undefined;
}

/** The one resource of a type and name in the stack's own region. */
export function partNamed(
  parts: readonly DeclaredPart[],
  type: string,
  name: string,
): DeclaredPart | undefined {
  return parts.find((part) => part.type === type && !part.isElsewhere && nameOf(part) === name);
}

/** Names of the resources of a type in the stack's own region. */
export function namesOf(parts: readonly DeclaredPart[], type: string): string[] {
  return parts.flatMap((part) => {
    const name = part.type === type && !part.isElsewhere ? nameOf(part) : undefined;
    return name === undefined ? [] : [name];
  });
}
