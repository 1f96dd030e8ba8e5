/**
 * Decodes CBOR from bytes that are all there. Strict about types, tolerant about forms: any legal length encoding,
 * definite or indefinite.
 * @see RFC 8949 section 3
 */
import { malformed } from './dax-node-error.ts';

export const MAJOR_UNSIGNED = 0;
export const MAJOR_NEGATIVE = 1;
export const MAJOR_BYTES = 2;
export const MAJOR_TEXT = 3;
export const MAJOR_ARRAY = 4;
export const MAJOR_MAP = 5;
export const MAJOR_TAG = 6;
export const MAJOR_SIMPLE = 7;

const NULL = 0xf6;
const UNDEFINED = 0xf7;
const BREAK = 0xff;
const SKIP_DEPTH_MAX = 512;

export class CborReader {
  readonly #buffer: Buffer;
  readonly #end: number;
  #position: number;
  #minor = 0;

  constructor(buffer: Buffer, start = 0, end = buffer.length) {
    this.#buffer = buffer;
    this.#position = start;
    this.#end = end;
  }

  get position(): number {
    return this.#position;
  }

  get atEnd(): boolean {
    return this.#position >= this.#end;
  }

  /** Major type of the next value, which stays unread. */
  peekMajor(): number {
    return this.#peek() >> 5;
  }

  peekIsNull(): boolean {
    const initial = this.#peek();
    return initial === NULL || initial === UNDEFINED;
  }

  /** Takes a null if there is one. */
  skipNull(): boolean {
    if (!this.peekIsNull()) return false;
    this.#position += 1;
    return true;
  }

  /** Integer of up to 64 bit that a JavaScript number holds exactly; larger ones are refused. */
  readInteger(): number {
    const major = this.#header();
    const argument = this.#argument();
    if (major === MAJOR_UNSIGNED && Number.isSafeInteger(argument)) return argument;
    if (major === MAJOR_NEGATIVE && Number.isSafeInteger(-1 - argument)) return -1 - argument;
    throw malformed('an integer is expected');
  }

  /** Integer of up to 64 bit. */
  readWideInteger(): bigint {
    const major = this.#header();
    if (major > MAJOR_NEGATIVE) throw malformed('an integer is expected');
    const argument = this.#wideArgument();
    return major === MAJOR_UNSIGNED ? argument : -1n - argument;
  }

  readTag(): number {
    if (this.#header() !== MAJOR_TAG) throw malformed('a tag is expected');
    return this.#argument();
  }

  /** Number of the tag that comes next, which stays unread. */
  peekTag(): number {
    const start = this.#position;
    const tag = this.readTag();
    this.#position = start;
    return tag;
  }

  /** A view, not a copy: valid while the request is. */
  readBytes(): Buffer {
    return this.#readString(MAJOR_BYTES);
  }

  readText(): string {
    const start = this.#position;
    const initial = this.#peek();
    if (initial >= 0x60 && initial < 0x78) {
      // the usual short text, without a view in between
      const from = start + 1;
      const to = from + (initial - 0x60);
      if (to > this.#end) throw malformed('a string is cut off');
      this.#position = to;
      return this.#buffer.toString('utf8', from, to);
    }
    return this.#readString(MAJOR_TEXT).toString('utf8');
  }

  /** Number of elements; -1 for an indefinite array, to be ended by `skipBreak`. */
  readArrayHeader(): number {
    return this.#containerHeader(MAJOR_ARRAY, 'an array');
  }

  /** Number of pairs; -1 for an indefinite map. */
  readMapHeader(): number {
    return this.#containerHeader(MAJOR_MAP, 'a map');
  }

  /** Calls `each` once per element, whatever the form of the array. */
  readArray(each: (index: number) => void): void {
    this.#readContainer(this.readArrayHeader(), each);
  }

  /** Calls `each` once per pair; it must read the key and the value. */
  readMap(each: (index: number) => void): void {
    this.#readContainer(this.readMapHeader(), each);
  }

  /** Reads an array of exactly `count` elements, which `read` takes. */
  readTuple<Result>(count: number, read: () => Result): Result {
    const length = this.readArrayHeader();
    if (length !== count && length >= 0) throw malformed(`an array of ${count} is expected`);
    const result = read();
    if (length < 0 && !this.skipBreak()) throw malformed(`an array of ${count} is expected`);
    return result;
  }

  /** true, false, or the integers that stand for them in query and scan. */
  readFlag(): boolean {
    const initial = this.#peek();
    if (initial === 0xf5 || initial === 0xf4) {
      this.#position += 1;
      return initial === 0xf5;
    }
    return this.readInteger() !== 0;
  }

  isFloat(): boolean {
    const initial = this.#peek();
    return initial >= 0xf9 && initial <= 0xfb;
  }

  readFloat(): number {
    const major = this.#header();
    const minor = this.#minor;
    if (major !== MAJOR_SIMPLE || minor < 25 || minor > 27) throw malformed('a float is expected');
    const bytes = 1 << (minor - 24);
    const at = this.#take(bytes);
    if (bytes === 8) return this.#buffer.readDoubleBE(at);
    return bytes === 4 ? this.#buffer.readFloatBE(at) : halfFloat(this.#buffer.readUInt16BE(at));
  }

  /** Reads false, true, null or undefined. */
  readSimple(): boolean | null {
    const initial = this.#peek();
    this.#position += 1;
    if (initial === 0xf5) return true;
    if (initial === 0xf4) return false;
    if (initial === NULL || initial === UNDEFINED) return null;
    throw malformed('an unknown simple value');
  }

  /** Takes the end of an indefinite value if it is next. */
  skipBreak(): boolean {
    if (this.#peek() !== BREAK) return false;
    this.#position += 1;
    return true;
  }

  /** Passes over one value of any type. */
  skip(depth = 0): void {
    if (depth > SKIP_DEPTH_MAX) throw malformed('nested too deeply');
    const major = this.peekMajor();
    if (major === MAJOR_BYTES || major === MAJOR_TEXT) this.#readString(major);
    else if (major === MAJOR_ARRAY) this.readArray(() => this.skip(depth + 1));
    else if (major === MAJOR_MAP) {
      this.readMap(() => {
        this.skip(depth + 1);
        this.skip(depth + 1);
      });
    } else if (major === MAJOR_TAG) {
      this.readTag();
      this.skip(depth + 1);
    } else if (major === MAJOR_SIMPLE) {
      if (this.isFloat()) this.readFloat();
      else this.readSimple();
    } else this.readWideInteger();
  }

  /** The bytes from here to the end, as a view. */
  readRest(): Buffer {
    const rest = this.#buffer.subarray(this.#position, this.#end);
    this.#position = this.#end;
    return rest;
  }

  /** @throws {DaxNodeError} `STREAM_MALFORMED` when something follows the last value */
  expectEnd(): void {
    if (this.#position !== this.#end) throw malformed('bytes follow the last value');
  }

  #readContainer(count: number, each: (index: number) => void): void {
    if (count < 0) {
      for (let index = 0; !this.skipBreak(); index += 1) each(index);
      return;
    }
    for (let index = 0; index < count; index += 1) each(index);
  }

  #containerHeader(major: number, what: string): number {
    if (this.#header() !== major) throw malformed(`${what} is expected`);
    if (this.#minor === 31) return -1;
    const count = this.#argument();
    // each element takes a byte at least, so a larger count is a lie that would only cost time
    if (count > this.#end - this.#position) throw malformed('a container is cut off');
    return count;
  }

  #readString(major: number): Buffer {
    if (this.#header() !== major) throw malformed(major === MAJOR_TEXT ? 'a text is expected' : 'bytes are expected');
    if (this.#minor !== 31) {
      const length = this.#argument();
      const at = this.#take(length);
      return this.#buffer.subarray(at, at + length);
    }
    const pieces: Buffer[] = [];
    while (!this.skipBreak()) {
      if (this.#header() !== major || this.#minor === 31) throw malformed('a chunked string holds something else');
      const length = this.#argument();
      const at = this.#take(length);
      pieces.push(this.#buffer.subarray(at, at + length));
    }
    return Buffer.concat(pieces);
  }

  #peek(): number {
    if (this.#position >= this.#end) throw malformed('a value is missing');
    return this.#buffer[this.#position] as number;
  }

  /** Reads the initial byte; returns the major type and keeps the minor one. */
  #header(): number {
    const initial = this.#peek();
    this.#position += 1;
    this.#minor = initial & 31;
    return initial >> 5;
  }

  #take(bytes: number): number {
    const at = this.#position;
    if (bytes > this.#end - at) throw malformed('a value is cut off');
    this.#position = at + bytes;
    return at;
  }

  #argument(): number {
    const minor = this.#minor;
    if (minor < 24) return minor;
    if (minor > 27) throw malformed(`reserved length ${minor}`);
    if (minor === 27) return Number(this.#buffer.readBigUInt64BE(this.#take(8)));
    const bytes = 1 << (minor - 24);
    return this.#buffer.readUIntBE(this.#take(bytes), bytes);
  }

  #wideArgument(): bigint {
    return this.#minor === 27 ? this.#buffer.readBigUInt64BE(this.#take(8)) : BigInt(this.#argument());
  }
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
