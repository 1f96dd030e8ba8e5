import { type System, sendEvent } from '@quartersec/sandbox-system';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectCleanAudit, expectTruth, postEvent, readJournal, startJourneySystem, until } from './journey.ts';

const connections = 12;
let system: System;

beforeAll(async () => {
  system = await startJourneySystem({ connections, providers: { multiPageShare: 0 } });
});

afterAll(() => system?.close());

function node() {
  if (system.cacheNode === undefined) throw new Error('the system runs without DAX');
  return system.cacheNode;
}

async function readTransactions(index: number): Promise<{ status: number; version: number; count: number }> {
  const connection = system.connections[index];
  const url = `${system.apiUrl}/v1/transactions?connection=${connection?.connectionId}`;
  const authorization = `Bearer ${system.tokenFor(connection?.userId ?? '')}`;
  const answer = await fetch(url, { headers: { authorization } });
  const body = (await answer.json()) as {
    connections?: readonly { version: number }[];
    transactions?: readonly unknown[];
  };
  return {
    status: answer.status,
    version: body.connections?.[0]?.version ?? 0,
    count: body.transactions?.length ?? 0,
  };
}

const hits = async () => (await node().stats()).itemCache.hits;

/** Events through warm functions until DAX answers their reads. */
async function untilCached(): Promise<void> {
  await until('a read from the cache', async () => {
    const before = await hits();
    await postEvent(system, { connectionId: 'conn-0' });
    await readTransactions(0);
    return (await hits()) > before;
  });
}

describe('the functions through DAX', () => {
  it('read heads from its cache and journal ranges through it, as they were committed last', async () => {
    await untilCached();
    for (let round = 0; round < 3; round += 1) {
      const { body } = await postEvent(system, { connectionId: 'conn-1' });
      expect(body).toMatchObject({ outcome: { kind: 'committed' } });
      expect(await readTransactions(1)).toMatchObject({ status: 200, version: body.version });
    }
    const before = await node().stats();
    const first = await readTransactions(1);
    await postEvent(system, { connectionId: 'conn-1' });
    const after = await node().stats();
    expect(first.count).toBeGreaterThan(0);
    // The event reads its head from the cache; a fold that is in memory asks for no range again.
    expect(after.itemCache.hits).toBeGreaterThan(before.itemCache.hits);
    expect(after.operations.query?.count).toBeGreaterThan(0);
    expect(after.operations.putItem?.count).toBeGreaterThan(0);
    await until('hits among the metrics', () => system.metrics.totals.total('CacheHits') > 0);
  });

  it('go on while the node is killed under load, lose nothing, and use it again when it is back', async () => {
    await untilCached();
    const answers: unknown[] = [];
    let loading = true;
    const load = async (from: number) => {
      for (let turn = 0; loading; turn += 1) {
        const { status, body } = await postEvent(system, { connectionId: `conn-${from + (turn % 4)}` });
        answers.push([status, (body.outcome as { kind?: unknown }).kind]);
      }
    };
    const reads: number[] = [];
    const read = async () => {
      while (loading) reads.push((await readTransactions(4 + (reads.length % 4))).status);
    };
    const loads = [load(0), load(4), read()];
    await until('events under way', () => answers.length >= 10);

    for (let outage = 0; outage < 2; outage += 1) {
      node().kill();
      const answered = answers.length;
      await until('events without DAX', () => answers.length >= answered + 40);
      await node().restart();
      await until('a node that answers again', async () => (await hits()) >= 20);
    }
    for (let index = 8; index < connections; index += 1) await sendEvent(system.queueUrl, `conn-${index}`);
    loading = false;
    await Promise.all(loads);
    await until('the queued events', async () => (await readJournal(system, 'conn-11')).head.version >= 3);

    // A call that hangs would take up its event's hard deadline, and the event would not be committed.
    expect(new Set(answers.map(String))).toEqual(new Set(['200,committed']));
    expect(new Set(reads)).toEqual(new Set([200]));
    await until('failed reads among the metrics', () => system.metrics.totals.total('CacheFailures') > 0);
    await expectCleanAudit(system);
    for (let index = 0; index < connections; index += 1) await expectTruth(system, index);
  });
});
