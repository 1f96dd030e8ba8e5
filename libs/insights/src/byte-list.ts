/** Whole numbers as bytes: 7 bits each, the lowest first, so that small ones are short. */

const LOW_BITS = 0x80;

export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** @param value whole, from 0 to the largest safe one */
  write(value: number): void {
    this.#need(8);
    let rest = value;
    while (rest >= LOW_BITS) {
      this.#bytes[this.#length++] = (rest % LOW_BITS) | LOW_BITS;
      rest = Math.floor(rest / LOW_BITS);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Small negative numbers are short as well. */
  writeSigned(value: number): void {
    // Beyond the half the doubled number would not be exact.
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER / 2) throw new RangeError('A difference is too large to be packed.');
    this.write(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** In as many bytes as are said, the lowest first. */
  writeFixed(value: number, bytes: number): void {
    this.#need(bytes);
    let rest = value;
    for (let index = 0; index < bytes; index++) {
      this.#bytes[this.#length++] = rest % 0x100;
      rest = Math.floor(rest / 0x100);
    }
  }

  writeText(text: string): void {
    const encoded = Buffer.from(text, 'utf8');
    this.write(encoded.length);
    this.append(encoded);
  }

  append(bytes: Uint8Array): void {
    this.#need(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #need(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + more));
    larger.set(this.bytes());
    this.#bytes = larger;
  }
}

/** Reads what `ByteWriter` wrote; throws `RangeError` at the end of the bytes. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(): number {
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = this.#next();
      value += (byte % LOW_BITS) * unit;
      if (byte < LOW_BITS) return value;
      unit *= LOW_BITS;
    }
  }

  readSigned(): number {
    const value = this.read();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  readFixed(bytes: number): number {
    let value = 0;
    for (let index = 0, unit = 1; index < bytes; index++, unit *= 0x100) value += this.#next() * unit;
    return value;
  }

  readText(): string {
    return Buffer.from(this.readBytes(this.read())).toString('utf8');
  }

  readBytes(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new RangeError('The bytes end within a part.');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  #next(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError('The bytes end within a number.');
    this.#at += 1;
    return byte;
  }
}
