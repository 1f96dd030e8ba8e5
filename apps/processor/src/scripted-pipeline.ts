/** For tests: the pipeline over an in-memory table, a scripted provider and a clock that only moves when told. */

import {
  type Connector,
  ProviderError,
  type ProviderErrorCode,
  type ProviderErrorFacts,
  type ValidPage,
} from '@quartersec/providers';
import { type Blame, createDeadline } from '@quartersec/sla';
import { createJournal, createMemoryTable, type Head, linkConnection, type Table } from '@quartersec/storage';
import { noTracing } from '@quartersec/telemetry';
import type { Account, CanonicalPage, Transaction } from '@quartersec/validation';
import { insightsOver } from './insights/insights-over.ts';
import type { AsideRecord } from './pipeline-run.ts';
import type { ProcessDependencies } from './process-event.ts';
import type { SyncRequested } from './sync-event.ts';

/** One provider answer: a page, or the error of the call. */
export type Answer =
  | {
      readonly page: Partial<CanonicalPage>;
      readonly nextCursor: string | null;
      readonly hasMore?: boolean;
      /** Default: complete. */
      readonly history?: ValidPage<unknown>['history'];
    }
  | { readonly error: ProviderErrorCode; readonly facts?: Partial<ProviderErrorFacts> }
  | { readonly hang: true };

export interface ScriptedPipeline {
  readonly deps: ProcessDependencies;
  readonly table: Table;
  /** Cursors that the provider was asked with, in order. */
  readonly asked: (string | null)[];
  /** Messages that went to the queue. */
  readonly sent: { readonly event: SyncRequested; readonly provider: string; readonly delayMs: number }[];
  readonly quarantined: AsideRecord[];
  /** Times at which the account list was asked for. */
  readonly listCalls: number[];
  readonly logged: {
    readonly level: string;
    readonly message: string;
    readonly fields: Readonly<Record<string, unknown>>;
  }[];
  readonly measured: Readonly<Record<string, number>>[];
  /** Who was blamed, one each of `measured`. */
  readonly blamed: (Blame | undefined)[];
  /** Moves both clocks. */
  advanceMs(ms: number): void;
  nowEpochMs(): number;
  link(connectionId: string): Promise<void>;
  head(connectionId: string): Promise<Head>;
  event(connectionId: string, members?: Partial<SyncRequested>): SyncRequested;
}

export const startEpochMs = 1_700_000_000_000;

/** @param answers given in order, one a call; a call beyond them fails the test */
export function createScriptedPipeline(
  answers: Answer[],
  overrides: Partial<ProcessDependencies> & {
    readonly table?: Table;
    /** Answers to the account list, one a call, the last one for ever; `undefined`: an error. Without them the list says nothing. */
    readonly accountLists?: readonly (readonly Account[] | undefined)[];
  } = {},
): ScriptedPipeline {
  let elapsedMs = 0;
  let ids = 0;
  let cold = true;
  const { table = createMemoryTable(), accountLists = [[]], ...replaced } = overrides;
  const journal = createJournal({ table });
  const asked: ScriptedPipeline['asked'] = [];
  const sent: ScriptedPipeline['sent'] = [];
  const quarantined: AsideRecord[] = [];
  const listCalls: number[] = [];
  const logged: ScriptedPipeline['logged'] = [];
  const measured: Record<string, number>[] = [];
  const blamed: (Blame | undefined)[] = [];
  const nowEpochMs = () => startEpochMs + elapsedMs;
  const deadline = () => createDeadline(2_000, () => elapsedMs);

  const connector: Connector<CanonicalPage> = {
    provider: 'plaid',
    async fetchPage(request) {
      asked.push(request.cursor);
      const answer = answers[asked.length - 1];
      if (answer === undefined) throw new Error(`call ${asked.length} was not expected`);
      if ('hang' in answer) return new Promise(() => {});
      if ('error' in answer) throw new ProviderError(answer.error, { provider: 'plaid', ...answer.facts });
      return { text: JSON.stringify(answer), requestId: null };
    },
    validatePage(raw) {
      const answer = JSON.parse(raw.text) as Extract<Answer, { page: unknown }>;
      const { page, nextCursor, hasMore = false, history = 'complete' } = answer;
      const wire = { added: [], modified: [], removed: [], accounts: [], quarantined: [], ...page };
      return { wire, nextCursor, hasMore, history, requestId: null, unknownFields: 0, unknownEnums: 0 };
    },
    normalisePage: (page) => page.wire,
    async fetchAccounts() {
      const list = accountLists[Math.min(listCalls.length, accountLists.length - 1)];
      listCalls.push(nowEpochMs());
      if (list === undefined) throw new ProviderError('SERVER_ERROR', { provider: 'plaid' });
      return { text: JSON.stringify(list), requestId: null };
    },
    readAccounts: (raw) => {
      const accounts = JSON.parse(raw.text) as Account[];
      return { accounts, isWhole: accounts.length > 0 };
    },
    readRecord: (original, { knownAccounts }) => {
      const record = JSON.parse(original) as Transaction;
      return knownAccounts.some(({ accountId }) => accountId === record.accountId) ? record : undefined;
    },
  };

  const deps: ProcessDependencies = {
    journal,
    insights: insightsOver({ cache: table, entries: table }),
    queue: { send: async (event, provider, delayMs) => void sent.push({ event, provider, delayMs }) },
    connectorFor: (provider) => (provider === 'plaid' ? (connector as Connector) : undefined),
    openToken: () => 'token',
    quarantine: async (_connectionId, records) => void quarantined.push(...records),
    readAside: async () => {
      const records = quarantined.flatMap(({ original, asideVersion }, at) =>
        original === undefined ? [] : [{ key: { pk: 'QUAR#conn-1', sk: String(at) }, original, asideVersion }],
      );
      return { records, unreadable: quarantined.length - records.length };
    },
    removeAside: async (records) => {
      for (const { original } of records) {
        quarantined.splice(
          quarantined.findIndex((record) => record.original === original),
          1,
        );
      }
    },
    newId: () => `id-${++ids}`,
    tracing: noTracing,
    maxPagesPerRun: 20,
    random: () => 0.5,
    sleep: async (ms) => {
      elapsedMs += ms;
    },
    nowMs: () => elapsedMs,
    nowEpochMs,
    log: { write: (level, message, fields) => void logged.push({ level, message, fields }) },
    metrics: {
      write(values, _provider, _nowEpochMs, blame) {
        measured.push({ ...values });
        blamed.push(blame);
      },
    },
    afterMs: () => ({ elapsed: new Promise(() => {}), cancel: () => {} }),
    takeColdStart() {
      const first = cold;
      cold = false;
      return first;
    },
    ...replaced,
  };

  return {
    deps,
    table,
    asked,
    sent,
    quarantined,
    listCalls,
    logged,
    measured,
    blamed,
    nowEpochMs,
    advanceMs(ms) {
      elapsedMs += ms;
    },
    async link(connectionId) {
      const link = { connectionId, userId: 'user-1', provider: 'plaid', institutionId: 'ins-1', sealedToken: 'sealed' };
      const entry = { ...link, runId: 'link', writtenEpochMs: nowEpochMs() };
      await linkConnection({ journal, table }, entry, { deadline: deadline() });
    },
    async head(connectionId) {
      const head = await journal.readHead(connectionId, { deadline: deadline(), fresh: true });
      if (head === undefined) throw new Error(`no head of ${connectionId}`);
      return head;
    },
    event: (connectionId, members = {}) => ({
      type: 'SyncRequested',
      connectionId,
      correlationId: 'corr-1',
      requestedEpochMs: nowEpochMs(),
      reason: 'webhook',
      restarts: 0,
      attempts: 0,
      firstRequestedEpochMs: nowEpochMs(),
      wakeEpochMs: null,
      timeouts: 0,
      fullRead: false,
      retakeAside: false,
      isSecondRead: false,
      queuedEpochMs: null,
      ...members,
    }),
  };
}

/** A booked debit of 1.00 USD. */
export function transaction(transactionId: string, members: Partial<Transaction> = {}): Transaction {
  return {
    transactionId,
    accountId: 'acc-1',
    providerTransactionId: `p-${transactionId}`,
    idBasis: 'provider',
    status: 'BOOK',
    amount: { minor: '-100', exponent: 2, currency: 'USD', unofficialCurrency: null },
    direction: 'DBIT',
    bookingDate: '2026-01-02',
    valueDate: null,
    executionDate: null,
    bookingDateTime: null,
    executionDateTime: null,
    counterpartyName: null,
    merchantName: null,
    description: 'coffee',
    remittance: [],
    category: null,
    channel: null,
    bankTransactionCode: null,
    supersedes: null,
    contentHash: `hash-${transactionId}`,
    flags: [],
    ...members,
  };
}

/** A checking account with one balance in US cents. */
export function account(minor: string): Account {
  const amount = { minor, exponent: 2, currency: 'USD', unofficialCurrency: null };
  return {
    accountId: 'acc-1',
    identityBasis: 'providerId',
    providerAccountId: 'p-acc-1',
    currency: 'USD',
    type: 'CACC',
    nature: 'asset',
    name: null,
    mask: null,
    balances: [
      {
        balanceType: 'ITBD',
        sourceType: 'current',
        amount,
        creditLine: null,
        creditIncluded: false,
        asOf: null,
        asOfBasis: 'item-update',
      },
    ],
  };
}
