import { oneLine } from "./text";

const MOST_DEPTH = 8;
const LONGEST_VALUE = 120;

/**
 * A call's parameters on one line, cut to so many characters: `groupId: sg-0123, ipPermissions: [{ipProtocol: tcp, fromPort:
 * 22, …}]`. CloudTrail has hidden what is secret in them.
 */
export function parametersLine(parameters: Readonly<Record<string, unknown>>, most: number): string {
  const line = new Line(most);
  line.entries(parameters, MOST_DEPTH);
  return line.text;
}

/** Text that takes nothing more once it is long enough, however large the object is. */
class Line {
  text = "";

  constructor(private readonly most: number) {}

  entries(object: object, depth: number): void {
    let isFirst = true;
    for (const key in object) {
      if (this.text.length >= this.most) {
        break;
      }
      const value: unknown = Object.hasOwn(object, key) ? Reflect.get(object, key) : undefined;
      if (value !== undefined) {
        this.add(`${isFirst ? "" : ", "}${Array.isArray(object) ? "" : `${oneLine(key, 60)}: `}`);
        this.value(value, depth);
        isFirst = false;
      }
    }
  }

  private value(value: unknown, depth: number): void {
    if (typeof value !== "object" || value === null) {
      this.add(oneLine(String(value), LONGEST_VALUE));
      return;
    }
    // EC2 writes a list as `{"items": […]}`.
    const { items } = value as { readonly items?: unknown };
    if (Array.isArray(items) && Object.keys(value).length === 1) {
      this.value(items, depth);
    } else if (depth === 0) {
      this.add("…");
    } else {
      const [open, close] = Array.isArray(value) ? "[]" : "{}";
      this.add(open ?? "");
      this.entries(value, depth - 1);
      this.add(close ?? "");
    }
  }

  private add(text: string): void {
    if (this.text.length < this.most) {
      const longer = this.text + text;
      this.text =
        longer.length > this.most ? `${longer.slice(0, this.most).replace(/[\ud800-\udbff]$/, "")}…` : longer;
    }
  }
}
