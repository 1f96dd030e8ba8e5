/** What a validator found wrong: where, what belongs there, which JSON type came. Never a value: it may be a name. */
import { ExactNumber } from './exact-json.ts';

export interface ValidationIssue {
  /** E.g. `$input.balances.current`. */
  readonly path: string;
  /** E.g. `number | null`. */
  readonly expected: string;
  readonly received: JsonType;
}

export type JsonType = 'absent' | 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

/** A value with its type proven, or the first thing wrong with it. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issue: ValidationIssue };

/** The JSON type of a parsed value; `absent` for `undefined`. */
export function jsonTypeOf(value: unknown): JsonType {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  if (value instanceof ExactNumber) return 'number';
  if (Array.isArray(value)) return 'array';
  return typeof value as JsonType; // JSON has no other types left
}

/** What typia says of one failed check. */
export interface TypiaError {
  readonly path: string;
  readonly expected: string;
  readonly value: unknown;
}

/** A member of `ExactNumber` reported as wrong: the fault is that no number stands there. */
const INSIDE_NUMBER = /\.(?:literal|notJson)$/;

/** In our words: typia's own error holds the value. */
export function issueFrom(errors: readonly TypiaError[]): ValidationIssue {
  const [error] = errors;
  if (error === undefined) return { path: '$input', expected: 'valid', received: 'absent' };
  if (INSIDE_NUMBER.test(error.path)) {
    return { path: error.path.replace(INSIDE_NUMBER, ''), expected: 'number', received: 'object' };
  }
  return { path: error.path, expected: inJsonWords(error.expected), received: jsonTypeOf(error.value) };
}

/** `(ExactNumber | null)` to `number | null`. */
function inJsonWords(expected: string): string {
  const bare = expected.startsWith('(') && expected.endsWith(')') ? expected.slice(1, -1) : expected;
  return bare.replaceAll('ExactNumber', 'number').replaceAll('undefined', 'absent');
}

/** The issue as seen from the document around it: `$input.amount` under `added[3]` is `$input.added[3].amount`. */
export function issueUnder(parent: string, issue: ValidationIssue): ValidationIssue {
  return { ...issue, path: issue.path.replace('$input', parent) };
}
