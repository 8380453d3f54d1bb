import type { Item } from "../../../../cli/adopt/item";
import { type AdoptReport, describe as describeReport } from "../../../../cli/adopt/report";

function item(kind: string, different: Partial<Item> = {}): Item {
  return { kind, name: "N", decision: "adopt", changes: [], before: [], notes: [], ...different };
}

function report(different: Partial<AdoptReport>): AdoptReport {
  return {
    region: "eu-west-1",
    account: "111122223333",
    environment: "main",
    adopt: {},
    settings: {},
    items: [],
    ...different,
  };
}

describe("describe", () => {
  it("gives the section, and each thing in its group, in a line where nothing changes", () => {
    const text = describeReport(
      report({
        adopt: { alarms: ["N"] },
        settings: { retention: { bucketDays: 400 } },
        items: [
          item("key", { decision: "new" }),
          item("alarm", { changes: ["threshold: 3 -> 1"] }),
          item("topic"),
          item("event rule"),
          item("role", { notes: ["a note"] }),
        ],
      }),
    );

    expect(text).toBe(`Settings of the environment main that adopt what account 111122223333 has in eu-west-1:

adopt: {
  alarms: ["N"],
},
retention: {
  bucketDays: 400,
},

Imported, and then changed in place

  alarm N
    threshold: 3 -> 1

  topic N: unchanged
  event rule N: unchanged

  role N
    a note

Made

  key N`);
  });

  it("says that there is nothing, and not what is made", () => {
    expect(describeReport(report({ items: [item("trail", { decision: "new" })] }))).toBe(
      "Nothing to adopt in account 111122223333, eu-west-1: nothing was found that the stack main would make.",
    );
  });

  it("says what is to be done before terraform apply, at the thing and once more at the end", () => {
    const text = describeReport(
      report({ items: [item("trail", { decision: "new", before: ["b"], notes: ["n"] }), item("topic")] }),
    );

    expect(
      text,
    ).toBe(`Nothing to adopt was found in account 111122223333, eu-west-1, for the stack main, but this was:

Imported, and then changed in place

  topic N: unchanged

Made

  trail N
    before terraform apply: b
    n

Before terraform apply

  trail N: b`);
  });

  it("tells what couldn't be looked at, though nothing was found", () => {
    const text = describeReport(report({ items: [item("trail", { decision: "leave", notes: ["why"] })] }));

    expect(text).toMatch(/Left alone\n\n {2}trail N\n {4}why$/);
  });
});
