/**
 * DynamoDB numbers as exact decimals: mantissa * 10^exponent, never a float. The canonical text is what DynamoDB
 * prints: plain digits, no trailing zeros, no exponent.
 */
import { AnswerError } from './answer-error.ts';
import { type CborReader, MAJOR_BYTES, MAJOR_TAG } from './cbor-reader.ts';
import type { CborWriter } from './cbor-writer.ts';
import { malformed } from './dax-node-error.ts';

const TAG_POSITIVE_BIGNUM = 2;
const TAG_NEGATIVE_BIGNUM = 3;
const TAG_DECIMAL = 4;

// DynamoDB ends at 1E126 and 38 digits. Larger values are left to the backend to refuse, in a form that costs little.
const PLAIN_DIGITS_MAX = 400;
const MANTISSA_BYTES_MAX = 256;
const MANTISSA_DIGITS_MAX = 38;
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const SMALL_INTEGER = /^(?:0|-?[1-9]\d{0,14})$/; // below 10^15 every client reads a plain CBOR integer

/** Digits without leading or trailing zeros, and the power of ten of the last digit; zero is `{ digits: '' }`. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

/** @returns undefined when the text is not a number */
export function parseDecimal(text: string): Decimal | undefined {
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  return normalised(sign === '-', whole + fraction, Number(power) - fraction.length);
}

/** Strips zeros at both ends. */
export function normalised(negative: boolean, rawDigits: string, rawExponent: number): Decimal {
  let start = 0;
  let end = rawDigits.length;
  while (start < end && rawDigits.charCodeAt(start) === 48) start += 1;
  while (end > start && rawDigits.charCodeAt(end - 1) === 48) end -= 1;
  if (start === end) return { negative: false, digits: '', exponent: 0 };
  return { negative, digits: rawDigits.slice(start, end), exponent: rawExponent + rawDigits.length - end };
}

/** Plain digits; values far outside of DynamoDB's range keep an exponent, so that nobody can ask for a gigabyte. */
export function decimalText({ negative, digits, exponent }: Decimal): string {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  const pointAt = digits.length + exponent;
  if (pointAt > PLAIN_DIGITS_MAX || pointAt < -PLAIN_DIGITS_MAX) return `${sign}${digits}E${exponent}`;
  if (exponent >= 0) return sign + digits + '0'.repeat(exponent);
  if (pointAt > 0) return `${sign}${digits.slice(0, pointAt)}.${digits.slice(pointAt)}`;
  return `${sign}0.${'0'.repeat(-pointAt)}${digits}`;
}

/** Canonical text of any number text; what is no number stays as it is, for the backend to refuse. */
export function canonicalNumber(text: string): string {
  if (SMALL_INTEGER.test(text)) return text;
  const decimal = parseDecimal(text);
  return decimal === undefined ? text : decimalText(decimal);
}

/**
 * Reads any number form a client sends and returns its canonical text.
 * @throws {AnswerError} ValidationException for a number that no DynamoDB table can hold
 */
export function readNumber(reader: CborReader): string {
  if (reader.isFloat()) {
    const value = reader.readFloat();
    if (!Number.isFinite(value)) throw malformed('a number that is not finite');
    return canonicalNumber(String(value)); // shortest text that reads back as the same double, as the client chose it
  }
  if (reader.peekMajor() !== MAJOR_TAG) return reader.readWideInteger().toString();
  const tag = reader.readTag();
  if (tag === TAG_POSITIVE_BIGNUM || tag === TAG_NEGATIVE_BIGNUM) return readBignum(reader, tag).toString();
  if (tag !== TAG_DECIMAL) throw malformed('an unknown form of number');
  const { exponent, mantissa } = reader.readTuple(2, () => ({
    exponent: reader.readInteger(),
    mantissa: readMantissa(reader),
  }));
  const negative = mantissa < 0n;
  return decimalText(normalised(negative, (negative ? -mantissa : mantissa).toString(), exponent));
}

function readMantissa(reader: CborReader): bigint {
  return reader.peekMajor() === MAJOR_TAG ? readBignum(reader, reader.readTag()) : reader.readWideInteger();
}

function readBignum(reader: CborReader, tag: number): bigint {
  if (tag !== TAG_POSITIVE_BIGNUM && tag !== TAG_NEGATIVE_BIGNUM) throw malformed('a bignum is expected');
  if (reader.peekMajor() !== MAJOR_BYTES) throw malformed('a bignum is expected');
  const bytes = reader.readBytes();
  if (bytes.length > MANTISSA_BYTES_MAX) {
    throw new AnswerError('ValidationException', 'Attempting to store more than 38 significant digits in a Number');
  }
  const magnitude = bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`);
  return tag === TAG_POSITIVE_BIGNUM ? magnitude : -1n - magnitude;
}

/**
 * Writes a number in the form that all clients read exactly: integers below 10^15 plain, everything else as mantissa
 * and exponent. Never a float: one client fails on it.
 * @param text a number as the backend prints it
 */
export function writeNumber(writer: CborWriter, text: string): void {
  if (SMALL_INTEGER.test(text)) {
    writer.integer(Number(text));
    return;
  }
  const decimal = parseDecimal(text);
  if (decimal === undefined) throw new AnswerError('InternalServerError', `the backend sent ${text} for a number`);
  const { negative, digits, exponent } = decimal;
  if (digits === '') {
    writer.integer(0);
    return;
  }
  // integers keep exponent 0, so that clients print plain digits; the Python client takes 38 digits and no more
  const integral = exponent >= 0 && digits.length + exponent <= MANTISSA_DIGITS_MAX;
  const mantissaDigits = integral ? digits + '0'.repeat(exponent) : digits;
  if (integral && mantissaDigits.length <= 15) {
    writer.integer(Number(mantissaDigits) * (negative ? -1 : 1));
    return;
  }
  writer.tag(TAG_DECIMAL).arrayHeader(2);
  writer.integer(integral ? 0 : exponent);
  if (mantissaDigits.length <= 15) writer.integer(Number(mantissaDigits) * (negative ? -1 : 1));
  else writer.bignum(BigInt(mantissaDigits) * (negative ? -1n : 1n));
}
