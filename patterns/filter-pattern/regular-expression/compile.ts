import { type CharacterSet, hasCharacter } from "./character-set";
import { parseRegularExpression, type RegularExpression } from "./parse";

/** An instruction goes on to the next one, unless it says otherwise. */
type Instruction =
  | { readonly kind: "read"; readonly characters: CharacterSet }
  | { readonly kind: "at start" }
  | { readonly kind: "at end" }
  /** Goes on both to the next instruction and to `to`. */
  | { readonly kind: "fork"; to: number }
  | { readonly kind: "jump"; to: number }
  | { readonly kind: "accept" };

/**
 * Compiles a regular expression to a test for whether a text holds a match anywhere.
 *
 * The test follows all the ways to match at once (Thompson's construction), so that its work is bounded by the
 * length of the text times that of the expression, whatever the two hold: nothing is ever tried again.
 */
export function compileRegularExpression(source: string): (text: string) => boolean {
  const program = assemble(
    parseRegularExpression(source, (message) => {
      throw new Error(`not a parsed regular expression: ${message}`);
    }),
  );
  return (text) => run(program, text);
}

function assemble(alternatives: RegularExpression): Instruction[] {
  const program: Instruction[] = [];
  const jumpsToAccept: { to: number }[] = [];

  for (const [index, pieces] of alternatives.entries()) {
    const isLast = index === alternatives.length - 1;
    const fork = { kind: "fork" as const, to: 0 };
    if (!isLast) program.push(fork);
    for (const piece of pieces) {
      if (piece.kind === "start") program.push({ kind: "at start" });
      else if (piece.kind === "end") program.push({ kind: "at end" });
      else assembleRepetition(program, piece.characters, piece.min, piece.max);
    }
    const jump = { kind: "jump" as const, to: 0 };
    program.push(jump);
    jumpsToAccept.push(jump);
    fork.to = program.length;
  }

  for (const jump of jumpsToAccept) jump.to = program.length;
  program.push({ kind: "accept" });
  return program;
}

function assembleRepetition(
  program: Instruction[],
  characters: CharacterSet,
  min: number,
  max: number,
): void {
  const read: Instruction = { kind: "read", characters };
  for (let count = 0; count < min; count++) program.push(read);
  if (max === Number.POSITIVE_INFINITY) {
    const loop = program.length;
    program.push({ kind: "fork", to: loop + 3 }, read, { kind: "jump", to: loop });
    return;
  }
  const end = program.length + 2 * (max - min);
  for (let count = min; count < max; count++) program.push({ kind: "fork", to: end }, read);
}

function run(program: readonly Instruction[], text: string): boolean {
  // The instructions that are reached before the next character, and the position at which each last was.
  let reached: number[] = [];
  const reachedAt = new Int32Array(program.length).fill(-1);
  let accepted = false;

  function reach(first: number, position: number): void {
    const pending = [first];
    for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
      const instruction = program[index];
      if (instruction === undefined || reachedAt[index] === position) continue;
      reachedAt[index] = position;
      if (instruction.kind === "read") reached.push(index);
      else if (instruction.kind === "accept") accepted = true;
      else if (instruction.kind === "jump") pending.push(instruction.to);
      else if (instruction.kind === "fork") pending.push(instruction.to, index + 1);
      else if (instruction.kind === "at start" ? position === 0 : position === text.length)
        pending.push(index + 1);
    }
  }

  for (let position = 0; ; ) {
    // A match may begin at any character.
    reach(0, position);
    if (accepted) return true;
    const character = text.codePointAt(position);
    if (character === undefined) return false;

    const waiting = reached;
    reached = [];
    position += character > 0xffff ? 2 : 1;
    for (const index of waiting) {
      const instruction = program[index];
      if (instruction?.kind === "read" && hasCharacter(instruction.characters, character))
        reach(index + 1, position);
    }
  }
}
