/** More events of one Item than its provider allows calls: they wait and are answered together, under a virtual clock. */
import { type Head, readEntries } from '@quartersec/storage';
import { expect, it } from 'vitest';
import { differences } from './bank/compare-with-bank.ts';
import { connectionId, putToWork } from './bank/connection-at-work.ts';
import { createSimulatorAtHand } from './bank/simulator-at-hand.ts';
import { watchBank } from './bank/watched-bank.ts';

const perItemPerMinute = 3;

interface Calls {
  readonly byOutcome: Readonly<Record<string, number>>;
}

it('of a minute: thirty events of one Item cost one call beyond it, and none is lost', async () => {
  let nowEpochMs = () => 0;
  const providers = createSimulatorAtHand({
    seed: 7,
    connections: 1,
    latency: { medianMs: 0, p99Ms: 0 },
    historyTransactions: 12,
    limits: { perItemPerMinute, perClientPerMinute: null },
    nowEpochMs: () => nowEpochMs(),
  });
  const at = await putToWork(providers, watchBank);
  nowEpochMs = () => at.wish().requestedEpochMs;
  for (let event = 0; event < 30; event += 1) {
    at.bank.tellDays(1);
    await at.deliver(at.wish());
    at.waitMs(1_000);
  }
  await at.drain();
  const { byOutcome } = providers.simulator.control('GET', 'calls', '').body as Calls;
  expect(byOutcome['error:TRANSACTIONS_SYNC_LIMIT']).toBe(1);
  expect(byOutcome.ok).toBeLessThan(12); // three before the refusal, and those after the wait
  const head = (await at.journal.readHead(connectionId, at.within())) as Head;
  const entries = await readEntries(at.table, connectionId, { fromVersion: 1, toVersion: head.version }, at.within());
  expect(differences({ head, entries }, at.bank.holds(), at.bank.seen)).toEqual([]);
  expect(at.unforeseen).toEqual([]);
});
