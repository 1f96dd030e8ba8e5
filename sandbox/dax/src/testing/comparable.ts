/** Answers of different clients, brought to one form: what is left must be equal. */
import { canonicalNumber } from '../decimal.ts';

/** @param unordered the order of items means nothing */
export function comparable(answer: unknown, unordered = false): unknown {
  // emulators name capacity unasked now and then; the cache consumes none: a test of its own looks at it
  const { $metadata, ConsumedCapacity, ...rest } = answer as Record<string, unknown>;
  const plain = normalised(rest) as Record<string, unknown>;
  // dynalite names no attributes where DynamoDB says nothing
  if (JSON.stringify(plain.Attributes) === '{}') delete plain.Attributes;
  if (unordered) {
    if (Array.isArray(plain.Items)) plain.Items = sorted(plain.Items);
    const responses = plain.Responses as Record<string, unknown[]> | undefined;
    for (const [table, items] of Object.entries(responses ?? {})) if (responses) responses[table] = sorted(items);
  }
  return plain;
}

function normalised(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(normalised);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) {
    const [type, content] = only;
    if (type === 'N' && typeof content === 'string') return { N: canonicalNumber(content) };
    if (type === 'NS' && Array.isArray(content))
      return { NS: content.map((number) => canonicalNumber(String(number))).sort() };
    if ((type === 'SS' || type === 'BS') && Array.isArray(content)) return { [type]: sorted(content.map(normalised)) };
  }
  return Object.fromEntries(
    entries.map(([name, member]) => [name, normalised(member)]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
}

function sorted(values: readonly unknown[]): unknown[] {
  return [...values].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Base64 text becomes bytes where DynamoDB's JSON has binary values; `{ repeat, times }` becomes a long text. */
export function requestForClient(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(requestForClient);
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  if (typeof fields.repeat === 'string') return fields.repeat.repeat(Number(fields.times));
  const keys = Object.keys(fields);
  if (keys.length === 1 && typeof fields.B === 'string') return { B: Buffer.from(fields.B, 'base64') };
  if (keys.length === 1 && Array.isArray(fields.BS))
    return { BS: fields.BS.map((member) => Buffer.from(String(member), 'base64')) };
  return Object.fromEntries(Object.entries(fields).map(([name, member]) => [name, requestForClient(member)]));
}
