import { dashboardSvg } from "../../../../cli/preview/dashboard-picture";
import type { DashboardBody } from "../../../../constructs/dashboard/body";

const bodyOf = (...widgets: DashboardBody["widgets"]): DashboardBody => ({
  start: "-PT24H",
  periodOverride: "inherit",
  widgets,
});

describe("dashboardSvg", () => {
  it("draws each widget where it stands, with its title and type", () => {
    const svg = dashboardSvg(
      bodyOf(
        { type: "text", x: 0, y: 0, width: 24, height: 1, properties: { markdown: "# Trail\nmore" } },
        {
          type: "alarm",
          x: 12,
          y: 1,
          width: 12,
          height: 3,
          properties: { title: "Alarms", alarms: ["arn"], sortBy: "stateUpdatedTimestamp" },
        },
      ),
    );

    expect(svg).toContain('viewBox="0 0 960 160"');
    expect(svg.match(/<g>/g)).toHaveLength(2);
    expect(svg).toContain('<rect x="4" y="4" width="952" height="32"');
    expect(svg).toContain(">Trail</text>");
    expect(svg).not.toContain("more");
    expect(svg).toContain('<rect x="484" y="44" width="472" height="112"');
    expect(svg).toMatch(/>Alarms<.*>alarm</);
  });

  it("lets no title break out of its box", () => {
    const markdown = `</text><script>alert("x")</script>&'\u0000\ud83d`;
    const svg = dashboardSvg(
      bodyOf(
        { type: "text", x: 0, y: 0, width: 24, height: 1, properties: { markdown } },
        { type: "text", x: 0, y: 1, width: 3, height: 1, properties: { markdown: "🚀".repeat(99) } },
      ),
    );

    expect(svg).toContain(
      ">&#60;/text&#62;&#60;script&#62;alert(&#34;x&#34;)&#60;/script&#62;&#38;&#39;\ufffd\ufffd<",
    );
    expect(svg).toContain(`>${"🚀".repeat(13)}…<`);
  });

  it("draws an empty dashboard", () => {
    expect(dashboardSvg(bodyOf())).toContain('viewBox="0 0 960 40"');
  });
});
