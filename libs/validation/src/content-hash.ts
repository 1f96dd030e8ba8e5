import type { Transaction } from './canonical.ts';
import { type CanonicalValue, canonicalJson } from './canonical-json.ts';
import { textHash } from './tuple-hash.ts';

/** What a record says. Who says it (ids, links), enrichment (category, channel) and our own flags stay outside. */
export type TransactionContent = Pick<
  Transaction,
  | 'status'
  | 'amount'
  | 'bookingDate'
  | 'valueDate'
  | 'executionDate'
  | 'bookingDateTime'
  | 'executionDateTime'
  | 'counterpartyName'
  | 'merchantName'
  | 'description'
  | 'remittance'
  | 'bankTransactionCode'
>;

/**
 * Same content = same hash, under whatever id it comes: an unchanged record need not be written again, and a reissued
 * id is recognised. Text is compared in NFC; absent facts do not count, so a new field does not change old hashes.
 * @returns 22 characters, base64url
 */
export function contentHash(content: TransactionContent): string {
  return hashOf(content);
}

/** Records that were given their own hash here, which whoever stores one need not make again. Records are never changed. */
const ownHashed = new WeakSet<object>();

/** @returns the record with the hash of its own content */
export function withContentHash<Record extends TransactionContent>(record: Record): Record & { contentHash: string } {
  const hashed = { ...record, contentHash: hashOf(record) };
  ownHashed.add(hashed);
  return hashed;
}

/** Whether the hash follows from the rest. */
export function hasOwnContentHash(transaction: Transaction): boolean {
  return ownHashed.has(transaction) || transaction.contentHash === hashOf(transaction);
}

function hashOf(content: TransactionContent): string {
  const said: Record<string, CanonicalValue> = {
    amount: [content.amount.minor, content.amount.exponent, content.amount.currency, content.amount.unofficialCurrency],
    remittance: content.remittance.map((line) => line.normalize('NFC')),
  };
  for (const name of texts) {
    const text = content[name];
    if (text !== null) said[name] = text.normalize('NFC');
  }
  return textHash(`c1${canonicalJson(said)}`);
}

const texts = [
  'status',
  'bookingDate',
  'valueDate',
  'executionDate',
  'bookingDateTime',
  'executionDateTime',
  'counterpartyName',
  'merchantName',
  'description',
  'bankTransactionCode',
] as const satisfies readonly (keyof TransactionContent)[];
