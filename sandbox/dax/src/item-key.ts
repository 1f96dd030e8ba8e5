/** Primary keys: the table's schema, the wire form of a key, and the text a key is known by in the cache. */

import { AnswerError } from './answer-error.ts';
import {
  type AttributeMap,
  type AttributeValue,
  attributeOf,
  emptyAttributes,
  readAttributeValue,
  writeAttributeValue,
} from './attribute-value.ts';
import { CborReader } from './cbor-reader.ts';
import { CborWriter } from './cbor-writer.ts';
import { malformed } from './dax-node-error.ts';
import { canonicalNumber, readNumber, writeNumber } from './decimal.ts';
import { decodeLexicographic, encodeLexicographic } from './lexicographic-decimal.ts';

export type KeyType = 'S' | 'N' | 'B';

export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

export interface KeySchema {
  /** The backend's name of the table: clients may use an ARN for it. */
  readonly tableName: string;
  readonly hash: KeyAttribute;
  readonly range: KeyAttribute | undefined;
}

/**
 * Reads a key byte string.
 * @throws {DaxNodeError} `STREAM_MALFORMED` when the bytes do not fit the schema
 */
export function decodeKey(bytes: Buffer, { hash, range }: KeySchema): AttributeMap {
  const key = emptyAttributes();
  if (range === undefined) {
    key[hash.name] = readWholeHash(bytes, hash.type);
    return key;
  }
  const reader = new CborReader(bytes);
  const value = readAttributeValue(reader);
  if (!(hash.type in value)) throw malformed('a hash key of another type than the schema');
  key[hash.name] = value;
  key[range.name] = readRange(reader.readRest(), range.type);
  return key;
}

function readWholeHash(bytes: Buffer, type: KeyType): AttributeValue {
  if (type === 'S') return { S: bytes.toString('utf8') };
  if (type === 'B') return { B: bytes.toString('base64') };
  const reader = new CborReader(bytes);
  const value = readNumber(reader);
  reader.expectEnd();
  return { N: value };
}

function readRange(bytes: Buffer, type: KeyType): AttributeValue {
  if (type === 'S') return { S: bytes.toString('utf8') };
  return type === 'B' ? { B: bytes.toString('base64') } : { N: decodeLexicographic(bytes) };
}

/** Writes the key attributes of an item (which may hold others) as a key byte string. */
export function encodeKey(item: AttributeMap, { hash, range }: KeySchema): Buffer {
  const hashValue = keyValue(item, hash);
  const writer = new CborWriter(128);
  if (range === undefined) {
    if (hash.type === 'S') return Buffer.from(hashValue);
    if (hash.type === 'B') return Buffer.from(hashValue, 'base64');
    writeNumber(writer, hashValue);
    return writer.finish();
  }
  if (hash.type === 'S') writer.text(hashValue);
  else if (hash.type === 'B') writer.bytes(Buffer.from(hashValue, 'base64'));
  else writeNumber(writer, hashValue);
  const rangeValue = keyValue(item, range);
  if (range.type === 'S') writer.raw(Buffer.from(rangeValue));
  else writer.raw(range.type === 'B' ? Buffer.from(rangeValue, 'base64') : encodeLexicographic(rangeValue));
  return writer.finish();
}

/**
 * Text that two keys share exactly when they are the same key, whichever client wrote them and in whatever form. The
 * length in front keeps hash and range apart.
 */
export function keyText(item: AttributeMap, { hash, range }: KeySchema): string {
  const hashValue = keyValue(item, hash);
  if (range === undefined) return hashValue;
  return `${hashValue.length}:${hashValue}${keyValue(item, range)}`;
}

function keyValue(item: AttributeMap, { name, type }: KeyAttribute): string {
  const value = attributeOf(item, name) as Partial<Record<KeyType, string>> | undefined;
  const text = value?.[type];
  if (text === undefined)
    throw new AnswerError('ValidationException', 'The provided key element does not match the schema');
  return type === 'N' ? canonicalNumber(text) : text;
}

/** The item without its key attributes, which never travel inside an item. */
export function isKeyName(name: string, { hash, range }: KeySchema): boolean {
  return name === hash.name || name === range?.name;
}

/** Start and last key of an index: names and values, table and index key attributes alike. */
export function decodeCompoundKey(bytes: Buffer): AttributeMap {
  const reader = new CborReader(bytes);
  const value = readAttributeValue(reader);
  if (!('M' in value)) throw malformed('a compound key is a map');
  reader.expectEnd();
  return value.M;
}

/** One client accepts the indefinite form only. */
export function encodeCompoundKey(key: AttributeMap): Buffer {
  const writer = new CborWriter(128).openMap();
  for (const [name, value] of Object.entries(key)) {
    writer.text(name);
    writeAttributeValue(writer, value);
  }
  return writer.closeMap().finish();
}
