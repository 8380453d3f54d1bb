import type { Rule } from "@aws-sdk/client-eventbridge";
import type { Aws } from "../aws";
import type { Difference } from "../difference";

/** The event rules: that they are there and enabled. */
export async function observeRules(aws: Aws, declared: readonly string[]): Promise<Difference[]> {
  const found = declared.length === 0 ? [] : await rulesOf(aws, commonPrefix(declared));
  return declared.flatMap((name): Difference[] => {
    const rule = found.find(({ Name }) => Name === name);
    if (rule === undefined) {
      return [
        {
          id: `rule.${name}`,
          row: "irreparable",
          kind: "missing",
          what: `the event rule ${name} is deleted`,
        },
      ];
    }
    return rule.State === "DISABLED"
      ? [
          {
            id: `rule.${name}.state`,
            row: "alarms-and-rules",
            kind: "weaker",
            what: `the event rule ${name} is disabled`,
            repair: (aws) => aws("events:EnableRule", { Name: name }),
          },
        ]
      : [];
  });
}

async function rulesOf(aws: Aws, prefix: string): Promise<Rule[]> {
  const found: Rule[] = [];
  let nextToken: string | undefined;
  do {
    const page = await aws("events:ListRules", {
      ...(prefix === "" ? {} : { NamePrefix: prefix }),
      Limit: 100,
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    });
    found.push(...(page.Rules ?? []));
    nextToken = page.NextToken;
  } while (nextToken !== undefined);
  return found;
}

function commonPrefix([first = "", ...others]: readonly string[]): string {
  const end = [...first].findIndex((character, index) => others.some((name) => name[index] !== character));
  return end === -1 ? first : first.slice(0, end);
}
