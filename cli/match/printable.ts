/** Control characters, what turns the direction of text or can't be seen, and halves of characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text from a log or a file's name as one line that does nothing to a terminal: what isn't to be seen is escaped, as
 * JSON does it. The text of a JSON value stays one.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
