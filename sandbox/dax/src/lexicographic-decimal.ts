/**
 * Numbers as range keys: bytes whose order is the numeric order. One header byte (or five) for sign and magnitude,
 * then digits in groups of three, 10 bits a group.
 */
import { malformed } from './dax-node-error.ts';
import { decimalText, normalised, parseDecimal } from './decimal.ts';

const ZERO = 0x80;
const ZERO_NEGATIVE = 0x7f; // decodes as zero too
const SHORT_MIN = -62;
const SHORT_MAX = 61;
const GROUP_BITS = 10;

/**
 * @param text any number text
 * @throws {DaxNodeError} `STREAM_MALFORMED` when the text is not a number
 */
export function encodeLexicographic(text: string): Buffer {
  const decimal = parseDecimal(text);
  if (decimal === undefined) throw malformed(`${text} is not a number`);
  const { digits, exponent, negative } = decimal;
  if (digits === '') return Buffer.from([ZERO]);
  const magnitude = digits.length + exponent; // value = 0.d1d2.. * 10^magnitude
  const groups: number[] = [];
  const padded = digits.padEnd(Math.ceil(digits.length / 3) * 3, '0');
  for (let at = 0; at < padded.length; at += 3) {
    const group = Number(padded.slice(at, at + 3));
    groups.push(negative ? 1011 - group : group + 12);
  }
  const terminator = [2, 0, 1][digits.length % 3] as number;
  groups.push(negative ? 1023 - terminator : terminator);
  return Buffer.concat([header(magnitude, negative), packGroups(groups)]);
}

function header(magnitude: number, negative: boolean): Buffer {
  if (magnitude >= SHORT_MIN && magnitude <= SHORT_MAX) {
    return Buffer.from([negative ? 0x3f - magnitude : 0xc0 + magnitude]);
  }
  const bytes = Buffer.alloc(5);
  const large = magnitude > 0;
  bytes[0] = large ? (negative ? 0x01 : 0xfe) : negative ? 0x7e : 0x81;
  bytes.writeUInt32BE((magnitude ^ (negative ? 0x7fff_ffff : 0x8000_0000)) >>> 0, 1);
  return bytes;
}

function packGroups(groups: readonly number[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil((groups.length * GROUP_BITS) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const group of groups) {
    held = (held << GROUP_BITS) | group;
    bits += GROUP_BITS;
    while (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 0xff;
      at += 1;
      held &= (1 << bits) - 1;
    }
  }
  if (bits > 0) bytes[at] = (held << (8 - bits)) & 0xff;
  return bytes;
}

/**
 * @returns canonical number text
 * @throws {DaxNodeError} `STREAM_MALFORMED`
 */
export function decodeLexicographic(bytes: Uint8Array): string {
  const first = bytes[0];
  if (first === undefined) throw malformed('an empty number');
  if ((first === ZERO || first === ZERO_NEGATIVE) && bytes.length === 1) return '0';
  const { magnitude, negative, headerBytes } = readHeader(bytes, first);
  const digits = readDigits(bytes, headerBytes, negative);
  return decimalText(normalised(negative, digits, magnitude - digits.length));
}

function readHeader(bytes: Uint8Array, first: number): { magnitude: number; negative: boolean; headerBytes: number } {
  if (first >= 0x82 && first <= 0xfd) return { magnitude: first - 0xc0, negative: false, headerBytes: 1 };
  if (first >= 0x02 && first <= 0x7d) return { magnitude: 0x3f - first, negative: true, headerBytes: 1 };
  const negative = first === 0x01 || first === 0x7e;
  if ((!negative && first !== 0xfe && first !== 0x81) || bytes.length < 5) throw malformed('an unknown number header');
  const raw =
    ((bytes[1] as number) << 24) | ((bytes[2] as number) << 16) | ((bytes[3] as number) << 8) | (bytes[4] as number);
  return { magnitude: raw ^ (negative ? 0x7fff_ffff : 0x8000_0000), negative, headerBytes: 5 };
}

function readDigits(bytes: Uint8Array, from: number, negative: boolean): string {
  let digits = '';
  let held = 0;
  let bits = 0;
  for (let at = from; at < bytes.length; at += 1) {
    held = (held << 8) | (bytes[at] as number);
    bits += 8;
    if (bits < GROUP_BITS) continue;
    bits -= GROUP_BITS;
    const raw = held >> bits;
    held &= (1 << bits) - 1;
    const group = negative ? 1023 - raw : raw;
    if (group <= 2) {
      if (at !== bytes.length - 1) throw malformed('bytes follow a number');
      return digits.slice(0, digits.length - (2 - group));
    }
    if (group < 12 || group > 1011) throw malformed('an impossible group of digits');
    digits += String(group - 12).padStart(3, '0');
  }
  throw malformed('a number without end');
}
