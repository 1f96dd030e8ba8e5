/** What a validator found wrong: where, what belongs there, which JSON type came. Never a value: it may be a name. */
import { damaged, ExactNumber } from './exact-json.ts';

export interface ValidationIssue {
  /** E.g. `$input.balances.current`. */
  readonly path: string;
  /** E.g. `number | null`. */
  readonly expected: string;
  readonly received: JsonType;
}

export type JsonType = 'absent' | 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object' | 'damaged';

/** A value with its type proven, or the first thing wrong with it. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issue: ValidationIssue };

/** The JSON type of a parsed value; `absent` for `undefined`, `damaged` for what cannot be read. */
export function jsonTypeOf(value: unknown): JsonType {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  if (value instanceof ExactNumber) return 'number';
  if (value === damaged) return 'damaged';
  if (Array.isArray(value)) return 'array';
  return typeof value as JsonType; // JSON has no other types left
}

/** What a generated validator says of one failed check. */
export interface GeneratedError {
  readonly path: string;
  readonly expected: string;
  readonly value: unknown;
}

/** A member of `ExactNumber` reported as wrong: the fault is that no number stands there. */
const INSIDE_NUMBER = /\.(?:literal|notJson)$/;

/** In our words: the generated error holds the value. `input` is what was validated. */
export function issueFrom(errors: readonly GeneratedError[], input: unknown): ValidationIssue {
  const [error] = errors;
  if (error === undefined) return { path: '$input', expected: 'valid', received: jsonTypeOf(input) };
  if (INSIDE_NUMBER.test(error.path)) {
    const path = error.path.replace(INSIDE_NUMBER, '');
    return { path, expected: 'number', received: jsonTypeOf(valueAt(input, path)) };
  }
  return { path: error.path, expected: inJsonWords(error.expected), received: jsonTypeOf(error.value) };
}

/** @param path of member names and indexes, `$input.counterparties[0].name`: our wire types have no other names */
function valueAt(input: unknown, path: string): unknown {
  const steps = path.slice('$input'.length).match(/[^.[\]]+/g) ?? [];
  return steps.reduce<unknown>((value, step) => (value as Readonly<Record<string, unknown>>)[step], input);
}

/** TypeScript's names to JSON's, first match first. */
const jsonWords: readonly (readonly [RegExp, string])[] = [
  [/^\((.*)\)$/, '$1'],
  [/\(?string & MaxLength<([0-9]+)>\)?/g, 'string (up to $1)'],
  [/(?:Readonly)?Array<.*?>/g, 'array'],
  [/\bExactNumber\b/g, 'number'],
  [/\b(?:Plaid|Obuk|Berlin)[A-Za-z]+/g, 'object'],
  [/\bundefined\b/g, 'absent'],
];

/** `((string & MaxLength<64>) | null)` to `string (up to 64) | null`. */
function inJsonWords(expected: string): string {
  return jsonWords.reduce((text, [pattern, word]) => text.replace(pattern, word), expected);
}

/** The issue as seen from the document around it: `$input.amount` under `added[3]` is `$input.added[3].amount`. */
export function issueUnder(parent: string, issue: ValidationIssue): ValidationIssue {
  return { ...issue, path: issue.path.replace('$input', parent) };
}
