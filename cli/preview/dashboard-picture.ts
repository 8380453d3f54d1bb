import { COLUMNS, type DashboardBody, type Widget } from "../../constructs/dashboard/body";

/** Pixels of one unit of the grid. */
const UNIT = 40;
const GAP = 4;
/** Pixels that a character takes at most, roughly. */
const CHARACTER = 7;

const COLORS: Readonly<Record<Widget["type"], string>> = {
  alarm: "#fdecea",
  log: "#eaf6ec",
  metric: "#eaf1fb",
  text: "#f4f4f4",
};

/**
 * Draws a dashboard's grid as SVG: each widget a box with its type and its title, or a text widget's first line, which is
 * whole in the box's tooltip.
 */
export function dashboardSvg(body: DashboardBody): string {
  const width = COLUMNS * UNIT;
  const height = Math.max(1, ...body.widgets.map(({ y, height }) => y + height)) * UNIT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif">`,
    ...body.widgets.map(box),
    "</svg>",
    "",
  ].join("\n");
}

function box(widget: Widget): string {
  const left = widget.x * UNIT + GAP;
  const top = widget.y * UNIT + GAP;
  const width = widget.width * UNIT - 2 * GAP;
  const height = widget.height * UNIT - 2 * GAP;
  const title =
    widget.type === "text"
      ? (widget.properties.markdown.split("\n")[0] ?? "").replace(/^#+ /, "")
      : widget.properties.title;
  return [
    `<g>`,
    `<title>${escaped(title)}</title>`,
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="4" fill="${COLORS[widget.type]}" stroke="#888"/>`,
    `<text x="${left + 8}" y="${top + 20}" font-size="13">${escaped(shortened(title, width))}</text>`,
    ...(widget.type === "text"
      ? []
      : [`<text x="${left + 8}" y="${top + 38}" font-size="11" fill="#666">${widget.type}</text>`]),
    `</g>`,
  ].join("");
}

function shortened(title: string, width: number): string {
  const characters = [...title];
  const most = Math.floor(width / CHARACTER) - 2;
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : title;
}

/** Text as XML 1.0 takes it: what it can't hold at all, it shows as a replacement character. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
