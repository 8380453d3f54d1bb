import type { CidrBlock } from "./ip-address";

/** What an event pattern asks of an event: fields that must all hold, and of each `$or` one branch. */
export interface Requirements {
  /** By path; names are joined by dots, since a dotted key and a nested one are the same to AWS. */
  readonly fields: ReadonlyMap<string, Field>;
  readonly ors: readonly Or[];
}

export interface Or {
  readonly offset: number;
  readonly branches: readonly Requirements[];
}

/** A path and the tests of which one of its values must pass one. */
export interface Field {
  readonly path: string;
  readonly offset: number;
  readonly tests: readonly ValueTest[];
}

export type ValueTest =
  | { readonly kind: "equals"; readonly value: string | number | boolean | null }
  | { readonly kind: "prefix" | "suffix"; readonly text: string; readonly ignoreCase: boolean }
  | { readonly kind: "equals ignoring case"; readonly text: string }
  | { readonly kind: "wildcard"; readonly wildcard: Wildcard }
  | { readonly kind: "anything but"; readonly values: readonly string[] | readonly number[] }
  | { readonly kind: "anything but match"; readonly tests: readonly TextTest[] }
  | { readonly kind: "numeric"; readonly bounds: readonly Bound[] }
  | { readonly kind: "exists"; readonly expected: boolean }
  | { readonly kind: "cidr"; readonly block: CidrBlock };

/** The tests that `anything-but` can negate. */
export type TextTest = Extract<
  ValueTest,
  { kind: "prefix" | "suffix" | "equals ignoring case" | "wildcard" }
>;

export interface Wildcard {
  /** As it was written. */
  readonly source: string;
  /** The fixed texts between the `*`s, without escapes. */
  readonly pieces: readonly string[];
}

export interface Bound {
  readonly operator: "=" | "<" | "<=" | ">" | ">=";
  readonly value: number;
}
