/**
 * Compiles a wildcard: the fixed pieces between its `*`s, in order. `["a", "b"]` is `a*b`, `["", "b"]` is `*b`,
 * and a single piece is a text to be equalled.
 *
 * Each inner piece is taken at its leftmost place, which never needs undoing, so a text is searched once per
 * piece however many wildcards there are.
 */
export function compileWildcard(pieces: readonly string[]): (text: string) => boolean {
  const first = pieces[0] ?? "";
  if (pieces.length < 2) return (text) => text === first;

  const last = pieces[pieces.length - 1] ?? "";
  const inner = pieces.slice(1, -1).filter((piece) => piece !== "");
  return (text) => {
    const end = text.length - last.length;
    let position = first.length;
    if (position > end || !text.startsWith(first) || !text.endsWith(last)) return false;
    for (const piece of inner) {
      const found = text.indexOf(piece, position);
      if (found < 0 || found + piece.length > end) return false;
      position = found + piece.length;
    }
    return true;
  };
}
