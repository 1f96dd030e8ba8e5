/** Writes CBOR, minimal lengths, definite forms (indefinite maps only where the protocol wants them). */

const START_BYTES = 1024;

export class CborWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(capacityBytes = START_BYTES) {
    this.#buffer = Buffer.allocUnsafeSlow(capacityBytes);
  }

  get length(): number {
    return this.#length;
  }

  integer(value: number): this {
    return value < 0 ? this.#header(1, -1 - value) : this.#header(0, value);
  }

  /** Unsigned big-endian bignum: tag 2, or tag 3 for negative values. */
  bignum(value: bigint): this {
    const magnitude = value < 0n ? -1n - value : value;
    const hex = magnitude.toString(16);
    this.#header(6, value < 0n ? 3 : 2);
    return this.bytes(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'));
  }

  bytes(value: Uint8Array): this {
    this.#header(2, value.length);
    return this.raw(value);
  }

  text(value: string): this {
    const length = value.length;
    // three bytes a UTF-16 unit at most; the header is put in front once the length is known
    this.#reserve(length * 3 + 9);
    if (length < 24) {
      const written = this.#buffer.write(value, this.#length + 1);
      if (written < 24) {
        this.#buffer[this.#length] = 0x60 + written;
        this.#length += 1 + written;
        return this;
      }
    }
    const bytes = Buffer.byteLength(value);
    this.#header(3, bytes);
    this.#reserve(bytes);
    this.#buffer.write(value, this.#length);
    this.#length += bytes;
    return this;
  }

  arrayHeader(count: number): this {
    return this.#header(4, count);
  }

  mapHeader(count: number): this {
    return this.#header(5, count);
  }

  /** `bf`: only compound keys are written this way. */
  openMap(): this {
    return this.#byte(0xbf);
  }

  closeMap(): this {
    return this.#byte(0xff);
  }

  tag(number: number): this {
    return this.#header(6, number);
  }

  boolean(value: boolean): this {
    return this.#byte(value ? 0xf5 : 0xf4);
  }

  null(): this {
    return this.#byte(0xf6);
  }

  /** Always 64 bit: one client stops its process on a shorter float. */
  float(value: number): this {
    this.#reserve(9);
    this.#buffer[this.#length] = 0xfb;
    this.#buffer.writeDoubleBE(value, this.#length + 1);
    this.#length += 9;
    return this;
  }

  /** Bytes that are CBOR already. */
  raw(value: Uint8Array): this {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** A byte string whose content `write` produces. */
  wrapped(write: (inner: CborWriter) => void): this {
    const inner = new CborWriter(256);
    write(inner);
    return this.bytes(inner.#buffer.subarray(0, inner.#length));
  }

  /** A copy of its own, outside of Node's shared pool, so that a cached entry keeps nothing else alive. */
  finish(): Buffer {
    const out = Buffer.allocUnsafeSlow(this.#length);
    this.#buffer.copy(out, 0, 0, this.#length);
    return out;
  }

  #byte(value: number): this {
    this.#reserve(1);
    this.#buffer[this.#length] = value;
    this.#length += 1;
    return this;
  }

  #header(major: number, argument: number): this {
    this.#reserve(9);
    const buffer = this.#buffer;
    const at = this.#length;
    const high = major << 5;
    if (argument < 24) {
      buffer[at] = high | argument;
      this.#length = at + 1;
    } else if (argument < 0x100) {
      buffer[at] = high | 24;
      buffer[at + 1] = argument;
      this.#length = at + 2;
    } else if (argument < 0x1_0000) {
      buffer[at] = high | 25;
      buffer.writeUInt16BE(argument, at + 1);
      this.#length = at + 3;
    } else if (argument < 0x1_0000_0000) {
      buffer[at] = high | 26;
      buffer.writeUInt32BE(argument, at + 1);
      this.#length = at + 5;
    } else {
      buffer[at] = high | 27;
      buffer.writeBigUInt64BE(BigInt(argument), at + 1);
      this.#length = at + 9;
    }
    return this;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
