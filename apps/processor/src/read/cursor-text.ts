/**
 * Cursors as texts that callers hand back unread: bytes, and a check sum over them, the user and the filters, so that one which was
 * cut, made up, or of another reading is refused and not followed. It is no secret and no proof: what it names is looked for among
 * the user's own connections only. Pure.
 */
import { hash } from 'node:crypto';

const sumBytes = 6;

/** @param reading what the cursor is for: kind, user, filters */
export function sealCursor(reading: readonly unknown[], bytes: Buffer): string {
  return Buffer.concat([sumOf(reading, bytes), bytes]).toString('base64url');
}

/** @returns `undefined` for what `sealCursor` never made of this reading */
export function openCursor(reading: readonly unknown[], text: string): ByteReader | undefined {
  const all = Buffer.from(text, 'base64url');
  // One form only: Node skips what is not base64url.
  if (all.length < sumBytes || all.toString('base64url') !== text) return undefined;
  const bytes = all.subarray(sumBytes);
  return sumOf(reading, bytes).equals(all.subarray(0, sumBytes)) ? new ByteReader(bytes) : undefined;
}

function sumOf(reading: readonly unknown[], bytes: Buffer): Buffer {
  const text = `${JSON.stringify(reading)} ${bytes.toString('base64url')}`;
  return Buffer.from(hash('sha256', text, 'hex').slice(0, 2 * sumBytes), 'hex');
}

/** 7 bits a byte, the lowest first: versions are small, and there may be a hundred of them. */
export function numberBytes(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

/** @param text of at most 255 bytes, as ids and dates are */
export function textBytes(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

/** Reads what the two above have written; beyond the end it reads zeros, which the check sum has ruled out. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  number(): number {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = this.#bytes[this.#at] ?? 0;
      this.#at += 1;
      value += (byte % 128) * unit;
      if (byte < 128) return value;
    }
  }

  text(): string {
    return this.bytes(this.#bytes[this.#at++] ?? 0).toString();
  }

  bytes(length: number): Buffer {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
