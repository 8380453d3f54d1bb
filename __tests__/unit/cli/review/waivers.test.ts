import fc from "fast-check";
import { InvalidWaivers, readWaivers, type Waiver } from "../../../../cli/review/waivers";
import { hostileText } from "../../lambda-src/shared/hostile-text";

const WAIVER: Waiver = {
  rule: "log-group-retention-shortened",
  address: 'aws_cloudwatch_log_group.trail["main"]',
  reason: "Kept in the archive",
  expiry: "2028-02-29",
};

function problems(text: string): readonly string[] {
  try {
    readWaivers(text, "w.json");
    return [];
  } catch (error) {
    if (error instanceof InvalidWaivers) {
      return error.problems;
    }
    throw error;
  }
}

describe("readWaivers", () => {
  it("reads waivers, with or without a byte order mark", () => {
    expect(readWaivers(JSON.stringify([WAIVER]), "w.json")).toEqual([WAIVER]);
    expect(readWaivers(`\ufeff${JSON.stringify([WAIVER])}`, "w.json")).toEqual([WAIVER]);
    expect(readWaivers("[]", "w.json")).toEqual([]);
  });

  it.each([
    [
      "an unknown rule",
      { rule: "trail-off" },
      '[0].rule: "trail-off" is no rule that blocks; docs/review.md lists those',
    ],
    [
      "a mistyped rule",
      { rule: "trail-loging-of" },
      '[0].rule: "trail-loging-of" is no rule that blocks; did you mean trail-logging-off?',
    ],
    [
      "another mistyped rule",
      { rule: "key-destroy" },
      '[0].rule: "key-destroy" is no rule that blocks; did you mean key-destroyed?',
    ],
    ["a rule's inherited name", { rule: "toString" }, '[0].rule: "toString" is no rule that blocks'],
    ["a rule that warns", { rule: "alarm-removed" }, '[0].rule: "alarm-removed" is a rule that only warns'],
    ["no address", { address: "" }, '[0].address: "" is empty'],
    ["a short reason", { reason: "because   " }, '[0].reason: "because   " is shorter than 10 characters'],
    ["a day that isn't", { expiry: "2027-02-29" }, '[0].expiry: "2027-02-29" is no date as YYYY-MM-DD'],
    ["a time", { expiry: "2027-02-28T00:00:00Z" }, '[0].expiry: "2027-02-28T00:00:00Z" is no date'],
    ["a number", { expiry: 20270228 }, "[0].expiry: 20270228 is not text"],
    ["a missing part", { reason: undefined }, "[0].reason: missing; expected text"],
    ["anything else", { approved: true }, "[0].approved: no such setting; allowed are rule, address, reason"],
  ])("refuses %s, with its path and value", (_, part, problem) => {
    const [found, ...more] = problems(JSON.stringify([{ ...WAIVER, ...part }]));

    expect(found).toContain(`w.json: ${problem}`);
    expect(more).toEqual([]);
  });

  it("tells of every problem at once", () => {
    const text = JSON.stringify([{ ...WAIVER, address: 7, expiry: "soon" }, WAIVER, 3]);

    expect(
      problems(text).map((problem) => problem.replace(/: .*?:.*/, (rest) => rest.split(":")[1] ?? "")),
    ).toEqual(["w.json [0].address", "w.json [0].expiry", "w.json [2]"]);
  });

  it("refuses two of the same rule and address, whichever expires first", () => {
    const other = { ...WAIVER, address: "aws_cloudwatch_log_group.other" };

    expect(problems(JSON.stringify([WAIVER, other, { ...WAIVER, expiry: "2030-01-01" }]))).toEqual([
      `w.json: [2]: ["${WAIVER.rule}",${JSON.stringify(WAIVER.address)}] is waived already by [0]`,
    ]);
  });

  it.each([
    ["", "w.json: is no JSON: Unexpected end of JSON input"],
    ['[\n  {"rule" 1}]', "w.json: is no JSON: Expected ':' after property name at line 2, column 11"],
    ["\ufeff[1 2]", "w.json: is no JSON: Expected ',' or ']' after array element at line 1, column 4"],
    ["null", "w.json: is no array of waivers"],
    [JSON.stringify({ waivers: [WAIVER] }), "w.json: is no array of waivers"],
  ])("refuses %j", (text, problem) => {
    expect(problems(text)).toEqual([problem]);
  });

  it("does nothing to a terminal, whatever the file holds", () => {
    const hostile = fc.record({
      rule: hostileText,
      address: hostileText,
      reason: hostileText,
      expiry: hostileText,
    });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.array(hostile, { maxLength: 3 }), hostileText), (value) => {
        const text = typeof value === "string" ? value : JSON.stringify(value);
        expect(problems(text).join("")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
      { numRuns: 200 },
    );
  });
});
