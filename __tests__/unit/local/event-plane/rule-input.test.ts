import fc from "fast-check";
import { inputOf, RuleInputError, type TargetInput } from "../../../../local/event-plane/rule-input";

const RULE = { arn: "arn:aws:events:ap-northeast-2:111122223333:rule/ec2", name: "ec2" };
const AT = new Date("2026-11-22T05:42:00.125Z");

const EVENT = {
  "detail-type": "EC2 Instance State-change Notification",
  source: "aws.ec2",
  resources: ["arn:1", "arn:2"],
  detail: {
    "instance-id": "i-1",
    state: "stopped",
    count: 2,
    note: 'he said "no"\n',
    nothing: null,
    "a.b": { c: [] },
  },
};

function input(target: TargetInput, event: object = EVENT): string {
  return inputOf(target, event, RULE, AT);
}

function transformed(
  InputTemplate: string,
  InputPathsMap: Record<string, string> = {},
  event: object = EVENT,
): string {
  return input({ InputTransformer: { InputPathsMap, InputTemplate } }, event);
}

const PATHS = {
  id: "$.detail.instance-id",
  state: "$.detail.state",
  count: "$.detail.count",
  note: "$.detail.note",
  nothing: "$.detail.nothing",
  resources: "$.resources",
  missing: "$.detail.missing.more",
};

describe("inputOf", () => {
  it("is the event itself", () => {
    expect(input({})).toBe(JSON.stringify(EVENT));
  });

  it("is the constant input", () => {
    expect(input({ Input: '{ "a": 1 }' })).toBe('{ "a": 1 }');
  });

  it.each([
    ["$", JSON.stringify(EVENT)],
    ["$.detail.state", '"stopped"'],
    ["$.detail-type", '"EC2 Instance State-change Notification"'],
    ["$['detail']['a.b']", '{"c":[]}'],
    ["$.resources[1]", '"arn:2"'],
    ["$.detail.nothing", "null"],
  ])("is what the path %s finds", (InputPath, expected) => {
    expect(input({ InputPath })).toBe(expected);
  });

  it.each([
    "$.missing",
    "$.resources[2]",
    "$.resources.length",
    "$.resources.0",
    "$.detail[0]",
    "$.detail.state.length",
    "$.toString",
  ])("refuses the path %s, which finds nothing", (InputPath) => {
    expect(() => input({ InputPath })).toThrow(`the InputPath ${InputPath} finds nothing in the event`);
  });

  it.each([
    "",
    "detail",
    "$detail",
    "$.",
    "$..state",
    "$.*",
    "$.resources[*]",
    "$.resources[-1]",
    "$.a[?(@.b)]",
    "$.a b",
    "$.a.",
  ])("refuses the path %j, which it can't follow", (InputPath) => {
    expect(() => input({ InputPath })).toThrow(RuleInputError);
    expect(() => input({ InputPath })).toThrow(/^the path ".*" is not one of/);
  });

  it("takes only one of the three", () => {
    expect(() => input({ Input: "{}", InputPath: "$" })).toThrow(/only one of/);
  });
});

describe("inputOf, with a transformer", () => {
  it.each([
    ['"instance <id> is <state>"', '"instance i-1 is stopped"'],
    ['"instance \\"<id>\\" is <state>"', '"instance \\"i-1\\" is stopped"'],
    ['"says <note>"', '"says he said \\"no\\"\\n"'],
    ['"<count>, <nothing>, <resources>"', '"2, null, [\\"arn:1\\",\\"arn:2\\"]"'],
    ['"is <missing>."', '"is ."'],
    ['"a < b > <count>"', '"a < b > 2"'],
    ['"one <id>"\n"two <state>"\n', '"one i-1"\n"two stopped"\n'],
    ['{\n  "id" : <id>,\n  "state": "<state>!"\n}', '{"id":"i-1","state":"stopped!"}'],
    ['{"list": [9, <count>, <resources>], "no": <nothing>}', '{"list":[9,2,["arn:1","arn:2"]],"no":null}'],
    ['{"command": <missing>}', '{"command":""}'],
    ["<id>", '"i-1"'],
    ["<resources>", '["arn:1","arn:2"]'],
    ["7", "7"],
  ])("makes of %j: %j", (template, expected) => {
    expect(transformed(template, PATHS)).toBe(expected);
  });

  it("knows the reserved variables", () => {
    expect(
      transformed('"<aws.events.rule-name> (<aws.events.rule-arn>) at <aws.events.event.ingestion-time>"'),
    ).toBe(`"ec2 (${RULE.arn}) at 2026-11-22T05:42:00.125Z"`);
    const { detail, "detail-type": detailType, ...rest } = EVENT;
    expect(JSON.parse(transformed('{"a": <aws.events.event>, "b": <aws.events.event.json>}'))).toEqual({
      a: { detailType, ...rest },
      b: { "detail-type": detailType, ...rest, detail },
    });
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["instance <id> is <state>", PATHS, /neither JSON nor texts in quotes: instance "i-1" is "stopped"/],
    ['"one"\ntwo', {}, /neither JSON nor texts in quotes/],
    ['"one\ntwo"', {}, /neither JSON nor texts in quotes/],
    ['{"a": <id>', PATHS, /neither JSON nor texts in quotes/],
    ["", {}, /neither JSON nor texts in quotes/],
    ['"<other>"', PATHS, /the placeholder other, which is no variable/],
    ['"x"', { "aws.events.rule-name": "$.source" }, /aws\.events\.rule-name is reserved/],
    ['"<a>"', { a: "$.x[*]" }, /^the path "\$\.x\[\*\]" is not one of/],
  ])("refuses %j", (template, paths, message) => {
    expect(() => transformed(template, paths)).toThrow(RuleInputError);
    expect(() => transformed(template, paths)).toThrow(message);
  });

  it("leaves the template's other lines as they are, whatever the event holds", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, text) => {
        const template = '"first"\n"a <value> and <text>."\n"last \\"<\\""';
        const lines = transformed(template, { value: "$.value", text: "$.text" }, { value, text }).split(
          "\n",
        );
        expect(lines).toHaveLength(3);
        expect([lines[0], lines[2]]).toEqual(['"first"', '"last \\"<\\""']);
        const shown = typeof value === "string" ? value : JSON.stringify(value);
        expect(JSON.parse(lines[1] ?? "")).toBe(`a ${shown} and ${text}.`);
      }),
    );
  });

  it("puts any value outside quotes as JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const made = transformed('{"value": <value>}', { value: "$.value" }, { value });
        expect(JSON.stringify(JSON.parse(made))).toBe(JSON.stringify({ value }));
      }),
    );
  });
});
