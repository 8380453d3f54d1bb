import { COLUMNS, type Size } from "./body";

/** Places widgets from left to right, section under section; where a row is full, the next one begins under it. */
export function placeOnGrid<W extends Size>(
  sections: readonly (readonly W[])[],
): (W & { readonly x: number; readonly y: number })[] {
  let y = 0;
  return sections.flatMap((widgets) => {
    let x = 0;
    let below = y;
    const placed = widgets.map((widget) => {
      if (x + widget.width > COLUMNS) {
        x = 0;
        y = below;
      }
      const place = { x, y };
      x += widget.width;
      below = Math.max(below, y + widget.height);
      return { ...widget, ...place };
    });
    y = below;
    return placed;
  });
}
