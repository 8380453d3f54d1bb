import { reasons } from "../../../../cli/rehearsal/reasons";
import type { Entry } from "../../../../local/event-plane/journal";

const AT = new Date("2026-03-25T05:42:00Z");
const ANSWERED = { told: true, isHealedAsSet: true, isLate: false, seconds: 1 };

function entry(kind: Entry["kind"], what: string, detail = ""): Entry {
  return { at: AT, kind, what, detail };
}

describe("reasons", () => {
  it.each<[string, Partial<typeof ANSWERED>, string[]]>([
    ["not healed", { isHealedAsSet: false }, ["it was not healed"]],
    ["not told", { told: false }, ["nobody was told"]],
    [
      "late",
      { isLate: true, seconds: 299.6 },
      ["no event woke the guard in time: it was healed after 300 s"],
    ],
  ])("tell that it was %s", (_, outcome, lines) => {
    expect(reasons([], { ...ANSWERED, ...outcome })).toEqual(lines);
  });

  it("tell that nothing matched the call", () => {
    const call = entry("recorded", "cloudtrail.amazonaws.com StopLogging", "id");

    expect(reasons([call], ANSWERED)).toEqual([
      "no event rule and no metric filter matched cloudtrail.amazonaws.com StopLogging",
    ]);
    expect(reasons([call, entry("rule matched", "enable_trail")], ANSWERED)).toEqual([]);
    expect(reasons([call, entry("filter matched", "StopLogging")], ANSWERED)).toEqual([]);
  });

  it("name each obstacle once, and nothing that went well", () => {
    const refused = entry("not delivered", "rule enable_trail to enable_trail", "it has no permission");

    expect(
      reasons(
        [
          entry("rule matched", "enable_trail"),
          refused,
          refused,
          entry("refused", "cloudtrail:StartLogging", "User: x is not authorized"),
          entry("function failed", "enable_trail", "Error: no"),
          entry("not recorded", "cloudtrail.amazonaws.com StopLogging", "id"),
          entry("unknown", "alarm x", "it has a unit"),
          entry("delivered", "topic", "email a@example.com"),
          entry("function ran", "enable_trail"),
          entry("fault", "sns:Publish", "throttle"),
          entry("not kept", "log group x", "it is two hours ahead"),
        ],
        ANSWERED,
      ),
    ).toEqual([
      "rule enable_trail to enable_trail: it has no permission",
      "cloudtrail:StartLogging: User: x is not authorized",
      "enable_trail: Error: no",
      "cloudtrail.amazonaws.com StopLogging: no trail logs it",
      "alarm x: it has a unit",
    ]);
  });
});
