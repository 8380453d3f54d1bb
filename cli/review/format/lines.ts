import { wrap } from "../../../lambda-src/shared/text";
import { printable } from "../../match/printable";

/** Text out of a plan as one line that does nothing to a terminal, cut where it is longer than anybody reads. */
export function lineOf(text: string, most = 500): string {
  return printable(text.length > most ? `${text.slice(0, most)}…` : text);
}

/** Lines of at most so many characters; a word that is longer than one is broken. */
export function wrapped(line: string, width: number): string[] {
  const words = line.split(" ").flatMap((whole) => pieces(whole, width));
  return wrap(words.join(" "), width);
}

function pieces(word: string, width: number): string[] {
  if (word.length <= width) {
    return [word];
  }
  const characters = [...word];
  return Array.from({ length: Math.ceil(characters.length / width) }, (_, index) =>
    characters.slice(index * width, (index + 1) * width).join(""),
  );
}
