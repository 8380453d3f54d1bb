import type { AttributeValue } from "@aws-sdk/client-dynamodb";

export type Item = Readonly<Record<string, AttributeValue>>;
export type Values = Readonly<Record<string, AttributeValue>>;

/**
 * DynamoDB's condition expressions, as far as they are used here: `AND`, `OR`, parentheses, `=`, `<`, `IN`,
 * `attribute_not_exists` and `size` (DynamoDB developer guide, "Condition and filter expressions, operators, and functions").
 *
 * @throws for any other expression
 */
export function meets(expression: string, item: Item | undefined, values: Values): boolean {
  const reader = new Reader(expression, values);
  const outcome = or(reader, item ?? {});
  reader.end();
  return outcome;
}

/**
 * DynamoDB's update expressions, as far as they are used here: `SET` with values and `if_not_exists`, `ADD` of sets, `REMOVE`
 * (DynamoDB developer guide, "Using update expressions in DynamoDB"). All that is read is read of the item as it was.
 *
 * @throws for any other expression
 */
export function updated(expression: string, item: Item, values: Values): Item {
  const reader = new Reader(expression, values);
  const after: Record<string, AttributeValue> = { ...item };
  const clauses = new Set<string>();
  while (!reader.isAtEnd) {
    const clause = reader.oneOf("SET", "ADD", "REMOVE");
    if (clauses.has(clause)) {
      throw new Error(`The "${clause}" section can only be used once in an update expression`);
    }
    clauses.add(clause);
    do {
      const name = reader.name();
      if (clause === "REMOVE") {
        delete after[name];
      } else if (clause === "ADD") {
        after[name] = { SS: [...new Set([...(item[name]?.SS ?? []), ...setIn(reader.value())])] };
      } else {
        reader.oneOf("=");
        after[name] = assigned(reader, item);
      }
    } while (reader.takes(","));
  }
  return after;
}

/** @throws for values that no expression uses, as DynamoDB does */
export function expectUsed(expressions: readonly string[], values: Values): void {
  const unused = Object.keys(values).filter(
    (name) => !expressions.some((expression) => tokensOf(expression).includes(name)),
  );
  if (unused.length > 0) {
    throw new Error(`Value provided in ExpressionAttributeValues unused in expressions: ${unused}`);
  }
}

function assigned(reader: Reader, item: Item): AttributeValue {
  if (!reader.takes("if_not_exists")) {
    return reader.value();
  }
  reader.oneOf("(");
  const kept = item[reader.name()];
  reader.oneOf(",");
  const value = reader.value();
  reader.oneOf(")");
  return kept ?? value;
}

function or(reader: Reader, item: Item): boolean {
  let outcome = and(reader, item);
  while (reader.takes("OR")) {
    const right = and(reader, item);
    outcome = outcome || right;
  }
  return outcome;
}

function and(reader: Reader, item: Item): boolean {
  let outcome = condition(reader, item);
  while (reader.takes("AND")) {
    const right = condition(reader, item);
    outcome = outcome && right;
  }
  return outcome;
}

function condition(reader: Reader, item: Item): boolean {
  if (reader.takes("(")) {
    const outcome = or(reader, item);
    reader.oneOf(")");
    return outcome;
  }
  if (reader.takes("attribute_not_exists")) {
    return item[reader.nameInParentheses()] === undefined;
  }
  const left = reader.takes("size") ? sizeOf(item[reader.nameInParentheses()]) : item[reader.name()];
  const operator = reader.oneOf("=", "<", "IN");
  if (operator !== "IN") {
    const right = reader.value();
    return operator === "=" ? areEqual(left, right) : isLess(left, right);
  }
  const list: AttributeValue[] = [];
  reader.oneOf("(");
  do {
    list.push(reader.value());
  } while (reader.takes(","));
  reader.oneOf(")");
  return list.some((value) => areEqual(left, value));
}

function areEqual(left: AttributeValue | undefined, right: AttributeValue): boolean {
  return left !== undefined && JSON.stringify(left) === JSON.stringify(right);
}

/** What isn't there, and what is of another type, is never less. */
function isLess(left: AttributeValue | undefined, right: AttributeValue): boolean {
  return left?.N !== undefined && right.N !== undefined && Number(left.N) < Number(right.N);
}

function sizeOf(value: AttributeValue | undefined): AttributeValue | undefined {
  return value?.SS === undefined ? undefined : { N: String(value.SS.length) };
}

function setIn(value: AttributeValue): readonly string[] {
  if (value.SS === undefined || value.SS.length === 0) {
    throw new Error("An string set  may not be empty");
  }
  return value.SS;
}

function tokensOf(expression: string): string[] {
  return expression.match(/:?\w+|[^\s\w]/g) ?? [];
}

class Reader {
  private readonly tokens: string[];

  constructor(
    private readonly expression: string,
    private readonly values: Values,
  ) {
    this.tokens = tokensOf(expression);
  }

  get isAtEnd(): boolean {
    return this.tokens.length === 0;
  }

  takes(token: string): boolean {
    const isNext = this.tokens[0] === token;
    if (isNext) {
      this.tokens.shift();
    }
    return isNext;
  }

  oneOf(...tokens: string[]): string {
    const token = tokens.find((one) => this.takes(one));
    return token ?? this.refuse();
  }

  name(): string {
    return /^[a-z]\w*$/i.test(this.tokens[0] ?? "") ? (this.tokens.shift() ?? "") : this.refuse();
  }

  nameInParentheses(): string {
    this.oneOf("(");
    const name = this.name();
    this.oneOf(")");
    return name;
  }

  value(): AttributeValue {
    return this.values[this.tokens.shift() ?? ""] ?? this.refuse();
  }

  end(): void {
    if (!this.isAtEnd) {
      this.refuse();
    }
  }

  private refuse(): never {
    throw new Error(
      `this table doesn't know the expression ${this.expression}, from ${this.tokens.join(" ")} on`,
    );
  }
}
