import { createDeadline } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { auditTable } from './audit.ts';
import { listKey } from './connection-links.ts';
import { endErasures, forgetConnection } from './forget.ts';
import { saveInsightState } from './insight-state.ts';
import { createJournal } from './journal.ts';
import { samplePage } from './journal-samples.ts';
import { linkConnection } from './link-connection.ts';
import { createMemoryTable } from './memory-table.ts';
import { putQuarantined } from './quarantine.ts';
import type { Table } from './table.ts';

const within = { deadline: createDeadline(600_000, () => performance.now()) };

async function fill(table: Table, connectionId: string): Promise<void> {
  const journal = createJournal({ table });
  const link = {
    connectionId,
    userId: 'user-1',
    provider: 'plaid',
    institutionId: 'i',
    sealedToken: 's',
    itemId: `item-${connectionId}`,
  };
  let head = await linkConnection({ journal, table }, { ...link, runId: 'r', writtenEpochMs: 0 }, within);
  for (let page = 1; page <= 20; page++) {
    const result = await journal.append(head, connectionId, samplePage({ runId: `r${page}` }), within);
    if (result.head) head = result.head;
  }
  await journal.saveHead(head, within);
  const record = { path: '$', reason: 'SCHEMA', expected: 'number', received: 'string', redacted: '{}' } as const;
  await putQuarantined(table, connectionId, record, { ...within, receivedEpochMs: 0 });
}

const shardOf = (connectionId: string) => Number(listKey(connectionId).pk.slice('LIST#'.length));

async function keysOf(table: Table): Promise<string[]> {
  const keys: string[] = [];
  for await (const { pk, sk } of table.scan(within)) keys.push(`${pk} ${sk}`);
  return keys;
}

describe('forgetConnection', () => {
  it('erases entries, head, quarantine and the links of one connection, and nothing else', async () => {
    const table = createMemoryTable();
    await fill(table, 'c-10');
    const kept = (await keysOf(table)).sort();
    await fill(table, 'c-1');
    expect(await forgetConnection(table, 'c-1', within)).toBe(26);
    expect((await keysOf(table)).sort()).toEqual(kept);
    expect(await auditTable(table, within)).toMatchObject({ connections: 1, findings: [] });
    expect(await forgetConnection(table, 'c-1', within)).toBe(0);
  });

  it.each([
    ['is asked for again', (table: Table) => forgetConnection(table, 'c-1', within)],
    ['nobody asks again, by the mark that it left', (table: Table) => endErasures(table, shardOf('c-1'), within)],
  ])('erases the rest when it crashed at any delete before, and %s', async (_, goOn) => {
    for (let crashAt = 0; crashAt < 27; crashAt++) {
      const table = createMemoryTable();
      await fill(table, 'c-10');
      const kept = (await keysOf(table)).sort();
      await fill(table, 'c-1');
      let deletes = 0;
      const crashing: Table = {
        ...table,
        async delete(...args) {
          if (deletes++ >= crashAt) throw new Error('crash');
          await table.delete(...args);
        },
      };
      await expect(forgetConnection(crashing, 'c-1', within)).rejects.toThrow('crash');
      // What is left of it is no damage.
      expect(await auditTable(table, within)).toMatchObject({ connections: 1, erasing: 1, findings: [] });
      await goOn(table);
      // Asked for again when nothing but the mark was left, there was nothing to do.
      await endErasures(table, shardOf('c-1'), within);
      expect((await keysOf(table)).sort()).toEqual(kept);
      expect(await auditTable(table, within)).toMatchObject({ connections: 1, erasing: 0, findings: [] });
    }
  });

  it('has left nothing, or its mark, when it crashed before its first delete', async () => {
    const table = createMemoryTable();
    await fill(table, 'c-1');
    const before = await keysOf(table);
    const crashing: Table = { ...table, put: () => Promise.reject(new Error('crash')) };
    await expect(forgetConnection(crashing, 'c-1', within)).rejects.toThrow('crash');
    expect(await keysOf(table)).toEqual(before);
    expect(await endErasures(table, shardOf('c-1'), within)).toEqual([]);
    expect(await keysOf(table)).toEqual(before);
  });

  describe('while a run is under way', () => {
    /** What a run writes, in its order. */
    async function run(table: Table, replaces: boolean, before: (step: string) => Promise<unknown>): Promise<void> {
      const journal = createJournal({ table });
      const head = await journal.readHead('c-1', within);
      if (head === undefined) throw new Error('not linked');
      const record = { path: '$', reason: 'SCHEMA', expected: 'number', received: 'string', redacted: '{}' } as const;
      await before('quarantine');
      await putQuarantined(table, 'c-1', record, { ...within, receivedEpochMs: 1 });
      await before('entry');
      const appended = await journal.append(head, 'c-1', samplePage({ runId: 'late' }), within);
      await before('head');
      const after = appended.head ?? head;
      await journal.saveHead(after, within);
      await before('state');
      const state = { connectionId: 'c-1', version: after.version, hash: after.hash, body: Buffer.from('state') };
      await saveInsightState(table, state, { ...within, replaces });
      await before('end');
    }

    it.each(['quarantine', 'entry', 'head', 'state', 'end'])(
      'leaves nothing of it: erased before its %s',
      async (at) => {
        for (const isFirstState of [true, false]) {
          const table = createMemoryTable();
          await fill(table, 'c-1');
          if (!isFirstState) await run(table, true, async () => {});
          const ends = run(
            table,
            isFirstState,
            async (step) => step === at && (await forgetConnection(table, 'c-1', within)),
          );
          if (at === 'state' || at === 'end') await ends;
          else await expect(ends).rejects.toMatchObject({ code: 'CONNECTION_UNKNOWN' });
          expect(await keysOf(table)).toEqual([]);
        }
      },
    );

    it('makes a head again that is missing for another reason', async () => {
      const table = createMemoryTable();
      await fill(table, 'c-1');
      const head = { pk: 'CONN#c-1', sk: 'HEAD' };
      await run(table, true, async (step) => step === 'head' && (await table.delete(head, within)));
      expect(await auditTable(table, within)).toMatchObject({ connections: 1, findings: [] });
      expect(await keysOf(table)).toContain('CONN#c-1 HEAD');
    });
  });

  it('erases damaged items too', async () => {
    const table = createMemoryTable();
    await fill(table, 'c-1');
    await table.put({ pk: 'CONN#c-1', sk: 'LOG#000000000002', body: 'damaged' }, undefined, within);
    await table.put({ pk: 'CONN#c-1', sk: 'HEAD', version: 1 }, undefined, within);
    await forgetConnection(table, 'c-1', within);
    expect(await keysOf(table)).toEqual([]);
  });
});

describe('what runs write while a connection is erased', () => {
  const page = (runId: string) => samplePage({ runId });
  const unknown = expect.objectContaining({ code: 'CONNECTION_UNKNOWN' });

  /** Two runs had read the connection before it was erased; the first has written on since, and the second's entries are its own. */
  async function twoRuns(table: Table) {
    await fill(table, 'c-1');
    const journal = createJournal({ table });
    const before = await journal.readHead('c-1', within);
    await forgetConnection(table, 'c-1', within);
    const first = await journal.append(before, 'c-1', page('first'), within);
    const ahead = await journal.append(first.head, 'c-1', page('ahead'), within);
    await table.delete({ pk: 'CONN#c-1', sk: 'LOG#000000000022' }, within);
    return { journal, before, ahead };
  }

  it('is erased by the one that meets the other', async () => {
    const table = createMemoryTable();
    const { journal, before } = await twoRuns(table);
    const own = await journal.append(before, 'c-1', page('second'), within);
    await expect(journal.append(own.head, 'c-1', page('on'), within)).rejects.toEqual(unknown);
    expect(await keysOf(table)).toEqual([]);
  });

  it('is erased by the next event where the run has died', async () => {
    const table = createMemoryTable();
    const { journal } = await twoRuns(table);
    expect(await journal.readHead('c-1', within)).toBeUndefined();
    await journal.eraseRemains('c-1', within);
    expect(await keysOf(table)).toEqual([]);
  });

  it('is no head either, where a run has read no more than the link', async () => {
    const table = createMemoryTable();
    const journal = createJournal({ table });
    const link = { userId: 'user-1', provider: 'plaid', institutionId: 'i', sealedToken: 's', runId: 'r' };
    const head = await linkConnection({ journal, table }, { ...link, connectionId: 'c-1', writtenEpochMs: 0 }, within);
    expect(await journal.saveHead(head, within)).toBe('overtaken');
    await forgetConnection(table, 'c-1', within);
    await expect(journal.saveHead(head, within)).rejects.toEqual(unknown);
    expect(await keysOf(table)).toEqual([]);
  });

  it('is found by the mark where a run wrote it, and its head, while the erasure was at work', async () => {
    const table = createMemoryTable();
    await fill(table, 'c-1');
    const journal = createJournal({ table });
    const before = await journal.readHead('c-1', within);
    let isWritten = false;
    const racing: Table = {
      ...table,
      delete: async (key, options) => {
        if (key.sk === 'HEAD' && !isWritten) {
          isWritten = true;
          const { head } = await journal.append(before, 'c-1', page('late'), within);
          if (head !== undefined) await journal.saveHead(head, within);
        }
        return await table.delete(key, options);
      },
    };
    await forgetConnection(racing, 'c-1', within);
    expect(await keysOf(table)).toHaveLength(2); // the entry and the mark
    await endErasures(table, shardOf('c-1'), within);
    expect(await keysOf(table)).toEqual([]);
  });

  it('is erased by its run, too, where every answer to the put of its head gets lost', async () => {
    const table = createMemoryTable();
    const lossy: Table = {
      ...table,
      put: async (item, ...more) => (item.sk === 'HEAD' ? 'unknown' : table.put(item, ...more)),
    };
    const { head } = (await twoRuns(table)).ahead;
    if (head === undefined) throw new TypeError('nothing was appended');
    await expect(createJournal({ table: lossy }).saveHead(head, within)).rejects.toEqual(unknown);
    expect(await keysOf(table)).toEqual([]);
  });

  it.each([['LIST'], ['HEAD'], ['LOG#000000000001']])('is damage where %s is left, and stays', async (left) => {
    const table = createMemoryTable();
    await fill(table, 'c-1');
    for await (const { pk, sk } of table.scan(within)) {
      const name = pk.startsWith('LIST#') ? 'LIST' : sk;
      const isLost = ['LIST', 'HEAD', 'LOG#000000000001'].includes(name) && name !== left;
      if (isLost || sk === 'LOG#000000000003') await table.delete({ pk, sk }, within);
    }
    const journal = createJournal({ table });
    const kept = await keysOf(table);
    await journal.eraseRemains('c-1', within);
    expect(await keysOf(table)).toEqual(kept);
    if (left !== 'HEAD') await expect(journal.readHead('c-1', within)).rejects.toMatchObject({ code: 'ENTRY_CORRUPT' });
  });
});
