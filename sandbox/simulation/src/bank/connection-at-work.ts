/**
 * One linked connection with all that the pipeline runs on, in one process: a table, a queue, and a clock that moves only with calls of
 * the provider and where something is waited for. It may crash at any step.
 */
import { type ProcessDependencies, processEvent, type SyncRequested } from '@quartersec/processor';
import { insightsOver } from '@quartersec/processor/insights';
import { createDeadline } from '@quartersec/sla';
import {
  createFaultyTable,
  createJournal,
  createMemoryTable,
  linkConnection,
  putQuarantined,
  readAside,
  removeAside,
} from '@quartersec/storage';
import { noTracing } from '@quartersec/telemetry';
import { createDice } from './dice.ts';
import type { SimulatorAtHand } from './simulator-at-hand.ts';
import type { WatchedBank, watchBank } from './watched-bank.ts';

export const connectionId = 'conn-1';
const startEpochMs = 1_800_000_000_000;
const providerCallMs = 20;
/** As often as a queue delivers what fails. */
const deliveriesMost = 4;

class Crash extends Error {
  override readonly name = 'Crash';
}

/** The bank behind a connector, as its provider has it. */
export type BankAtWork = Omit<WatchedBank, 'seen'>;

/** @param providers a simulator of its own, with one connection */
export async function putToWork<Bank extends BankAtWork>(
  providers: SimulatorAtHand,
  watch: (...given: Parameters<typeof watchBank>) => Bank,
) {
  const dice = createDice();
  const memory = createMemoryTable();
  const table = createFaultyTable(memory, {
    nextPutFault() {
      if (counts.lostPutsDue === 0 || dice.roll(2) > 0) return undefined;
      counts.lostPutsDue -= 1;
      return dice.roll(2) === 0 ? 'lost-before' : 'lost-after';
    },
    nextStaleness: () => (counts.areHeadsOld ? dice.roll(3) : 0),
  });
  const journal = createJournal({ table });
  const messages: { readonly event: SyncRequested; readonly dueEpochMs: number }[] = [];
  const counts = { crashes: 0, crashesDue: 0, ids: 0, lostPutsDue: 0, areHeadsOld: false };
  /** Failures that no code of ours names, a planted crash apart. */
  const unforeseen: string[] = [];
  let nowMs = 0;
  const waitMs = (ms: number) => {
    nowMs += ms;
  };
  const nowEpochMs = () => startEpochMs + nowMs;
  const within = () => ({ deadline: createDeadline(600_000, () => nowMs) });
  const bank = watch(providers, { dice, onCall: () => waitMs(providerCallMs), nowEpochMs });

  const deps: ProcessDependencies = {
    journal,
    insights: insightsOver({ cache: table, entries: table }),
    nowMs: () => nowMs,
    nowEpochMs,
    tracing: noTracing,
    maxPagesPerRun: 4,
    random: () => dice.roll(1_000) / 1_000,
    newId: () => `id-${++counts.ids}`,
    sleep: async (ms) => waitMs(ms),
    queue: {
      send: async (event, _provider, delayMs) => void messages.push({ event, dueEpochMs: nowEpochMs() + delayMs }),
    },
    connectorFor: () => bank.connector,
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
      if (counts.crashesDue === 0 || dice.roll(4) > 0) return;
      counts.crashesDue -= 1;
      counts.crashes += 1;
      throw new Crash();
    },
  };

  async function deliver(event: SyncRequested, deliveries = deliveriesMost): Promise<void> {
    const { outcome } = await processEvent(event, { hardDeadlineMs: 60_000 }, deps);
    if (outcome.kind !== 'failed') return;
    const { code, detail = '' } = outcome;
    if (code === 'UNEXPECTED' && !detail.includes('"name":"Crash"')) unforeseen.push(detail);
    if (deliveries > 1) await deliver(event, deliveries - 1);
  }

  async function link(): Promise<void> {
    const connection = { connectionId, userId: 'user-1', provider: bank.connector.provider, institutionId: 'ins_1' };
    const sealed = { sealedToken: bank.token, runId: `link-${++counts.ids}`, writtenEpochMs: nowEpochMs() };
    await linkConnection({ journal, table }, { ...connection, ...sealed }, within());
  }

  await link();

  return {
    bank,
    dice,
    journal,
    table,
    counts,
    unforeseen,
    within,
    waitMs,
    link,
    deliver,
    wish: (more: Partial<SyncRequested> = {}): SyncRequested => ({
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
    }),
    /** Delivers what waits, in any order, and what that brings. */
    async drain(): Promise<void> {
      while (messages.length > 0) {
        const [message] = messages.splice(dice.roll(messages.length), 1);
        if (message === undefined) return;
        waitMs(Math.max(0, message.dueEpochMs - nowEpochMs()));
        await deliver({ ...message.event, queuedEpochMs: nowEpochMs() });
      }
    },
  };
}

export type ConnectionAtWork<Bank extends BankAtWork = BankAtWork> = Awaited<ReturnType<typeof putToWork<Bank>>>;
