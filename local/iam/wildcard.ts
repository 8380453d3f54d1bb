/**
 * Whether a policy's wildcard stands for a text: `*` for any characters, also none, `?` for any one.
 *
 * Only the last `*` is ever tried again, since an earlier one gains nothing by taking more: no pattern takes more than
 * its length times that of the text.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let position = 0;
  let next = 0;
  let star = -1;
  let starTook = 0;
  while (position < text.length) {
    if (pattern[next] === "*") {
      star = next++;
      starTook = position;
    } else if (next < pattern.length && (pattern[next] === "?" || pattern[next] === text[position])) {
      next++;
      position++;
    } else if (star >= 0) {
      next = star + 1;
      position = ++starTook;
    } else {
      return false;
    }
  }
  while (pattern[next] === "*") {
    next++;
  }
  return next === pattern.length;
}
