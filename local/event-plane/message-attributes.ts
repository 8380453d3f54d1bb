/** A message attribute as SNS tells it; a binary one's value is base64. */
export interface MessageAttribute {
  /** `String`, `Number`, `Binary`, `String.Array` or a type of one's own such as `Number.int`. */
  readonly Type: string;
  readonly Value: string;
}

/** By name. */
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** Attributes of texts and numbers. */
export function attributesOf(values: Readonly<Record<string, string | number>>): MessageAttributes {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { Type: typeof value === "number" ? "Number" : "String", Value: String(value) },
    ]),
  );
}

/** @param input `MessageAttributes` of a call of `Publish` */
export function attributesOfCall(input: unknown): MessageAttributes {
  const attributes = typeof input === "object" && input !== null ? Object.entries(input) : [];
  return Object.fromEntries(
    attributes.map(([name, value]: [string, unknown]) => {
      const members = new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
      const Value = members.get("StringValue") ?? members.get("BinaryValue") ?? "";
      return [name, { Type: String(members.get("DataType")), Value: String(Value) }];
    }),
  );
}

/** As a call takes them that sends a message; none of them is binary. */
export function attributesForCall(
  attributes: MessageAttributes,
): Record<string, { DataType: string; StringValue: string }> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { Type, Value }]) => [
      name,
      { DataType: Type, StringValue: Value },
    ]),
  );
}
