/** Reads the input of SQS actions: JSON of any shape in, checked values or the error that SQS would give out. Pure. */
import { HostError } from './host-error.ts';
import { attributesBytes, type MessageAttribute, type MessageAttributes } from './message-attributes.ts';

export type Input = Readonly<Record<string, unknown>>;

export interface Outgoing {
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly delayMs: number | undefined;
  readonly traceHeader: string | undefined;
  readonly bytes: number;
}

const MAX_BATCH_ENTRIES = 10;
// XML 1.0 characters; anything else, lone surrogates included, SQS refuses.
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** @throws {HostError} `MissingParameter` */
export function readText(input: Input, key: string): string {
  const value = input[key];
  if (typeof value === 'string' && value !== '') return value;
  throw new HostError('MissingParameter', `The request must contain the parameter ${key}.`);
}

/** @throws {HostError} `InvalidParameterValue` */
export function readInteger(input: Input, key: string, least: number, most: number): number | undefined {
  const value = input[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new HostError(
    'InvalidParameterValue',
    `Value ${JSON.stringify(value)} for parameter ${key} is invalid. Reason: Must be an integer from ${least} to ${most}.`,
  );
}

/** The name at the end of `QueueUrl`. */
export function readQueueName(input: Input): string {
  const url = readText(input, 'QueueUrl');
  return url.slice(url.lastIndexOf('/') + 1);
}

export function readNames(input: Input, ...keys: readonly string[]): readonly string[] {
  return keys.flatMap((key) => (Array.isArray(input[key]) ? input[key].map(String) : []));
}

/** @throws {HostError} what SQS answers to a message that it does not take */
export function readOutgoing(input: Input, maxMessageBytes: number): Outgoing {
  const body = readText(input, 'MessageBody');
  if (FORBIDDEN.test(body))
    throw new HostError('InvalidMessageContents', 'Invalid characters found in the message body.');
  const attributes = readAttributes(input.MessageAttributes);
  const delaySeconds = readInteger(input, 'DelaySeconds', 0, 900);
  const bytes = Buffer.byteLength(body) + attributesBytes(attributes);
  if (bytes > maxMessageBytes) {
    throw new HostError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${maxMessageBytes} bytes.`,
    );
  }
  const system = input.MessageSystemAttributes as Record<string, MessageAttribute> | null | undefined;
  return {
    body,
    attributes,
    bytes,
    delayMs: delaySeconds === undefined ? undefined : delaySeconds * 1_000,
    traceHeader: system?.AWSTraceHeader?.StringValue,
  };
}

/** @throws {HostError} `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `InvalidBatchEntryId`, `BatchEntryIdsNotDistinct` */
export function readEntries(input: Input): readonly (Input & { readonly Id: string })[] {
  const entries = input.Entries;
  if (!Array.isArray(entries) || entries.length === 0) {
    throw new HostError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > MAX_BATCH_ENTRIES) {
    throw new HostError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_BATCH_ENTRIES}. You have sent ${entries.length}.`,
    );
  }
  const ids = new Set<string>();
  for (const entry of entries) {
    const id: unknown = entry?.Id;
    if (typeof id !== 'string' || !/^[\w-]{1,80}$/.test(id)) {
      throw new HostError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (ids.has(id)) throw new HostError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    ids.add(id);
  }
  return entries;
}

/** The attributes among `all` that a receive asked for: by name, by `prefix.*`, or all. */
export function selectAttributes(all: MessageAttributes, asked: readonly string[]): MessageAttributes {
  if (asked.length === 0) return {};
  if (asked.includes('All') || asked.includes('.*')) return all;
  const prefixes = asked.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -1));
  const isAsked = (name: string) => asked.includes(name) || prefixes.some((prefix) => name.startsWith(prefix));
  return Object.fromEntries(Object.entries(all).filter(([name]) => isAsked(name)));
}

function readAttributes(given: unknown): MessageAttributes {
  if (given === undefined || given === null) return {};
  const entries = Object.entries(given as Record<string, MessageAttribute>);
  const refuse = (reason: string): never => {
    throw new HostError('InvalidParameterValue', `One or more message attributes are invalid. Reason: ${reason}`);
  };
  if (entries.length > 10) refuse(`Number of message attributes [${entries.length}] exceeds the allowed maximum [10].`);
  for (const [name, attribute] of entries) {
    if (!/^(?!(aws|amazon)\.)[\w.-]{1,256}$/i.test(name)) refuse(`The name ${JSON.stringify(name)} is not allowed.`);
    const type = /^(String|Number|Binary)(\..+)?$/.exec(String(attribute?.DataType))?.[1];
    if (type === undefined) refuse(`The type of ${name} must be String, Number or Binary, with a label or without.`);
    const value = type === 'Binary' ? attribute.BinaryValue : attribute.StringValue;
    if (typeof value !== 'string' || value === '') refuse(`${name} must contain a non-empty value of its type.`);
    if (type === 'Number' && !Number.isFinite(Number(value))) refuse(`${name} cannot be cast to a number.`);
  }
  return Object.fromEntries(entries);
}
