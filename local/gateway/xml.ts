export type XmlValue = string | XmlElement;

/** Child elements and attributes by name, a list where one repeats; text beside them is `content`. */
export interface XmlElement {
  readonly [name: string]: XmlValue | readonly XmlValue[];
}

interface Open {
  readonly name: string;
  readonly members: Map<string, XmlValue[]>;
  text: string;
}

const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const MAX_DEPTH = 64;

/**
 * The root element of a document by its name: `{ Tagging: { TagSet: … } }`. An element with nothing but text is its text.
 *
 * @returns undefined for what isn't XML, has a document type or is nested more than 64 deep
 */
export function readXml(document: string): XmlElement | undefined {
  const root: Open = { name: "", members: new Map(), text: "" };
  const open = [root];
  const token = new RegExp(TOKEN);
  while (token.lastIndex < document.length) {
    const match = token.exec(document);
    const inner = open.at(-1);
    if (match === null || inner === undefined || open.length > MAX_DEPTH) {
      return undefined;
    }
    const [, data, closed, opened, attributes = "", isEmpty, text] = match;
    inner.text += data ?? unescaped(text ?? "");
    if (opened !== undefined) {
      open.push({ name: opened, members: attributesOf(attributes), text: "" });
    }
    if (closed !== undefined || isEmpty === "/") {
      const ended = open.pop();
      const outer = open.at(-1);
      if (ended === undefined || outer === undefined || (closed ?? ended.name) !== ended.name) {
        return undefined;
      }
      outer.members.set(ended.name, [...(outer.members.get(ended.name) ?? []), contentOf(ended)]);
    }
  }
  const isWhole = open.length === 1 && root.members.size === 1 && root.text.trim() === "";
  const [name, values] = [...root.members][0] ?? [];
  return isWhole && name !== undefined && values?.[0] !== undefined && values.length === 1
    ? Object.fromEntries([[name, values[0]]])
    : undefined;
}

function attributesOf(text: string): Map<string, XmlValue[]> {
  return new Map(
    [...text.matchAll(ATTRIBUTE)].map(([, name = "", quoted, single = ""]) => [
      name,
      [unescaped(quoted ?? single)],
    ]),
  );
}

function contentOf({ members, text }: Open): XmlValue {
  if (members.size === 0) {
    return text;
  }
  const named = [...members].map(([name, values]) => [name, values.length === 1 ? values[0] : values]);
  return Object.fromEntries(text.trim() === "" ? named : [...named, ["content", text]]);
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** Leaves alone what isn't an entity of XML itself. */
function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|(\w+));/g, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) {
      return ENTITIES.get(name) ?? whole;
    }
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
