/**
 * A stage on the way from an event to the values of a field: some of the names of the field's path are walked.
 * Since a dotted key equals nesting, a key may stand for several names, and so a stage leads on to all later ones.
 */
export interface Stage {
  /** A number for the names walked so far: the same in all paths that start with them. */
  readonly prefix: number;
  /** Whether all names are walked. */
  readonly isEnd: boolean;
  readonly exits: readonly Exit[];
}

/** The key by which an object at one stage leads on to another. */
export interface Exit {
  readonly key: string;
  readonly to: Stage;
}

/** Lays out the stages of the paths of one pattern, numbering their prefixes alike. */
export class PathPlanner {
  readonly #paths = new Map<string, Stage>();
  readonly #prefixes = new Map<string, number>();

  /** The stage at which no name of the path is walked. */
  start(path: string): Stage {
    const known = this.#paths.get(path);
    if (known !== undefined) return known;
    const start = this.#plan(path);
    this.#paths.set(path, start);
    return start;
  }

  /** The numbers of all prefixes of a path, but the empty one: no array stands there, an event is an object. */
  prefixes(path: string): number[] {
    return prefixEnds(path).map((end) => this.#number(path.slice(0, end)));
  }

  #plan(path: string): Stage {
    const later: { end: number; stage: Stage }[] = [];
    const exitsFrom = (end: number) =>
      later.map((one) => ({ key: path.slice(end + 1, one.end), to: one.stage }));
    for (const end of prefixEnds(path).reverse()) {
      const prefix = this.#number(path.slice(0, end));
      later.unshift({ end, stage: { prefix, isEnd: end === path.length, exits: exitsFrom(end) } });
    }
    return { prefix: -1, isEnd: false, exits: exitsFrom(-1) };
  }

  #number(prefix: string): number {
    const number = this.#prefixes.get(prefix) ?? this.#prefixes.size;
    this.#prefixes.set(prefix, number);
    return number;
  }
}

/** Where each name of a path ends. */
function prefixEnds(path: string): number[] {
  const ends: number[] = [];
  for (const name of path.split(".")) ends.push((ends[ends.length - 1] ?? -1) + 1 + name.length);
  return ends;
}
