import { isObject, type Json, listOf, property } from "./json";

/** Counted in UTF-16 units, which are never fewer than the characters that Slack counts. */
const MOST = {
  blocks: 50,
  attachments: 100,
  messageText: 40_000,
  headerText: 150,
  text: 3000,
  fields: 10,
  fieldText: 2000,
  contextElements: 10,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2000,
  url: 3000,
  altText: 2000,
  imageTitle: 2000,
  id: 255,
} as const;

type Check = (value: unknown, path: string) => string[];
interface Field {
  readonly check: Check;
  readonly isRequired?: boolean;
}
type Fields = Readonly<Record<string, Field>>;

/**
 * What Slack would refuse in the payload of an incoming webhook, each problem after its path, e.g. `blocks[0].text: …`.
 * Blocks, elements and fields that messages of alarms have no use for (menus, rich text, …) aren't known here, and
 * are a problem, too; so is a missing `text`, which Slack lets pass: notifications would show nothing.
 *
 * Sources: Slack's documentation, "Block Kit reference", "Secondary message attachments" and "Sending messages using
 * incoming webhooks"; that an attachment with blocks may have no other content is from slackapi/node-slack-sdk#1112.
 *
 * @returns empty for a payload that Slack takes
 */
export function blockKitProblems(payload: unknown): string[] {
  if (!isObject(payload)) {
    return ["payload: is no object"];
  }
  return [...object(MESSAGE)(payload, ""), ...inTotal(payload), ...twice(blockIds(payload), "block_id")];
}

function inTotal(payload: Json): string[] {
  const count = allBlocks(payload).length;
  return count > MOST.blocks ? [`blocks: ${count} in all, at most ${MOST.blocks}`] : [];
}

function blockIds(payload: Json): unknown[] {
  return allBlocks(payload).map((block) => property(block, "block_id"));
}

function allBlocks({ blocks, attachments }: Json): unknown[] {
  return [
    ...listOf(blocks),
    ...listOf(attachments).flatMap((attachment) => listOf(property(attachment, "blocks"))),
  ];
}

function twice(ids: readonly unknown[], name: string, path = "blocks"): string[] {
  const given = ids.filter((id) => typeof id === "string");
  return [...new Set(given.filter((id, index) => given.indexOf(id) !== index))].map(
    (id) => `${path}: the ${name} ${JSON.stringify(id)} is there twice`,
  );
}

function object(fields: Fields): Check {
  return (value, path) => {
    if (!isObject(value)) {
      return [at(path, "is no object")];
    }
    const missing = Object.entries(fields)
      .filter(([name, { isRequired }]) => isRequired === true && value[name] === undefined)
      .map(([name]) => at(inside(path, name), "is missing"));
    const present = Object.entries(value).flatMap(([name, inner]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return field === undefined
        ? [at(inside(path, name), "isn't known here")]
        : field.check(inner, inside(path, name));
    });
    return [...missing, ...present];
  };
}

function oneOfTypes(types: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    if (!isObject(value)) {
      return [at(path, "is no object")];
    }
    const { type } = value;
    const check = typeof type === "string" && Object.hasOwn(types, type) ? types[type] : undefined;
    return check === undefined
      ? [at(inside(path, "type"), `${JSON.stringify(type)} isn't known here`)]
      : check(value, path);
  };
}

function list(item: Check, most: number): Check {
  return (value, path) => {
    if (!Array.isArray(value)) {
      return [at(path, "is no list")];
    }
    const count =
      value.length === 0 || value.length > most
        ? [at(path, `has ${value.length} items, must have 1 to ${most}`)]
        : [];
    return [...count, ...value.flatMap((inner, index) => item(inner, `${path}[${index}]`))];
  };
}

function string(most: number): Check {
  return (value, path) => {
    if (typeof value !== "string") {
      return [at(path, "is no text")];
    }
    return value.length === 0 || value.length > most
      ? [at(path, `has ${value.length} characters, must have 1 to ${most}`)]
      : [];
  };
}

function matching(most: number, isRight: (text: string) => boolean, complaint: string): Check {
  return (value, path) => {
    const problems = string(most)(value, path);
    return typeof value !== "string" || problems.length > 0 || isRight(value)
      ? problems
      : [at(path, complaint)];
  };
}

const boolean: Check = (value, path) =>
  typeof value === "boolean" ? [] : [at(path, "is neither true nor false")];

/** The type was what chose the check. */
const anyType: Check = () => [];

const url = matching(MOST.url, isUrl, "is no valid URL");

function isUrl(text: string): boolean {
  return /^[a-z][a-z\d+.-]*:[^\s<>]+$/i.test(text) && URL.canParse(text);
}

function plainText(most: number): Check {
  return oneOfTypes({
    plain_text: object({
      type: { check: anyType },
      text: { check: string(most), isRequired: true },
      emoji: { check: boolean },
    }),
  });
}

function anyText(most: number): Check {
  return oneOfTypes({
    plain_text: plainText(most),
    mrkdwn: object({
      type: { check: anyType },
      text: { check: string(most), isRequired: true },
      verbatim: { check: boolean },
    }),
  });
}

const imageElement = object({
  type: { check: anyType },
  image_url: { check: url, isRequired: true },
  alt_text: { check: string(MOST.altText), isRequired: true },
});

const button = object({
  type: { check: anyType },
  text: { check: plainText(MOST.buttonText), isRequired: true },
  action_id: { check: string(MOST.id) },
  url: { check: url },
  value: { check: string(MOST.buttonValue) },
  style: {
    check: matching(
      MOST.id,
      (style) => style === "primary" || style === "danger",
      "is neither primary nor danger",
    ),
  },
  accessibility_label: { check: string(MOST.buttonText) },
});

const ANY_BLOCK: Fields = { type: { check: anyType }, block_id: { check: string(MOST.id) } };

const section: Check = (value, path) => [
  ...object({
    ...ANY_BLOCK,
    text: { check: anyText(MOST.text) },
    fields: { check: list(anyText(MOST.fieldText), MOST.fields) },
    accessory: { check: oneOfTypes({ button, image: imageElement }) },
    expand: { check: boolean },
  })(value, path),
  ...(isObject(value) && value.text === undefined && value.fields === undefined
    ? [at(path, "has neither text nor fields")]
    : []),
];

const actions: Check = (value, path) => [
  ...object({
    ...ANY_BLOCK,
    elements: { check: list(oneOfTypes({ button }), MOST.actionsElements), isRequired: true },
  })(value, path),
  ...twice(
    listOf(property(value, "elements")).map((element) => property(element, "action_id")),
    "action_id",
    path,
  ),
];

const blocks = list(
  oneOfTypes({
    header: object({ ...ANY_BLOCK, text: { check: plainText(MOST.headerText), isRequired: true } }),
    section,
    context: object({
      ...ANY_BLOCK,
      elements: {
        check: list(
          oneOfTypes({
            plain_text: anyText(MOST.text),
            mrkdwn: anyText(MOST.text),
            image: imageElement,
          }),
          MOST.contextElements,
        ),
        isRequired: true,
      },
    }),
    actions,
    divider: object(ANY_BLOCK),
    image: object({
      ...ANY_BLOCK,
      image_url: { check: url, isRequired: true },
      alt_text: { check: string(MOST.altText), isRequired: true },
      title: { check: plainText(MOST.imageTitle) },
    }),
  }),
  MOST.blocks,
);

const attachment = object({
  color: {
    check: matching(
      MOST.id,
      (color) => /^#[\da-f]{6}$/i.test(color),
      "is no colour of six hexadecimal digits after #",
    ),
  },
  fallback: { check: string(MOST.messageText) },
  blocks: { check: blocks, isRequired: true },
});

const MESSAGE: Fields = {
  text: { check: string(MOST.messageText), isRequired: true },
  blocks: { check: blocks },
  attachments: { check: list(attachment, MOST.attachments) },
  mrkdwn: { check: boolean },
  unfurl_links: { check: boolean },
  unfurl_media: { check: boolean },
};

function inside(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function at(path: string, problem: string): string {
  return `${path}: ${problem}`;
}
