import { type Lost, lostTests } from "./condition-tests";
import { type Contains, prefixOf, principalContains, resourceContains, textContains } from "./containment";
import { BEARER, type Statement, type Term } from "./read-policy";
import type { Work } from "./work";

/** An action on a resource by a principal, of a statement. */
export interface Triple {
  readonly action: Term;
  readonly resource: Term;
  readonly principal: Term;
}

/** A triple for which no statement asks as little as its own does. */
export interface Uncovered extends Triple {
  /** Of the statement that comes closest, the conditions that keep it from standing for the triple; empty without one. */
  readonly lost: readonly Lost[];
}

/** What statements of one effect stand for, to look up what others stand for. */
export class Coverage {
  readonly #statements: readonly Statement[];
  readonly #work: Work;
  readonly #keys: ReadonlySet<string>;
  readonly #actions: TermIndex;
  readonly #resources: TermIndex;
  readonly #principals: TermIndex;

  constructor(statements: readonly Statement[], work: Work) {
    this.#statements = statements;
    this.#work = work;
    this.#keys = new Set(statements.map(keyOf));
    this.#actions = new TermIndex(
      statements.map(({ actions }) => actions),
      textContains,
      work,
    );
    this.#resources = new TermIndex(
      statements.map(({ resources }) => resources),
      resourceContains,
      work,
    );
    this.#principals = new TermIndex(
      statements.map(({ principals }) => principals),
      principalContains,
      work,
    );
  }

  /**
   * The triples of a statement that none of these stands for, in its order. Each triple may be covered by another
   * statement.
   *
   * @throws UnreadablePolicy for what takes too long to compare
   */
  uncovered(statement: Statement): readonly Uncovered[] {
    if (this.#keys.has(keyOf(statement))) {
      return [];
    }
    const lostTo = new Map<number, readonly Lost[]>();
    const found: Uncovered[] = [];
    for (const principal of statement.principals) {
      for (const resource of statement.resources) {
        for (const action of statement.actions) {
          const candidates = this.#candidates({ action, resource, principal }, statement.others);
          const lost = this.#least(candidates, statement, lostTo);
          if (lost === undefined || lost.length > 0) {
            found.push({ action, resource, principal, lost: lost ?? [] });
          }
        }
      }
    }
    return found;
  }

  /** The statements that stand for a triple, conditions set aside. */
  #candidates({ action, resource, principal }: Triple, others: string): readonly number[] {
    const [fewest, ...rest] = [
      this.#actions.covering(action),
      this.#resources.covering(resource),
      this.#principals.covering(principal),
    ].sort((one, other) => one.size - other.size);
    const candidates = [...(fewest ?? [])];
    this.#work.spend(50 * candidates.length);
    return candidates.filter(
      (index) => rest.every((set) => set.has(index)) && this.#statements[index]?.others === others,
    );
  }

  /** Of the candidates' lost conditions, the fewest; undefined without candidates. */
  #least(
    candidates: readonly number[],
    statement: Statement,
    lostTo: Map<number, readonly Lost[]>,
  ): readonly Lost[] | undefined {
    let least: readonly Lost[] | undefined;
    for (const index of candidates) {
      const known = lostTo.get(index);
      const lost = known ?? lostTests(this.#statements[index]?.tests ?? [], statement.tests, this.#work);
      if (known === undefined) {
        lostTo.set(index, lost);
      }
      if (least === undefined || lost.length < least.length) {
        least = lost;
      }
      if (least.length === 0) {
        break;
      }
    }
    return least;
  }
}

/** Which statements have a term that contains another one; equal ones are found without comparing. */
class TermIndex {
  readonly #contains: Contains;
  readonly #work: Work;
  readonly #entries = new Map<string, { readonly term: Term; readonly statements: number[] }>();
  /** Keys of the entries that may contain others, by what these must begin with. */
  readonly #byPrefix = new Map<string, string[]>();
  readonly #prefixLengths: readonly number[];
  readonly #found = new Map<string, ReadonlySet<number>>();

  /** @param terms of each statement */
  constructor(terms: readonly (readonly Term[])[], contains: Contains, work: Work) {
    this.#contains = contains;
    this.#work = work;
    for (const [index, ofStatement] of terms.entries()) {
      for (const term of ofStatement) {
        const entry = this.#entries.get(term.key);
        if (entry === undefined) {
          this.#entries.set(term.key, { term, statements: [index] });
        } else {
          entry.statements.push(index);
        }
      }
    }
    for (const [key, { term }] of this.#entries) {
      const prefix = term.except === undefined ? prefixOf(key) : "";
      if (prefix !== undefined) {
        const keys = this.#byPrefix.get(prefix) ?? [];
        this.#byPrefix.set(prefix, keys);
        keys.push(key);
      }
    }
    this.#prefixLengths = [...new Set([...this.#byPrefix.keys()].map((prefix) => prefix.length))];
  }

  covering(term: Term): ReadonlySet<number> {
    const known = this.#found.get(term.key);
    if (known !== undefined) {
      return known;
    }
    const prefixes = this.#prefixLengths
      .filter((length) => length <= term.key.length)
      .map((length) => term.key.slice(0, length));
    this.#work.spend(prefixes.length * term.key.length);
    const found = new Set(this.#entries.get(term.key)?.statements);
    for (const key of prefixes.flatMap((prefix) => this.#byPrefix.get(prefix) ?? [])) {
      const entry = this.#entries.get(key);
      if (entry !== undefined && this.#isContained(term, entry.term)) {
        this.#work.spend(50 * entry.statements.length);
        for (const index of entry.statements) {
          found.add(index);
        }
      }
    }
    this.#found.set(term.key, found);
    return found;
  }

  #isContained(inner: Term, outer: Term): boolean {
    if (inner.key === BEARER.key || inner.key === outer.key) {
      return inner.key === outer.key;
    }
    if (outer.except !== undefined) {
      // What is left is more when less is left out.
      return (
        inner.except !== undefined &&
        outer.except.every(({ key }) =>
          inner.except?.some((other) => this.#contains(other.key, key, this.#work)),
        )
      );
    }
    return inner.except === undefined ? this.#contains(outer.key, inner.key, this.#work) : outer.key === "*";
  }
}

/** The same for statements that say the same, in whatever order. */
function keyOf({ effect, actions, resources, principals, tests, others }: Statement): string {
  const keysOf = (terms: readonly Term[]) => terms.map(({ key }) => key).sort();
  return JSON.stringify([
    effect,
    keysOf(actions),
    keysOf(resources),
    keysOf(principals),
    tests.map(({ operator, key, values }) => JSON.stringify([operator, key, [...values].sort()])).sort(),
    others,
  ]);
}
