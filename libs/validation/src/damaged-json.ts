/**
 * What can still be read of a JSON document with a damaged place in it: one bad byte costs at most the record that it is
 * in. Slower than `parseExact`, and asked only where that has refused the text, or where a member came twice.
 *
 * The document is an object with lists of records. What is whole is read as it stands. Damage inside a string costs the
 * string. Damage between the tokens costs the record: reading goes on where the next one begins that is whole. Damage
 * around the records costs the document.
 */
import { damaged, ExactNumber, MAX_JSON_DEPTH, parseCounting, parseExact } from './exact-json.ts';
import { ValidationError } from './validation-error.ts';

export interface DocumentShape {
  /** Members of the document that hold records. */
  readonly lists: readonly string[];
  /** All members of the document that its reader needs: damage that may have swallowed one costs the document. */
  readonly members: readonly string[];
  /** A whole record has at least one of these members; no object inside a record has one. */
  readonly recordMembers: readonly string[];
}

/** Where something cannot be read. Never leaves this file. */
class Unreadable extends Error {}

const STRING = /"[^"\\]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\]*)*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const SPACE = /[ \n\r\t]*/y;
const END_OF_LIST = /\][ \n\r\t]*(?:,[ \n\r\t]*"[^"]*"[ \n\r\t]*:|\}[ \n\r\t]*$)/y;
const START_OF_MEMBER = /^[ \n\r\t]*"[^"]*"[ \n\r\t]*:/;
const WORD = /true|false|null/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be found
const CONTROL = /[\u0000-\u001f]/;
const CONTROLS = new RegExp(CONTROL.source, 'g');

/** Ten times what a page of 500 full records holds: looking for the next whole record must end. */
const MAX_VALUES = 500_000;

/**
 * As `parseExact`, and a damaged place in the document costs no more than the record that it is in.
 * @returns the document, with `damaged` for a record that cannot be read, a string with a raw control character in it and
 *   a member that came twice with different values
 * @throws {ValidationError} as `parseExact`, where the document around the records cannot be read
 */
export function parseDocument(text: string, shape: DocumentShape): unknown {
  try {
    const { value, mayRepeatMembers } = parseCounting(text);
    return mayRepeatMembers ? (readDamaged(text, shape) ?? parseExact(text)) : value;
  } catch (error) {
    const document = error instanceof ValidationError ? readDamaged(text, shape) : undefined;
    if (document === undefined) throw error;
    return document;
  }
}

/** `undefined` where the document itself cannot be read. */
function readDamaged(text: string, shape: DocumentShape): unknown {
  try {
    return new DocumentReader(text, shape).document();
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

class DocumentReader {
  readonly #text: string;
  readonly #shape: DocumentShape;
  /** A member of the document, inside a record: text that was to be skipped must not hold one. */
  readonly #anyMember: RegExp;
  /** What follows the end of a list: another member of the document, or its end. */
  readonly #behindList: RegExp;
  #at = 0;
  #valuesLeft = MAX_VALUES;

  constructor(text: string, shape: DocumentShape) {
    this.#text = text;
    this.#shape = shape;
    const names = shape.members.join('|');
    this.#anyMember = new RegExp(`"(?:${names})"[ \\n\\r\\t]*:`);
    this.#behindList = new RegExp(`[ \\n\\r\\t]*(?:,[ \\n\\r\\t]*"(?:${names})"[ \\n\\r\\t]*:|\\}[ \\n\\r\\t]*$)`, 'y');
  }

  document(): unknown {
    const value = this.#object((name) => (this.#shape.lists.includes(name) ? this.#list() : this.#value(1)), true);
    this.#space();
    if (this.#at < this.#text.length) throw new Unreadable();
    return value;
  }

  /** Null and other types are left to whoever checks the document. */
  #list(): unknown {
    this.#space();
    if (this.#text[this.#at] !== '[') return this.#value(1);
    this.#at += 1;
    const records: unknown[] = [];
    this.#space();
    if (this.#takeEnd()) return records;
    for (;;) {
      const start = this.#at;
      const record = this.#record();
      if (record !== undefined && this.#take(',')) {
        records.push(record);
      } else if (record !== undefined && this.#takeEnd()) {
        records.push(record);
        return records;
      } else {
        const skippedTo = this.#skipFrom(start);
        // The record before may have ended early, at a byte that looks like its end: then this is its rest.
        if (this.#isRestOf(records.at(-1), start)) records.pop();
        records.push(damaged);
        if (skippedTo === 'end') return records;
      }
    }
  }

  /** Whether the text goes on with members, of which none is one that only the next record can have. */
  #isRestOf(record: unknown, start: number): boolean {
    if (record === null || typeof record !== 'object') return false;
    const skipped = this.#text.slice(start, this.#at);
    return (
      START_OF_MEMBER.test(skipped) &&
      !this.#shape.recordMembers.some((name) => Object.hasOwn(record, name) && skipped.includes(`"${name}"`))
    );
  }

  /** A bracket that ends the list has another member behind it, or the document's end; a damaged byte may look like one. */
  #takeEnd(): boolean {
    END_OF_LIST.lastIndex = this.#at;
    return END_OF_LIST.test(this.#text) && this.#take(']');
  }

  /** @returns the record with `]` or `,` to come; `undefined` where that cannot be had */
  #record(): unknown {
    try {
      const record = this.#value(2);
      this.#space();
      const next = this.#text[this.#at];
      return next === ',' || next === ']' ? record : undefined;
    } catch (error) {
      if (error instanceof Unreadable) return undefined;
      throw error;
    }
  }

  /** Goes to the next whole record behind a damaged one, or behind the end of the list. */
  #skipFrom(start: number): 'record' | 'end' {
    for (let at = start + 1; at < this.#text.length; at += 1) {
      const char = this.#text[at];
      if (char !== '{' && char !== ']') continue;
      if (this.#valuesLeft < 0) break;
      this.#at = char === ']' ? at + 1 : at;
      const found = char === ']' ? this.#isBehindList() : this.#isRecord();
      if (!found) continue;
      if (this.#anyMember.test(this.#text.slice(start, at))) throw new Unreadable();
      this.#at = char === ']' ? at + 1 : at;
      return char === ']' ? 'end' : 'record';
    }
    throw new Unreadable();
  }

  #isBehindList(): boolean {
    this.#behindList.lastIndex = this.#at;
    return this.#behindList.test(this.#text);
  }

  #isRecord(): boolean {
    const behind = this.#isBehindRecord();
    if (behind === 'no') return false;
    const record = this.#record();
    if (record === null || typeof record !== 'object') return false;
    const has = (name: string) => Object.hasOwn(record, name);
    const { recordMembers } = this.#shape;
    return behind === 'yes' ? recordMembers.some(has) : recordMembers.every(has);
  }

  /** Behind a comma, or one damaged byte behind a brace: any other object is a part of a record. */
  #isBehindRecord(): 'yes' | 'perhaps' | 'no' {
    let at = this.#at - 1;
    while (' \n\r\t'.includes(this.#text[at] ?? '-')) at -= 1;
    const last = this.#text[at];
    if (last === ',' || (last === '}' && at < this.#at - 1)) return 'yes';
    if (this.#text[at - 1] !== '}') return 'no';
    return last === ']' ? 'perhaps' : 'yes'; // a list of objects inside a record ends so too
  }

  #value(depth: number): unknown {
    this.#valuesLeft -= 1;
    this.#space();
    const first = this.#text[this.#at];
    const isTooDeep = depth >= MAX_JSON_DEPTH && (first === '{' || first === '[');
    if (isTooDeep || this.#valuesLeft < 0) throw new Unreadable();
    switch (first) {
      case '{':
        return this.#object(() => this.#value(depth + 1), false);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      case 't':
      case 'f':
      case 'n':
        return JSON.parse(this.#match(WORD));
      default:
        return new ExactNumber(this.#match(NUMBER));
    }
  }

  #array(depth: number): unknown {
    const values: unknown[] = [];
    this.#at += 1;
    this.#space();
    if (this.#take(']')) return values;
    for (;;) {
      values.push(this.#value(depth + 1));
      this.#space();
      if (this.#take(']')) return values;
      this.#expect(',');
    }
  }

  #object(member: (name: string) => unknown, isDocument: boolean): unknown {
    const members: Record<string, unknown> = {};
    const sources = new Map<string, string>();
    this.#space();
    this.#expect('{');
    this.#space();
    if (this.#take('}')) return members;
    const readMember = () => {
      this.#space();
      const name = this.#name(isDocument);
      this.#space();
      this.#expect(':');
      this.#space();
      const start = this.#at;
      let value = member(name);
      const source = this.#text.slice(start, this.#at);
      this.#space();
      const next = this.#text[this.#at];
      if (next !== ',' && next !== '}') throw new Unreadable();
      // Twice the same is no damage.
      if ((sources.get(name) ?? source) !== source) value = damaged;
      sources.set(name, source);
      // Also for `__proto__`, which an assignment would take for something else.
      Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
    };
    for (;;) {
      const start = this.#at;
      try {
        readMember();
      } catch (error) {
        if (!(isDocument && error instanceof Unreadable)) throw error;
        this.#skipMember(start);
      }
      if (this.#take('}')) return members;
      this.#expect(',');
    }
  }

  /** Behind a damaged member of the document: one without a list or an object in it, so that no record goes with it. */
  #skipMember(start: number): void {
    for (let at = start + 1; at < this.#text.length; at += 1) {
      const char = this.#text[at];
      if (char === '{' || char === '[') break;
      this.#at = at;
      if ((char === ',' || char === '}') && this.#isBehindList()) return;
    }
    throw new Unreadable();
  }

  /** A name with a control character in it is another name: what it was to be has not come. */
  #name(isDocument: boolean): string {
    const text = this.#match(STRING);
    if (!CONTROL.test(text)) return JSON.parse(text);
    if (isDocument) throw new Unreadable();
    return `${JSON.parse(text.replace(CONTROLS, ''))}\ud800`;
  }

  #string(): unknown {
    const text = this.#match(STRING);
    return CONTROL.test(text) ? damaged : JSON.parse(text);
  }

  #space(): void {
    this.#match(SPACE);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#text)?.[0];
    if (text === undefined) throw new Unreadable();
    this.#at += text.length;
    return text;
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #expect(char: string): void {
    if (!this.#take(char)) throw new Unreadable();
  }
}
