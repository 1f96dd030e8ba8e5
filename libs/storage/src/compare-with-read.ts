/** What stands here beside what the provider says now: a full read that is compared and not stored. Pure. */
import type { CanonicalPage, Transaction } from '@quartersec/validation';
import { coverageOf, openIn } from './fold-coverage.ts';
import type { CurrentTransaction } from './fold-transactions.ts';
import type { StandingAccount } from './model.ts';

/** Our ids of transactions. */
export interface ProviderDifferences {
  /** Stand here, within the span of the read, and the provider does not have them. */
  readonly phantoms: readonly string[];
  /** The provider has them, and they do not stand here. */
  readonly missing: readonly string[];
  /** Say something else here than there. */
  readonly differing: readonly string[];
  /** Transactions that are the same here and there. */
  readonly same: number;
}

/** @param pages of one complete read from the empty cursor, in order @returns what stands after them */
export function standingAfter(
  pages: readonly Pick<CanonicalPage, 'added' | 'modified' | 'removed'>[],
): readonly Transaction[] {
  const records = new Map<string, Transaction>();
  for (const { added, modified, removed } of pages) {
    const told = [...added, ...modified];
    for (const transaction of told) records.set(transaction.transactionId, transaction);
    for (const { supersedes, transactionId } of told) {
      if (supersedes !== null && supersedes !== transactionId) records.delete(supersedes);
    }
    for (const id of removed) records.delete(id);
  }
  return [...records.values()];
}

/**
 * @param accounts as they stand: of a replaced one nothing is missing, since its successor tells the same
 * @param read as `standingAfter`
 */
export function compareWithRead(
  standing: readonly CurrentTransaction[],
  accounts: readonly StandingAccount[],
  read: readonly Transaction[],
): ProviderDifferences {
  const there = new Map(read.map((transaction) => [transaction.transactionId, transaction]));
  const here = new Set(standing.map(({ transaction }) => transaction.transactionId));
  const replaced = new Set(accounts.filter(({ state }) => state === 'replaced').map(({ accountId }) => accountId));
  const isCovered = coverageOf(read, openIn(accounts));
  const phantoms: string[] = [];
  const differing: string[] = [];
  let same = 0;
  for (const { transaction } of standing) {
    const { transactionId, contentHash, accountId } = transaction;
    const counterpart = there.get(transactionId);
    if (counterpart === undefined) {
      if (isCovered(transaction)) phantoms.push(transactionId);
    } else if (counterpart.contentHash !== contentHash || counterpart.accountId !== accountId) {
      differing.push(transactionId);
    } else {
      same += 1;
    }
  }
  const missing = read.filter(({ transactionId, accountId }) => !here.has(transactionId) && !replaced.has(accountId));
  return {
    phantoms: phantoms.sort(),
    missing: missing.map(({ transactionId }) => transactionId).sort(),
    differing: differing.sort(),
    same,
  };
}
