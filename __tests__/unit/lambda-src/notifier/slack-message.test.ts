import fc from "fast-check";
import {
  type SlackBlock,
  type SlackMessage,
  slackMessage,
} from "../../../../lambda-src/notifier/slack-message";
import { alertWith, hostileAlert } from "../shared/alerts";
import { callOfRecord } from "../shared/records";

function blocksOf(alert: Parameters<typeof slackMessage>[0]): readonly SlackBlock[] {
  return slackMessage(alert).attachments[0].blocks;
}

/** What Slack would refuse by its "Block Kit reference". */
function complaints({ attachments: [{ blocks }] }: SlackMessage): string[] {
  const found: string[] = [];
  const check = (what: string, text: { text: string } | undefined, most: number) => {
    if (text !== undefined && (text.text === "" || text.text.length > most)) {
      found.push(`${what} of ${text.text.length} characters`);
    }
  };
  const count = (what: string, entries: readonly unknown[], most: number) => {
    if (entries.length === 0 || entries.length > most) {
      found.push(`${entries.length} ${what}`);
    }
  };
  // Of an attachment Slack is said to take fewer than the 50 blocks of a message.
  count("blocks", blocks, 20);
  for (const block of blocks) {
    if (block.type === "section") {
      count(
        "texts and fields",
        [block.text, ...(block.fields ?? [])].filter((text) => text !== undefined),
        11,
      );
      check("section", block.text, 3000);
      count("fields", block.fields ?? ["none"], 10);
      for (const field of block.fields ?? []) check("field", field, 2000);
    } else if (block.type === "context") {
      count("context elements", block.elements, 10);
      for (const element of block.elements) check("context", element, 3000);
    } else {
      count("buttons", block.elements, 25);
      count(
        "different action ids",
        [...new Set(block.elements.map(({ action_id }) => action_id))],
        block.elements.length,
      );
      for (const { text, url } of block.elements) {
        check("button", text, 75);
        check("url", { text: url }, 3000);
      }
    }
  }
  return found;
}

/** Texts in which Slack looks for mark-up. */
function markedUp(blocks: readonly SlackBlock[]): string[] {
  return blocks
    .flatMap((block) => {
      if (block.type === "section") {
        return [block.text, ...(block.fields ?? [])];
      }
      return block.type === "context" ? [...block.elements] : [];
    })
    .flatMap((text) => (text?.type === "mrkdwn" ? [text.text] : []));
}

/** The fields of each call: label and what stands below it. */
function callFields(blocks: readonly SlackBlock[]): string[][][] {
  return blocks
    .map((block) => (block.type === "section" ? (block.fields ?? []) : []))
    .map((fields) => fields.map(({ text }) => text.split(/\n(.*)/s).slice(0, 2)))
    .filter(([first]) => first?.[0] === "*When*");
}

describe("slackMessage", () => {
  it("reads as a whole", () => {
    const alert = alertWith({ notices: ["The alarm's metric counted 2."], items: ["a thing"] });
    const plain = (text: string) => ({ type: "plain_text", text, emoji: false });
    const mrkdwn = (text: string) => ({ type: "mrkdwn", text, verbatim: true });

    expect(slackMessage(alert)).toEqual({
      text: "[HIGH] Snapshot shared: 1 event by user mallory",
      mrkdwn: false,
      attachments: [
        {
          color: "#e01e5a",
          blocks: [
            { type: "section", text: plain("1 event matched from 05:40 to 05:45 UTC.") },
            {
              type: "section",
              fields: [
                mrkdwn("*When*\n`1970-01-01T00:00:00Z`\n`event e1`"),
                mrkdwn("*Who*\n`user mallory, without MFA`\n`arn:aws:iam::123456789012:user/mallory`"),
                mrkdwn(
                  "*What*\n`ModifySnapshotAttribute (ec2.amazonaws.com)`\n`snapshotId snap-0123`\n`snapshotId: snap-0123, attributeType: CREATE_VOLUME_PERMISSION`",
                ),
                mrkdwn(
                  "*From*\n`203.0.113.10`\n`aws-cli/2.15`\n`account 123456789012, region ap-northeast-2`",
                ),
              ],
            },
            { type: "section", text: plain("• a thing") },
            { type: "context", elements: [plain("The alarm's metric counted 2.")] },
            { type: "section", text: mrkdwn("*To do*") },
            {
              type: "section",
              text: plain(
                "1. See with whom it is shared.\n2. Ask its owner.\n3. Take the permission back: https://wiki.example/x",
              ),
            },
            {
              type: "actions",
              elements: [
                { type: "button", text: plain("Alarm"), url: alert.links[0]?.url, action_id: "link-0" },
              ],
            },
          ],
        },
      ],
    });
  });

  it("heads each of several calls", () => {
    const blocks = blocksOf(alertWith({ calls: [callOfRecord(), callOfRecord()], callCount: "37" }));

    expect(markedUp(blocks).filter((text) => text.startsWith("*Event "))).toEqual([
      "*Event 1 of 37*",
      "*Event 2 of 37*",
    ]);
  });

  it("says of a call without id, account and region that they aren't recorded", () => {
    const call = callOfRecord({ eventID: null, recipientAccountId: null, awsRegion: null });

    expect(callFields(blocksOf(alertWith({ calls: [call] })))).toEqual([
      expect.arrayContaining([
        ["*When*", "`1970-01-01T00:00:00Z`\n`event without an id`"],
        ["*From*", "`203.0.113.10`\n`aws-cli/2.15`\n`account unknown, region unknown`"],
      ]),
    ]);
  });

  it("has a colour for each severity", () => {
    const colors = (["low", "medium", "high", "critical"] as const).map(
      (severity) => slackMessage(alertWith({ severity })).attachments[0].color,
    );

    expect(new Set(colors).size).toBe(4);
    for (const color of colors) expect(color).toMatch(/^#[0-9a-f]{6}$/);
  });

  it("keeps untrusted text in code spans, escaped", () => {
    const call = callOfRecord({ userAgent: "`<!channel>` & <https://evil.example|ok> :fire: @here" });

    expect(markedUp(blocksOf(alertWith({ calls: [call] })))).toContain(
      "*From*\n`203.0.113.10`\n`'&lt;!channel&gt;' &amp; &lt;https[:]//evil[.]example|ok&gt; :fire: @here`\n`account 123456789012, region ap-northeast-2`",
    );
  });

  it("lets a notification ring nobody and draw nothing", () => {
    expect(slackMessage(alertWith({ subject: "<!channel> :fire: @here a: b" })).text).toBe(
      "&lt;!channel&gt; : fire: @ here a: b",
    );
  });

  it("says of a link that Slack doesn't take where it is", () => {
    const links = [
      { label: "Alarm", url: "https://x.example" },
      { label: "Events", url: `https://x.example/${"x".repeat(3000)}` },
    ];
    const blocks = blocksOf(alertWith({ links }));

    expect(blocks.flatMap((block) => (block.type === "actions" ? block.elements : []))).toHaveLength(1);
    expect(JSON.stringify(blocks)).toContain('The link \\"Events\\" is too long for Slack; the mail has it.');
  });

  it("folds as much as there can be into Slack's limits", () => {
    const long = "<&>".repeat(40_000);
    const message = slackMessage(
      alertWith({
        subject: long,
        title: long,
        summary: long,
        calls: Array.from({ length: 10 }, () =>
          callOfRecord({
            eventName: long,
            errorCode: long,
            errorMessage: long,
            userAgent: long,
            userIdentity: { type: long, arn: long, invokedBy: long },
            requestParameters: { aName: long, bName: [long, long, long], cName: long },
          }),
        ),
        facts: Array.from({ length: 30 }, () => ({
          label: "Trail",
          lines: [long, long, long, long, long, long, long],
        })),
        items: Array.from({ length: 300 }, () => long),
        notices: Array.from({ length: 30 }, () => long),
        steps: Array.from({ length: 300 }, () => "s".repeat(400)),
        links: Array.from({ length: 30 }, () => ({ label: long, url: "https://x.example" })),
      }),
    );

    expect(complaints(message)).toEqual([]);
    expect(callFields(message.attachments[0].blocks)).toHaveLength(10);
    expect(JSON.stringify(message)).toMatch(/and \d+ more/);
  });

  it("is what Slack takes, and holds no mark-up but its own, whatever stands in a record", () => {
    fc.assert(
      fc.property(hostileAlert, (alert) => {
        const message = slackMessage(alert);
        expect(complaints(message)).toEqual([]);
        expect(
          callFields(message.attachments[0].blocks).map((fields) => fields.map(([label]) => label)),
        ).toEqual(alert.calls.map(() => ["*When*", "*Who*", "*What*", "*From*"]));
        const json = JSON.stringify(message);
        expect(json).not.toMatch(/undefined|\[object|NaN|\\ud[89a-f]/);
        expect(json).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}]/u);
        const links = [...alert.links.map(({ url }) => url), ...alert.steps].join(" ");
        expect((json.match(/[a-z]+:\/\/[^"\s\\]*/gi) ?? []).filter((url) => !links.includes(url))).toEqual(
          [],
        );
        expect(message.text).not.toMatch(/[<>]|:\w+:|@\w/);
        for (const text of markedUp(message.attachments[0].blocks)) {
          const [label, ...values] = text.split("\n");
          expect(label).toMatch(/^\*[\w ]+\*$/);
          for (const value of values) expect(value).toMatch(/^`[^`<>]+`$/);
        }
      }),
      { numRuns: 150 },
    );
  });
});
