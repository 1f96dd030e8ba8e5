/**
 * Attribute values in DynamoDB's own JSON form, so that what goes to and comes from the backend is never converted,
 * and their CBOR form on the wire. Binary values are base64 text, numbers canonical text.
 */
import {
  type CborReader,
  MAJOR_ARRAY,
  MAJOR_BYTES,
  MAJOR_MAP,
  MAJOR_SIMPLE,
  MAJOR_TAG,
  MAJOR_TEXT,
} from './cbor-reader.ts';
import type { CborWriter } from './cbor-writer.ts';
import { malformed } from './dax-node-error.ts';
import { canonicalNumber, readNumber, writeNumber } from './decimal.ts';

export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: AttributeMap }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] };

/** Items and map values. Made without a prototype, or by JSON.parse: look names up with `attributeOf` only. */
export type AttributeMap = Readonly<Record<string, AttributeValue>>;

export const TAG_STRING_SET = 3321;
const TAG_NUMBER_SET = 3322;
const TAG_BINARY_SET = 3323;
// DynamoDB refuses more than 32 levels, in words of its own: let it, and stop only what could exhaust the stack.
const DEPTH_MAX = 200;

/** A map that takes any attribute name, `__proto__` too. */
export function emptyAttributes(): Record<string, AttributeValue> {
  return Object.create(null) as Record<string, AttributeValue>;
}

export function attributeOf(attributes: AttributeMap, name: string): AttributeValue | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}

/** @throws {DaxNodeError} `STREAM_MALFORMED` */
export function readAttributeValue(reader: CborReader, depth = 0): AttributeValue {
  if (depth > DEPTH_MAX) throw malformed('an attribute value nested too deeply');
  switch (reader.peekMajor()) {
    case MAJOR_TEXT:
      return { S: reader.readText() };
    case MAJOR_BYTES:
      return { B: reader.readBytes().toString('base64') };
    case MAJOR_ARRAY: {
      const list: AttributeValue[] = [];
      reader.readArray(() => list.push(readAttributeValue(reader, depth + 1)));
      return { L: list };
    }
    case MAJOR_MAP: {
      const map = emptyAttributes();
      reader.readMap(() => {
        const name = reader.readText();
        map[name] = readAttributeValue(reader, depth + 1);
      });
      return { M: map };
    }
    case MAJOR_TAG:
      return readTagged(reader);
    case MAJOR_SIMPLE: {
      if (reader.isFloat()) return { N: readNumber(reader) };
      const value = reader.readSimple();
      return value === null ? { NULL: true } : { BOOL: value };
    }
    default:
      return { N: readNumber(reader) };
  }
}

function readTagged(reader: CborReader): AttributeValue {
  const tag = reader.peekTag();
  if (tag < TAG_STRING_SET) return { N: readNumber(reader) };
  reader.readTag();
  const members: string[] = [];
  switch (tag) {
    case TAG_STRING_SET:
      reader.readArray(() => members.push(reader.readText()));
      return { SS: members };
    case TAG_NUMBER_SET:
      reader.readArray(() => members.push(readNumber(reader)));
      return { NS: members };
    case TAG_BINARY_SET:
      reader.readArray(() => members.push(reader.readBytes().toString('base64')));
      return { BS: members };
    default:
      throw malformed(`unknown tag ${tag}`);
  }
}

export function writeAttributeValue(writer: CborWriter, value: AttributeValue): void {
  if ('S' in value) writer.text(value.S);
  else if ('N' in value) writeNumber(writer, value.N);
  else if ('B' in value) writer.bytes(Buffer.from(value.B, 'base64'));
  else if ('BOOL' in value) writer.boolean(value.BOOL);
  else if ('NULL' in value) writer.null();
  else if ('L' in value) {
    writer.arrayHeader(value.L.length);
    for (const element of value.L) writeAttributeValue(writer, element);
  } else if ('M' in value) {
    const entries = Object.entries(value.M);
    writer.mapHeader(entries.length);
    for (const [name, member] of entries) {
      writer.text(name);
      writeAttributeValue(writer, member);
    }
  } else if ('SS' in value) {
    writer.tag(TAG_STRING_SET).arrayHeader(value.SS.length);
    for (const member of value.SS) writer.text(member);
  } else if ('NS' in value) {
    writer.tag(TAG_NUMBER_SET).arrayHeader(value.NS.length);
    for (const member of value.NS) writeNumber(writer, member);
  } else {
    writer.tag(TAG_BINARY_SET).arrayHeader(value.BS.length);
    for (const member of value.BS) writer.bytes(Buffer.from(member, 'base64'));
  }
}

/** The same text for the same value, whatever the order of map keys and set members. */
export function canonicalValue(value: AttributeValue): string {
  if ('N' in value) return `{"N":"${canonicalNumber(value.N)}"}`;
  if ('L' in value) return `{"L":[${value.L.map(canonicalValue).join(',')}]}`;
  if ('M' in value) {
    const members = Object.entries(value.M).map(
      ([name, member]) => `${JSON.stringify(name)}:${canonicalValue(member)}`,
    );
    return `{"M":{${members.sort().join(',')}}}`;
  }
  if ('NS' in value) return JSON.stringify({ NS: value.NS.map(canonicalNumber).sort() });
  if ('SS' in value) return JSON.stringify({ SS: [...value.SS].sort() });
  if ('BS' in value) return JSON.stringify({ BS: [...value.BS].sort() });
  return JSON.stringify(value);
}
