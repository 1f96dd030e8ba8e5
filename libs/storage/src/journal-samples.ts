/** Made-up records for the tests: small, whole, and told apart by the id. */
import type { Account, Transaction } from '@quartersec/validation';
import { sealEntry } from './entry-codec.ts';
import type {
  AccountsEntry,
  EntryContent,
  JournalEntry,
  LinkedEntry,
  PageEntry,
  ReturnedEntry,
  StatusEntry,
} from './model.ts';

export function sampleTransaction(transactionId: string, changes: Partial<Transaction> = {}): Transaction {
  return {
    transactionId,
    accountId: 'acc-1',
    providerTransactionId: `prov-${transactionId}`,
    idBasis: 'provider',
    status: 'BOOK',
    amount: { minor: '-1250', exponent: 2, currency: 'EUR', unofficialCurrency: null },
    direction: 'DBIT',
    bookingDate: '2026-03-01',
    valueDate: null,
    executionDate: null,
    bookingDateTime: null,
    executionDateTime: null,
    counterpartyName: null,
    merchantName: 'Café Zoë',
    description: null,
    remittance: [],
    category: null,
    channel: null,
    bankTransactionCode: null,
    supersedes: null,
    contentHash: `content-${transactionId}`,
    flags: [],
    ...changes,
  };
}

export function sampleAccount(accountId: string, minor = '100'): Account {
  const amount = { minor, exponent: 2, currency: 'EUR', unofficialCurrency: null };
  return {
    accountId,
    identityBasis: 'providerId',
    providerAccountId: `prov-${accountId}`,
    currency: 'EUR',
    type: 'CACC',
    nature: 'asset',
    name: null,
    mask: null,
    balances: [
      {
        balanceType: 'CLBD',
        sourceType: 'current',
        amount,
        creditLine: null,
        creditIncluded: false,
        asOf: null,
        asOfBasis: 'fetch',
      },
    ],
  };
}

export function sampleLinked(changes: Partial<LinkedEntry> = {}): LinkedEntry {
  return {
    kind: 'linked',
    runId: 'run-link',
    writtenEpochMs: 1_000,
    userId: 'user-1',
    provider: 'plaid',
    institutionId: 'ins-1',
    sealedToken: 'v1.sealed',
    ...changes,
  };
}

/** A page that is a loop by itself, unless told otherwise. */
export function samplePage(changes: Partial<PageEntry> = {}): PageEntry {
  return {
    kind: 'page',
    runId: 'run-page',
    writtenEpochMs: 3_000,
    loop: { id: 'loop-1', page: 1, last: true, kind: 'delta' },
    cursorBefore: null,
    cursorAfter: 'c1',
    syncStartedEpochMs: 2_000,
    added: [],
    modified: [],
    removed: [],
    accounts: [],
    quarantined: 0,
    ...changes,
  };
}

export function sampleStatus(changes: Partial<StatusEntry> = {}): StatusEntry {
  return {
    kind: 'status',
    runId: 'run-status',
    writtenEpochMs: 4_000,
    status: 'login-required',
    reason: 'LOGIN_REQUIRED',
    nextAttemptEpochMs: null,
    ...changes,
  };
}

/** A full account list, read whole. */
export function sampleAccounts(changes: Partial<AccountsEntry> = {}): AccountsEntry {
  return {
    kind: 'accounts',
    runId: 'run-accounts',
    writtenEpochMs: 5_500,
    list: { id: 'list-1', last: true },
    readEpochMs: 5_000,
    accounts: [],
    accountsSeen: [],
    ...changes,
  };
}

export function sampleReturned(changes: Partial<ReturnedEntry> = {}): ReturnedEntry {
  return { kind: 'returned', runId: 'run-returned', writtenEpochMs: 6_000, records: [], stillAside: 0, ...changes };
}

/** A chain of entries with these contents, from version 1. */
export function sampleChain(connectionId: string, contents: readonly EntryContent[]): readonly JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (const content of contents) entries.push(sealEntry(entries.at(-1), connectionId, content).entry);
  return entries;
}
