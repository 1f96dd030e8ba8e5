/** One text for one value: members sorted, no spaces, so that equal content has equal hashes. After RFC 8785, integers only. */
import { ValidationError } from './validation-error.ts';

/** What canonical JSON can say. */
export type CanonicalValue =
  | null
  | boolean
  /** Safe integers only: amounts are text, and no float has one spelling everywhere. */
  | number
  | string
  | readonly CanonicalValue[]
  | { readonly [name: string]: CanonicalValue };

const MAX_DEPTH = 64;
/** Everything JSON escapes, and surrogates, which only `JSON.stringify` judges right. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be found
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;

/**
 * @param value JSON as it stands: plain objects, arrays, strings, safe integers, booleans, null
 * @returns its canonical text; member names sorted by UTF-16 code unit, lone surrogates escaped, so the text is
 *   well-formed and two values share a text only when they are equal
 * @throws {ValidationError} `NOT_CANONICAL` for floats, `undefined`, bigint, class instances, symbols, functions,
 *   holes and cycles, with the path
 * @see RFC 8785
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$', 0);
}

function write(value: unknown, path: string, depth: number): string {
  switch (typeof value) {
    case 'string':
      return writeString(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isSafeInteger(value)) throw refusal(path, Number.isInteger(value) ? 'unsafe integer' : 'float');
      return String(value); // "-0" prints as "0"
    case 'object':
      if (value === null) return 'null';
      if (depth === MAX_DEPTH) throw refusal(path, 'nesting or cycle');
      return Array.isArray(value) ? writeArray(value, path, depth) : writeObject(value, path, depth);
    default:
      throw refusal(path, typeof value);
  }
}

function writeString(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

function writeArray(values: readonly unknown[], path: string, depth: number): string {
  let text = '[';
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) text += ',';
    text += write(values[index], `${path}[]`, depth + 1);
  }
  return `${text}]`;
}

function writeObject(value: object, path: string, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refusal(path, 'class instance');
  const members = value as Readonly<Record<string, unknown>>;
  let text = '{';
  for (const name of Object.keys(members).sort()) {
    if (text.length > 1) text += ',';
    text += `${writeString(name)}:${write(members[name], path, depth + 1)}`;
  }
  return `${text}}`;
}

function refusal(path: string, found: string): ValidationError {
  return new ValidationError('NOT_CANONICAL', { path, found });
}
