/**
 * Finds where CBOR values end, without building them, in a stream that arrives in arbitrary pieces. The state survives
 * between pieces, so a large request is looked at once however it was cut. Decoding happens when all of it is there.
 * @see RFC 8949 section 3
 */
import { malformed } from './dax-node-error.ts';

const DEPTH_MAX = 64; // arguments nest 4 deep at most (batches); expressions and items travel inside byte strings
const INDEFINITE = -1;

export class CborScan {
  /** Offset of the next unread byte; counts from the start of the current frame. */
  position = 0;
  /** Values still open, outermost first: how many children each one waits for, or `INDEFINITE`. */
  readonly #open: number[] = [];
  /** Chunked strings hold strings only; this is the major type such a string is made of, 0 when outside one. */
  #chunkedMajor = 0;

  /** Starts to wait for `count` values from `position` on. */
  expect(count: number): void {
    this.#open.length = 0;
    this.#chunkedMajor = 0;
    if (count > 0) this.#open.push(count);
  }

  /** Starts a new frame. */
  reset(): void {
    this.position = 0;
    this.expect(0);
  }

  /**
   * Reads on through `buffer[start, end)`, whose first byte is byte 0 of the frame.
   * @returns whether all expected values are there; `position` is then the first byte after them
   * @throws {DaxNodeError} `STREAM_MALFORMED`
   */
  run(buffer: Uint8Array, start: number, end: number): boolean {
    const open = this.#open;
    while (open.length > 0) {
      const at = start + this.position;
      if (at >= end) return false;
      const initial = buffer[at] as number;
      const major = initial >> 5;
      const minor = initial & 31;
      if (initial === 0xff) {
        this.#closeIndefinite();
        this.position += 1;
        continue;
      }
      const headerBytes = minor < 24 ? 1 : minor < 28 ? 1 + (1 << (minor - 24)) : minor === 31 ? 1 : 0;
      if (headerBytes === 0) throw malformed(`reserved length ${minor}`);
      if (at + headerBytes > end) return false;
      if (this.#chunkedMajor !== 0 && (major !== this.#chunkedMajor || minor === 31)) {
        throw malformed('a chunked string holds something else');
      }
      const length = minor < 24 ? minor : minor === 31 ? INDEFINITE : readLength(buffer, at + 1, headerBytes - 1);
      this.position += headerBytes;
      this.#enter(major, minor, length);
    }
    return start + this.position <= end;
  }

  #enter(major: number, minor: number, length: number): void {
    switch (major) {
      case 0:
      case 1:
        if (length === INDEFINITE) throw malformed('an integer without length');
        this.#valueDone();
        return;
      case 2:
      case 3:
        if (length === INDEFINITE) {
          this.#push(INDEFINITE);
          this.#chunkedMajor = major;
          return;
        }
        this.position += length;
        this.#valueDone();
        return;
      case 4:
        this.#container(length);
        return;
      case 5:
        this.#container(length === INDEFINITE ? INDEFINITE : length * 2);
        return;
      case 6:
        if (length === INDEFINITE) throw malformed('a tag without number');
        this.#push(1);
        return;
      default:
        // false, true, null, undefined, and the three floats: nothing else is a value here
        if (minor < 20 || minor === 24 || minor > 27) throw malformed(`simple value ${minor}`);
        this.#valueDone();
    }
  }

  #container(children: number): void {
    if (children === 0) this.#valueDone();
    else this.#push(children);
  }

  #push(children: number): void {
    if (this.#open.length >= DEPTH_MAX) throw malformed('nested too deeply');
    this.#open.push(children);
  }

  #closeIndefinite(): void {
    if (this.#open.at(-1) !== INDEFINITE) throw malformed('a break outside an indefinite value');
    this.#open.pop();
    this.#chunkedMajor = 0;
    this.#valueDone();
  }

  #valueDone(): void {
    const open = this.#open;
    while (open.length > 0) {
      const top = open.length - 1;
      const left = open[top] as number;
      if (left === INDEFINITE) return;
      if (left > 1) {
        open[top] = left - 1;
        return;
      }
      open.pop();
    }
  }
}

function readLength(buffer: Uint8Array, at: number, bytes: number): number {
  let value = 0;
  for (let index = 0; index < bytes; index += 1) value = value * 256 + (buffer[at + index] as number);
  return value;
}
