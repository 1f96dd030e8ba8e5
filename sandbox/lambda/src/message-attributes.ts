import { createHash } from 'node:crypto';

/** A message attribute as the JSON protocol carries it; binary values are base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/**
 * The digest that clients compare: every attribute by name, its parts each with a length of four bytes before it.
 * @returns lower-case hex; `undefined` when there is no attribute
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const md5 = createHash('md5');
  const addPart = (part: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    md5.update(length).update(part);
  };
  for (const name of names) {
    const attribute = attributes[name];
    if (attribute === undefined) continue;
    addPart(Buffer.from(name));
    addPart(Buffer.from(attribute.DataType));
    const isBinary = attribute.DataType.startsWith('Binary');
    md5.update(Buffer.from([isBinary ? 2 : 1]));
    addPart(isBinary ? Buffer.from(attribute.BinaryValue ?? '', 'base64') : Buffer.from(attribute.StringValue ?? ''));
  }
  return md5.digest('hex');
}

/** Bytes that count against the size of a message: names, types and values. */
export function attributesBytes(attributes: MessageAttributes): number {
  let bytes = 0;
  for (const [name, { DataType, StringValue = '', BinaryValue = '' }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue);
    bytes += Buffer.from(BinaryValue, 'base64').length;
  }
  return bytes;
}
