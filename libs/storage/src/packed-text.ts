/**
 * JSON text <-> the bytes that are stored: a byte for the form, a byte for the dictionary, the texts without a pattern
 * (`random-texts.ts`), then raw deflate (RFC 1951) of the rest with that dictionary. Any language with a zlib reads it. What
 * was packed once stays readable: a new way is a new form.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { dictionaryOf, newestDictionaryId } from './dictionaries.ts';
import { joinRandomTexts, splitRandomTexts } from './random-texts.ts';
import { StorageError } from './storage-error.ts';

/** Form 1: the members that `slim-content.ts` leaves out. */
const form = 1;
/** Form, dictionary, number of UUIDs, bytes of the other texts (two bytes, the higher first). */
const headerBytes = 5;
const uuidBytes = 16;
/** A larger level costs more time for less than one byte in a hundred: `npm run bench -- packing`. */
const level = 6;
/**
 * zlib's own sizes are made for files: 270 KB of memory a call, most of it cleared, and an output of 16 KB that is garbage at once. A text
 * of an entry comes out the same with these, in half the time.
 */
const smallText = { chars: 6_000, settings: { level, windowBits: 14, memLevel: 5, chunkSize: 1_024 } } as const;
/** What so few bytes come to fits into 2 KB nearly always: zlib's own 16 KB a call are garbage that the collector hurries for. */
const smallPacked = { bytes: 400, chunkSize: 2_048 } as const;
/** Far above what fits an item when packed; a few bytes could claim to be a thousand times as many. */
export const unpackedLimitBytes = 4 * 1024 * 1024;

/**
 * @param text JSON: without control characters
 * @throws {StorageError} `ITEM_TOO_LARGE` for more than `unpackText` would read back
 */
export function packText(text: string): Buffer {
  const bytes = Buffer.byteLength(text);
  if (bytes > unpackedLimitBytes) throw new StorageError('ITEM_TOO_LARGE', { bytes, limitBytes: unpackedLimitBytes });
  const split = splitRandomTexts(text);
  if (split === undefined) throw new TypeError('a text with control characters is no JSON');
  const { rest, uuids, texts } = split;
  const header = Buffer.of(form, newestDictionaryId, uuids.length / uuidBytes, texts.length >> 8, texts.length & 0xff);
  const settings = rest.length <= smallText.chars ? smallText.settings : { level };
  const packed = deflateRawSync(rest, { ...settings, dictionary: dictionaryOf(newestDictionaryId) });
  return Buffer.concat([header, uuids, texts, packed]);
}

/** @returns `undefined` for bytes that `packText` never makes: another form, damaged, cut off, too much behind them */
export function unpackText(bytes: Uint8Array): string | undefined {
  const [itsForm, dictionaryId = 0, uuidCount = 0, high = 0, low = 0] = bytes;
  const dictionary = dictionaryOf(dictionaryId);
  if (itsForm !== form || dictionary === undefined) return undefined;
  const textsAt = headerBytes + uuidCount * uuidBytes;
  const packedAt = textsAt + high * 256 + low;
  const rest = inflated(bytes.subarray(packedAt), dictionary);
  if (rest === undefined) return undefined;
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const split = { rest, uuids: whole.subarray(headerBytes, textsAt), texts: whole.subarray(textsAt, packedAt) };
  return joinRandomTexts(split, unpackedLimitBytes);
}

function inflated(packed: Uint8Array, dictionary: Buffer): string | undefined {
  try {
    // With `info` also the number of bytes read, which the types do not know: zlib ignores what follows the end.
    const small = packed.byteLength <= smallPacked.bytes ? { chunkSize: smallPacked.chunkSize } : {};
    const options = { dictionary, maxOutputLength: unpackedLimitBytes, info: true, ...small };
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
