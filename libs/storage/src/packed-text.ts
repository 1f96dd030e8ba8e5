/**
 * JSON text <-> the bytes that are stored: one byte for the form, one for the dictionary, then raw deflate (RFC 1951) with
 * that dictionary. Any language with a zlib reads it. What was packed once stays readable: a new way is a new form.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { dictionaryOf, newestDictionaryId } from './dictionaries.ts';
import { StorageError } from './storage-error.ts';

/** Form 1: the members that `slim-content.ts` leaves out, deflated. */
const form = 1;
const headerBytes = 2;
/** A larger level costs more time for less than one byte in a hundred: `npm run bench -- packing`. */
const level = 6;
/** Far above what fits an item when packed; a few bytes could claim to be a thousand times as many. */
export const unpackedLimitBytes = 4 * 1024 * 1024;

/** @throws {StorageError} `ITEM_TOO_LARGE` for more than `unpackText` would read back */
export function packText(text: string): Buffer {
  const plain = Buffer.from(text);
  if (plain.byteLength > unpackedLimitBytes) {
    throw new StorageError('ITEM_TOO_LARGE', { bytes: plain.byteLength, limitBytes: unpackedLimitBytes });
  }
  const packed = deflateRawSync(plain, { level, dictionary: dictionaryOf(newestDictionaryId) });
  return Buffer.concat([Buffer.of(form, newestDictionaryId), packed]);
}

/** @returns `undefined` for bytes that `packText` never makes: another form, damaged, cut off, too much behind them */
export function unpackText(bytes: Uint8Array): string | undefined {
  const [itsForm, dictionaryId = 0] = bytes;
  const dictionary = dictionaryOf(dictionaryId);
  if (itsForm !== form || dictionary === undefined) return undefined;
  const packed = bytes.subarray(headerBytes);
  try {
    // With `info` also the number of bytes read, which the types do not know: zlib ignores what follows the end.
    const options = { dictionary, maxOutputLength: unpackedLimitBytes, info: true };
    const { buffer, engine } = inflateRawSync(packed, options) as unknown as Inflated;
    return engine.bytesWritten === packed.byteLength ? buffer.toString() : undefined;
  } catch {
    return undefined; // a zlib error, or more than the limit
  }
}

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}
