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

/** Records whose hash `withContentHash` computed: storing one of them does not hash its content a second time. Records are immutable. */
const ownHashed = new WeakSet<object>();

/** @returns the record with the hash of its own content */
export function withContentHash<Content extends TransactionContent>(
  record: Content,
): Content & { readonly contentHash: string } {
  const hashed = { ...record, contentHash: contentHash(record) };
  ownHashed.add(hashed);
  return hashed;
}

/** Whether the record's hash is that of its own content. */
export function hasOwnContentHash(transaction: Transaction): boolean {
  return ownHashed.has(transaction) || transaction.contentHash === contentHash(transaction);
}
