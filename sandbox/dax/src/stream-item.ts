/** Items on the wire: the id of the list of their attribute names, then the values in that order. */
import { AnswerError } from './answer-error.ts';
import type { AttributeLists } from './attribute-lists.ts';
import {
  type AttributeMap,
  type AttributeValue,
  emptyAttributes,
  readAttributeValue,
  writeAttributeValue,
} from './attribute-value.ts';
import { CborReader } from './cbor-reader.ts';
import { CborWriter } from './cbor-writer.ts';
import { isKeyName, type KeySchema } from './item-key.ts';

/**
 * @param key attributes to add: they never travel inside
 * @throws {AnswerError} when nobody has defined the list
 */
export function decodeStreamItem(
  bytes: Buffer,
  lists: AttributeLists,
  key: AttributeMap,
): Record<string, AttributeValue> {
  const reader = new CborReader(bytes);
  const id = reader.readInteger();
  const names = lists.namesOf(id);
  if (names === undefined) {
    throw new AnswerError(
      'ValidationException',
      `attribute list ${id} is unknown to this node; create the client anew`,
    );
  }
  const item = emptyAttributes();
  for (const name of Object.keys(key)) item[name] = key[name] as AttributeValue;
  for (const name of names) item[name] = readAttributeValue(reader);
  reader.expectEnd();
  return item;
}

/** Without the key attributes of the schema. */
export function encodeStreamItem(item: AttributeMap, lists: AttributeLists, schema: KeySchema): Buffer {
  const names = Object.keys(item)
    .filter((name) => !isKeyName(name, schema))
    .sort();
  const writer = new CborWriter(512).integer(lists.idOf(names));
  for (const name of names) writeAttributeValue(writer, item[name] as AttributeValue);
  return writer.finish();
}

/** What UPDATED_OLD and UPDATED_NEW return: a list id and values by their place in that list, in an indefinite map (Java). */
export function encodePartialItem(attributes: AttributeMap, lists: AttributeLists): Buffer {
  const names = Object.keys(attributes).sort();
  const writer = new CborWriter(256).integer(lists.idOf(names)).openMap();
  for (const [ordinal, name] of names.entries()) {
    writer.integer(ordinal);
    writeAttributeValue(writer, attributes[name] as AttributeValue);
  }
  return writer.closeMap().finish();
}
