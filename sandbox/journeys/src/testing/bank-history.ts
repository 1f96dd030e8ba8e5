/**
 * One connection with its bank, queue and clock in one process, and what may happen to it. A history is decided by its seeds alone: the
 * clock moves only where something is waited for, and the provider is asked one thing at a time.
 */
import { type ProcessDependencies, processEvent, type SyncRequested } from '@quartersec/processor';
import { type Connector, createHttpClient, createPlaidConnector } from '@quartersec/providers';
import { accessToken, type ChangeKind, type Providers, tellBadDays } from '@quartersec/sandbox-providers';
import { createDeadline } from '@quartersec/sla';
import {
  createJournal,
  createMemoryTable,
  linkConnection,
  putQuarantined,
  readAside,
  removeAside,
} from '@quartersec/storage';
import { noTracing } from '@quartersec/telemetry';
import { plantFault } from '../provider-control.ts';
import { type FullRead, fullReadOf } from './bank-reads.ts';

export const connectionId = 'conn-1';
const item = 0;
const providerCallMs = 20;
const dayMs = 86_400_000;

/** mulberry32. @returns whole numbers from 0 to one below `sides` */
function diceOf(seed: number): (sides: number) => number {
  let state = seed | 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  };
}

class Crash extends Error {
  override readonly name = 'Crash';
}

/** What happened in a history, for a campaign to see what it has met. */
export interface Met {
  readonly changes: ReadonlySet<ChangeKind>;
  readonly crashes: number;
  readonly fullReads: readonly FullRead[];
  /** Accounts that were ever in a list that was asked for. */
  readonly listed: ReadonlySet<string>;
  /** Failures that no code of ours names, a planted crash apart. */
  readonly unforeseen: readonly string[];
}

/** @param providers a simulator of its own, with one connection */
export async function startHistory(providers: Providers) {
  const { bank } = providers;
  const table = createMemoryTable();
  const journal = createJournal({ table });
  let roll = diceOf(0);
  let nowMs = 0;
  let ids = 0;
  let disturbances = 0;
  let crashesDue = 0;
  let crashes = 0;
  const changes = new Set<ChangeKind>();
  const fullReads: FullRead[] = [];
  const listed = new Set<string>();
  const unforeseen: string[] = [];
  const messages: { readonly event: SyncRequested; readonly dueEpochMs: number }[] = [];
  const nowEpochMs = () => 1_800_000_000_000 + nowMs;
  const within = () => ({ deadline: createDeadline(600_000, () => nowMs) });

  const client = createHttpClient({
    provider: 'plaid',
    allowedOrigins: [providers.url],
    nowEpochMs: Date.now,
    transport: 'wire',
  });
  const options = { baseUrl: providers.url, clientId: 'client-sandbox', secret: 'secret-sandbox', http: client };
  const connector = createPlaidConnector({ ...options, count: 25 }) as Connector;
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(call: () => Promise<T>): Promise<T> => {
    const mine = turn.then(() => {
      nowMs += providerCallMs;
      return call();
    });
    turn = mine.catch(() => {});
    return mine;
  };

  const tellDays = (days: number) => {
    for (const { change } of tellBadDays(bank, item, { days, seed: roll(1_000_000) })) changes.add(change);
  };

  const connectorHere: Connector = {
    ...connector,
    fetchAccounts: (request, limits) =>
      inTurn(() => {
        for (const { account_id: id, state } of bank.holds(item).accounts) if (state === 'open') listed.add(id);
        return connector.fetchAccounts(request, limits);
      }),
    fetchPage: (request, limits) =>
      inTurn(async () => {
        if (disturbances > 0) {
          disturbances -= 1;
          tellDays(1);
        }
        const page = await connector.fetchPage(request, limits);
        if (request.cursor === null) fullReads.push(fullReadOf(bank.holds(item)));
        return page;
      }),
  };

  const deps: ProcessDependencies = {
    journal,
    nowMs: () => nowMs,
    nowEpochMs,
    tracing: noTracing,
    maxPagesPerRun: 4,
    random: () => roll(1_000) / 1_000,
    newId: () => `id-${++ids}`,
    sleep: async (ms) => {
      nowMs += ms;
    },
    queue: { send: async (event, delayMs) => void messages.push({ event, dueEpochMs: nowEpochMs() + delayMs }) },
    connectorFor: () => connectorHere,
    openToken: (head) => head.sealedToken,
    async quarantine(_, records, receivedEpochMs, deadline) {
      const sealing = { receivedEpochMs, deadline, seal: (original: string) => original };
      for (const record of records) await putQuarantined(table, connectionId, record, sealing);
    },
    readAside: (_, deadline) => readAside(table, connectionId, (sealed) => sealed, { deadline }),
    removeAside: (records, deadline) => removeAside(table, records, { deadline }),
    log: { write: () => {} },
    metrics: { write: () => {} },
    afterMs: () => ({ elapsed: new Promise(() => {}), cancel: () => {} }),
    takeColdStart: () => false,
    afterStep() {
      if (crashesDue === 0 || roll(4) > 0) return;
      crashesDue -= 1;
      crashes += 1;
      throw new Crash();
    },
  };

  const wish = (more: Partial<SyncRequested> = {}): SyncRequested => ({
    type: 'SyncRequested',
    connectionId,
    correlationId: 'history',
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
    queuedEpochMs: nowEpochMs(),
    ...more,
  });

  /** A failed event comes again, as often as a queue would deliver it. */
  async function deliver(event: SyncRequested, deliveries = 4): Promise<void> {
    const { outcome } = await processEvent(event, { hardDeadlineMs: 60_000 }, deps);
    if (outcome.kind !== 'failed') return;
    const { code, detail = '' } = outcome;
    if (code === 'UNEXPECTED' && !detail.includes('"name":"Crash"')) unforeseen.push(detail);
    if (deliveries > 1) await deliver(event, deliveries - 1);
  }

  /** Delivers what waits, in any order, and what that brings. */
  async function drain(): Promise<void> {
    while (messages.length > 0) {
      const [message] = messages.splice(roll(messages.length), 1);
      if (message === undefined) return;
      nowMs += Math.max(0, message.dueEpochMs - nowEpochMs());
      await deliver({ ...message.event, queuedEpochMs: nowEpochMs() });
    }
  }

  const acts = {
    days: async () => tellDays(1 + roll(3)),
    event: () => deliver(wish()),
    async twice() {
      const event = wish();
      await deliver(event);
      await deliver(event);
    },
    async atOnce() {
      await Promise.all([deliver(wish()), deliver(wish())]);
    },
    async late() {
      const event = wish();
      tellDays(1);
      await deliver(wish());
      await deliver(event);
    },
    /** The bank changes while it is read. */
    disturbed: () => {
      disturbances = 1 + roll(3);
      return deliver(wish());
    },
    crashed: () => {
      crashesDue = 1 + roll(2);
      return deliver(wish());
    },
    resync: () => deliver(wish({ fullRead: true })),
    /** The bank refuses the stored cursor for good: its first page sits on a mutation. */
    async lostCursor() {
      const code = 'TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION';
      await plantFault(providers.controlUrl, accessToken(item), { kind: 'plaid-error', times: 2, options: { code } });
      await deliver(wish());
    },
    drain,
  };

  const link = { connectionId, userId: 'user-1', provider: 'plaid', institutionId: 'ins_1' };
  const sealed = { sealedToken: accessToken(item), runId: 'link', writtenEpochMs: 0 };
  await linkConnection({ journal, table }, { ...link, ...sealed }, within());
  await deliver(wish()); // what the bank lists before its first bad day

  return {
    table,
    journal,
    within,
    async act(name: Act, seed: number): Promise<void> {
      roll = diceOf(seed);
      await acts[name]();
    },
    /** Nothing goes wrong any more: what waits is delivered, and a day later the account list is read, where closed accounts show. */
    async comeToRest(): Promise<void> {
      disturbances = 0;
      crashesDue = 0;
      await drain();
      nowMs += dayMs;
      await deliver(wish());
      await drain();
    },
    bankHolds: () => bank.holds(item),
    met: (): Met => ({ changes, crashes, fullReads, listed, unforeseen }),
    close: () => client.close(),
  };
}

export const acts = [
  'days',
  'event',
  'twice',
  'atOnce',
  'late',
  'disturbed',
  'crashed',
  'resync',
  'lostCursor',
  'drain',
] as const;
export type Act = (typeof acts)[number];
export type History = Awaited<ReturnType<typeof startHistory>>;
