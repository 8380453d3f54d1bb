import { type Preview, previewPage } from "../../../../cli/preview/page";
import type { Sample } from "../../../../cli/preview/samples";
import { alertWith } from "../../lambda-src/shared/alerts";

const SAMPLE: Sample = {
  id: "snapshot-shared",
  title: "Snapshot shared",
  alert: alertWith({ severity: "high" }),
  topicNames: ["alerts", "trailwarden-on-call"],
  webhookNames: ["soc"],
};

function page(preview: Partial<Preview> = {}): string {
  return previewPage({
    name: "main",
    region: "eu-west-1",
    isEnriched: true,
    samples: [SAMPLE],
    dashboard: {
      start: "-PT24H",
      periodOverride: "inherit",
      widgets: [
        { type: "text", x: 0, y: 0, width: 24, height: 1, properties: { markdown: "# Trail audit" } },
      ],
    },
    ...preview,
  });
}

describe("previewPage", () => {
  it("shows each alert as mail and as Slack message, with its places, and the dashboard", () => {
    const html = page();

    expect(html).toContain('<a href="#snapshot-shared">Snapshot shared</a>');
    expect(html).toContain('<section id="snapshot-shared">');
    expect(html).toContain("<p>Topics: alerts, trailwarden-on-call. Slack: soc.</p>");
    expect(html).toContain(
      '<div class="subject">[HIGH] Snapshot shared: 1 event by user mallory</div><pre>\n[HIGH] Snapshot shared\n',
    );
    expect(html).toMatch(/<div class="slack">.*background: #e01e5a.*To do.*<\/div>/s);
    expect(html).toMatch(/<svg .*\n.*>Trail audit</);
  });

  it("says where Slack gets nothing, and what isn't shown", () => {
    expect(page({ samples: [{ ...SAMPLE, webhookNames: [] }] })).toContain("Slack: nowhere as configured");
    expect(page()).not.toContain("alerts.enrich");
    expect(page({ isEnriched: false })).toContain("alerts.enrich is false");
  });

  it("runs nothing and loads nothing, whatever the texts hold", () => {
    const text = `"><script src="https://evil.example/x.js"></script><img src=x onerror=alert(1)>'&`;
    const html = page({
      name: text,
      region: text,
      samples: [
        {
          id: text,
          title: text,
          alert: alertWith({ subject: text, title: text, summary: text, steps: [text], items: [text] }),
          topicNames: [text],
          webhookNames: [text],
        },
      ],
    });

    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).not.toMatch(/<(?:script|img|iframe|link|object|embed)/i);
    const tagsOnly = html.replace(/"[^"]*"/g, '""');
    expect(tagsOnly).not.toMatch(/<[^>]+\s(?:on\w+|src)=/i);
  });
});
