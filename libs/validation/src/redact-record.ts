/**
 * A quarantined record as it may be kept: enough to see why it could not be read and to fix the mapper, nothing that
 * says who the user is. What is not known to be harmless is masked, whatever type it came with.
 */
import { damaged, ExactNumber } from './exact-json.ts';

/** What a member named so may show. A value of another shape is masked even there: it is not what it should be. */
export type RedactionRule =
  /** Opaque ids and codes: letters, digits, `-_.:+=/`, up to 128. */
  | 'id'
  /** Enumerated words: as `id`, and single spaces. */
  | 'word'
  /** Dates and times. */
  | 'date'
  /** Amounts, as number or text. */
  | 'amount';

/** By member name, at any depth. */
export type RedactionPolicy = Readonly<Record<string, RedactionRule>>;

const shapes: Readonly<Record<RedactionRule, RegExp>> = {
  id: /^[A-Za-z0-9_.:+=/-]{1,128}$/,
  word: /^[A-Za-z0-9_-]+(?: [A-Za-z0-9_-]+){0,3}$/,
  date: /^[0-9]{1,4}[0-9T:.Z+/ -]{0,31}$/,
  amount: /^[+-]?[0-9.,]{1,32}(?:[eE][+-]?[0-9]{1,4})?$/,
};
/** A name that is one of a format; others might hold a value. */
const MEMBER_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const MAX_DEPTH = 8;
const MAX_WORD_CHARS = 48;
/** Well above any record of ours, well below a database item. */
const MAX_VALUES = 300;

/**
 * @param record parsed JSON, of any shape
 * @returns JSON text of at most about 60 KB: structure, booleans, nulls and what `policy` allows as they came; other
 *   texts as `[5 chars]`, other numbers as `[number]`
 */
export function redactRecord(record: unknown, policy: RedactionPolicy): string {
  let valuesLeft = MAX_VALUES;

  function redact(value: unknown, rule: RedactionRule | undefined, depth: number): string {
    valuesLeft -= 1;
    if (value instanceof ExactNumber) return allows(rule, value.literal, true) ? value.literal : '"[number]"';
    if (typeof value === 'string') {
      return allows(rule, value, false) ? JSON.stringify(value) : `"[${value.length} chars]"`;
    }
    if (value === damaged) return '"[damaged]"';
    if (value === null || typeof value !== 'object') return typeof value === 'boolean' ? String(value) : 'null';
    if (depth === MAX_DEPTH) return '"[nested]"';
    return Array.isArray(value) ? redactArray(value, rule, depth) : redactObject(value, depth);
  }

  function redactArray(values: readonly unknown[], rule: RedactionRule | undefined, depth: number): string {
    const shown: string[] = [];
    for (const value of values) {
      if (valuesLeft <= 0) return `[${[...shown, '"[cut]"'].join(',')}]`;
      shown.push(redact(value, rule, depth + 1));
    }
    return `[${shown.join(',')}]`;
  }

  function redactObject(value: object, depth: number): string {
    const shown: string[] = [];
    for (const [name, member] of Object.entries(value)) {
      if (valuesLeft <= 0) return `{${[...shown, '"[cut]":true'].join(',')}}`;
      const rule = Object.hasOwn(policy, name) ? policy[name] : undefined;
      const shownName = MEMBER_NAME.test(name) ? name : `[name ${shown.length}]`;
      shown.push(`"${shownName}":${redact(member, rule, depth + 1)}`);
    }
    return `{${shown.join(',')}}`;
  }

  return redact(record, undefined, 0);
}

function allows(rule: RedactionRule | undefined, text: string, isNumber: boolean): boolean {
  if (rule === undefined || (isNumber && rule !== 'amount')) return false;
  return shapes[rule].test(text) && (rule !== 'word' || text.length <= MAX_WORD_CHARS);
}
