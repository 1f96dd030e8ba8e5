/**
 * JSON whose numbers keep their source text, so that no amount ever becomes a float.
 *
 * `JSON.parse` with a reviver can do it (`context.source`), but calls back for every value: on a page of 100
 * transactions it takes 6 to 8 times as long as a plain parse. Here each number literal is first rewritten as a marked
 * string, then parsed natively and unwrapped in place: 2 to 3 times. The reviver stays as the reference: the tests
 * hold both to the same answer on every text, and a text that could forge the mark is given to it.
 */
import { ValidationError } from './validation-error.ts';

/** Plaid nests five levels, the deepest provider known to us nine. */
export const MAX_JSON_DEPTH = 64;

/** A number as the provider wrote it: `72.1`, `-0`, `1e21`. */
export class ExactNumber {
  readonly literal: string;
  /** Tells it from the JSON object `{"literal": "72.1"}` in a structural check: JSON cannot spell a bigint. */
  readonly notJson = 0n;

  constructor(literal: string) {
    this.literal = literal;
  }

  /** As text: written back as a number it would be read as a float. */
  toJSON(): string {
    return this.literal;
  }
}

/** Stands where a value came and cannot be read: of no JSON type, so that no check takes it for one. */
export const damaged: unique symbol = Symbol('damaged');

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const QUOTE = 34;
const BACKSLASH = 92;
const MINUS = 45;
const COLON = 58;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
/** Unescaped it is not allowed in JSON, so a text holds it only where this escape stands. */
const MARK_ESCAPED = '\\u0000';
const MARK = 0;

/**
 * Parses JSON text. Own members only: a member named `__proto__` stays a member like any other.
 * @returns the JSON value with an `ExactNumber` in place of every number
 * @throws {ValidationError} `JSON_MALFORMED`, `JSON_TOO_DEEP` (past `MAX_JSON_DEPTH`); neither quotes the text
 */
export function parseExact(text: string): unknown {
  return parseCounting(text).value;
}

/**
 * As `parseExact`. `JSON.parse` takes the last of several members under one name in silence; each member has a colon, so
 * the text has more colons outside its strings than the value has members.
 * @returns `mayRepeatMembers` is `true` also where nobody has counted
 */
export function parseCounting(text: string): { readonly value: unknown; readonly mayRepeatMembers: boolean } {
  if (text.includes(MARK_ESCAPED)) return { value: parseWithReviver(text), mayRepeatMembers: true };
  const tally: Tally = { colons: 0, members: 0 };
  const value = unwrap(parseNative(markNumbers(text, tally)), 0, tally);
  return { value, mayRepeatMembers: tally.colons !== tally.members };
}

interface Tally {
  /** Outside strings. */
  colons: number;
  members: number;
}

/** The same through `JSON.parse`'s reviver: slower, and the reference that the tests compare with. */
export function parseWithReviver(text: string): unknown {
  refuseTooDeep(parseNative(text), 0); // the reviver's own recursion would overflow the stack
  return JSON.parse(text, ((_key: string, value: unknown, context: { readonly source: string }) =>
    typeof value === 'number' ? new ExactNumber(context.source) : value) as (key: string, value: unknown) => unknown);
}

function parseNative(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(text);
  }
}

function malformed(text: string): ValidationError {
  return new ValidationError('JSON_MALFORMED', { lengthChars: text.length });
}

/** Whatever is wrong with the text stays wrong: a number where a member name belongs is refused here, the rest by `JSON.parse`. */
function markNumbers(text: string, tally: Tally): string {
  let marked = '';
  let copiedTo = 0;
  let at = 0;
  while (at < text.length) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      at = endOfString(text, at);
    } else if (char === MINUS || (char >= DIGIT_0 && char <= DIGIT_9)) {
      NUMBER.lastIndex = at;
      if (!NUMBER.test(text)) throw malformed(text);
      const end = NUMBER.lastIndex;
      if (isMemberName(text, end)) throw malformed(text);
      marked += `${text.slice(copiedTo, at)}"${MARK_ESCAPED}${text.slice(at, end)}"`;
      at = end;
      copiedTo = end;
    } else {
      if (char === COLON) tally.colons += 1;
      at += 1;
    }
  }
  return marked + text.slice(copiedTo);
}

/** @returns the index behind the closing quote of the string that opens at `start` */
function endOfString(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (quote !== -1) {
    let beforeEscapes = quote - 1;
    while (text.charCodeAt(beforeEscapes) === BACKSLASH) beforeEscapes -= 1;
    if ((quote - beforeEscapes) % 2 === 1) return quote + 1;
    quote = text.indexOf('"', quote + 1);
  }
  throw malformed(text);
}

/** `{1: 2}` is not JSON, but `{"1": 2}` would be. */
function isMemberName(text: string, end: number): boolean {
  let at = end;
  while (isSpace(text.charCodeAt(at))) at += 1;
  return text[at] === ':';
}

function isSpace(char: number): boolean {
  return char === 32 || char === 10 || char === 13 || char === 9;
}

/** In place: the value is ours alone, straight from `JSON.parse`. */
function unwrap(value: unknown, depth: number, tally: Tally): unknown {
  if (typeof value === 'string') return value.charCodeAt(0) === MARK ? new ExactNumber(value.slice(1)) : value;
  if (value === null || typeof value !== 'object') return value;
  if (depth === MAX_JSON_DEPTH) throw tooDeep();
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) value[index] = unwrap(value[index], depth + 1, tally);
    return value;
  }
  const members = value as Record<string, unknown>;
  const names = Object.keys(members);
  tally.members += names.length;
  for (const name of names) {
    const member = members[name];
    // Assigned only where it changes, and always to an own member: `__proto__` from JSON.parse is one.
    if (typeof member === 'string') {
      if (member.charCodeAt(0) === MARK) members[name] = new ExactNumber(member.slice(1));
    } else if (member !== null && typeof member === 'object') {
      unwrap(member, depth + 1, tally);
    }
  }
  return members;
}

function refuseTooDeep(value: unknown, depth: number): void {
  if (value === null || typeof value !== 'object') return;
  if (depth === MAX_JSON_DEPTH) throw tooDeep();
  for (const member of Object.values(value)) refuseTooDeep(member, depth + 1);
}

function tooDeep(): ValidationError {
  return new ValidationError('JSON_TOO_DEEP', { maxDepth: MAX_JSON_DEPTH });
}
