/** What the journeys share: a system with a quiet provider, and what is stored in it, read back and proven. */

import { byId, decimal, negated, normalised } from '@quartersec/sandbox-simulation';
import { type System, type SystemOptions, startSystem } from '@quartersec/sandbox-system';
import { createDeadline } from '@quartersec/sla';
import {
  auditTable,
  type CurrentTransaction,
  createJournal,
  foldTransactions,
  type Head,
  type JournalEntry,
  readEntries,
} from '@quartersec/storage';
import { expect } from 'vitest';
import { truthAt } from './provider-control.ts';

export const withoutLatency = { latency: { medianMs: 0, p99Ms: 0 } };

export function startJourneySystem(options: Partial<SystemOptions> = {}): Promise<System> {
  return startSystem({
    seed: 7,
    connections: 24,
    dax: true,
    ...options,
    providers: { ...withoutLatency, ...options.providers },
  });
}

export function within() {
  return { deadline: createDeadline(600_000, () => performance.now()) };
}

/** The function's answer to one event over HTTP. */
export async function postEvent(
  system: System,
  event: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(system.processUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(event),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

export async function readJournal(
  system: System,
  connectionId: string,
): Promise<{ head: Head; entries: readonly JournalEntry[]; standing: readonly CurrentTransaction[] }> {
  const head = await createJournal({ table: system.table }).readHead(connectionId, { ...within(), fresh: true });
  if (head === undefined) throw new Error(`${connectionId} has no head`);
  const range = { fromVersion: 1, toVersion: head.version };
  const entries = await readEntries(system.table, connectionId, range, { ...within(), fresh: true });
  return { head, entries, standing: foldTransactions(entries) };
}

/** Waits for something to become true, by looking. @throws {Error} after `withinMs` */
export async function until(what: string, look: () => Promise<boolean> | boolean, withinMs = 200_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await look())) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function expectCleanAudit(system: System): Promise<void> {
  expect((await auditTable(system.table, { ...within(), nowEpochMs: Date.now() })).findings).toEqual([]);
}

/** Invariant I1: what the journal folds to is what the provider has published and not removed, to the last digit. */
export async function expectTruth(system: System, index: number): Promise<void> {
  const { head, standing } = await readJournal(system, `conn-${index}`);
  const truth = await truthAt(system.controlUrl, `access-sandbox-${index}`, head.cursor ?? '');
  const stored = standing.map(({ transaction: { providerTransactionId, amount, status } }) => [
    providerTransactionId,
    decimal(amount.minor, amount.exponent),
    amount.currency,
    status === 'PDNG',
  ]);
  const published = Object.entries(truth).map(([id, { amount, iso_currency_code, pending }]) => [
    id,
    normalised(negated(amount)),
    iso_currency_code,
    pending,
  ]);
  expect(stored.sort(byId)).toEqual(published.sort(byId));
  expect(stored.length).toBeGreaterThan(0);
}

/** Lists of a bank without a cursor: accounts, and balances and transactions of each. They are asked for together. */
export function listsOf({ accounts }: Head): number {
  return 1 + 2 * accounts.filter(({ state }) => state === 'open').length;
}
