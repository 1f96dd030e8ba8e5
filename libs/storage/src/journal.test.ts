import { createHash } from 'node:crypto';
import { createDeadline } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { createFaultyTable, type PutFault } from './faulty-table.ts';
import { createHeadDecoder, decodeHead, encodeHead } from './head-codec.ts';
import { type AppendResult, createJournal, type Journal } from './journal.ts';
import { sampleLinked, samplePage, sampleStatus, sampleTransaction } from './journal-samples.ts';
import { createMemoryTable } from './memory-table.ts';
import type { Head } from './model.ts';
import { unpackText } from './packed-text.ts';
import type { Table } from './table.ts';
import { flipBit } from './testing/damaged-items.ts';

const within = { deadline: createDeadline(600_000, () => performance.now()) };
const fresh = { ...within, fresh: true };

function committed(result: AppendResult): Head {
  if (result.outcome !== 'committed') throw new Error('expected a commit');
  return result.head;
}

async function linked(journal: Journal): Promise<Head> {
  const head = committed(await journal.append(undefined, 'c-1', sampleLinked(), within));
  expect(await journal.saveHead(head, within)).toBe('saved');
  return head;
}

const entryKey = (version: number) => ({ pk: 'CONN#c-1', sk: `LOG#00000000000${version}` });
const headKey = { pk: 'CONN#c-1', sk: 'HEAD' };

describe('append', () => {
  it('writes one entry and leaves the head to saveHead', async () => {
    const table = createMemoryTable();
    const journal = createJournal({ table });
    const head = await linked(journal);
    const result = await journal.append(head, 'c-1', samplePage(), within);
    expect(result).toMatchObject({ outcome: 'committed', entry: { version: 2, previousHash: head.hash } });
    expect(await journal.readHead('c-1', fresh)).toEqual(head);
    expect(await journal.saveHead(committed(result), within)).toBe('saved');
    expect(await journal.readHead('c-1', fresh)).toEqual(committed(result));
  });

  it('tells the loser of a race where the journal is now, and stores nothing of it', async () => {
    const table = createMemoryTable();
    const journal = createJournal({ table });
    const head = await linked(journal);
    const winner = committed(await journal.append(head, 'c-1', samplePage({ runId: 'winner' }), within));
    const loser = await journal.append(head, 'c-1', samplePage({ runId: 'loser' }), within);
    expect(loser).toEqual({ outcome: 'conflict', head: winner });
    expect(await table.get(entryKey(3), fresh)).toBeUndefined();
  });

  it('rolls a stale head forward over everything that was written since', async () => {
    const journal = createJournal({ table: createMemoryTable() });
    const stale = await linked(journal);
    let head = stale;
    for (let page = 1; page <= 40; page++) {
      head = committed(await journal.append(head, 'c-1', samplePage({ cursorAfter: `c${page}` }), within));
    }
    const result = await journal.append(stale, 'c-1', sampleStatus(), within);
    expect(result).toEqual({ outcome: 'conflict', head });
    expect(head).toMatchObject({ version: 41, cursor: 'c40' });
  });

  it('lets exactly one of ten writers commit', async () => {
    const journal = createJournal({ table: createMemoryTable() });
    const head = await linked(journal);
    const runs = Array.from({ length: 10 }, (_, run) =>
      journal.append(head, 'c-1', samplePage({ runId: `run-${run}` }), within),
    );
    const outcomes = (await Promise.all(runs)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1);
  });

  it('refuses a page for a connection that was never linked, and writes nothing', async () => {
    const table = createMemoryTable();
    const append = createJournal({ table }).append(undefined, 'c-1', samplePage(), within);
    await expect(append).rejects.toMatchObject({ code: 'CONNECTION_UNKNOWN' });
    expect(await table.get(entryKey(1), fresh)).toBeUndefined();
  });

  describe('with a lost answer', () => {
    const withFaults = (table: Table, faults: (PutFault | undefined)[]) =>
      createJournal({ table: createFaultyTable(table, { nextPutFault: () => faults.shift() }) });

    it('finds its own entry and has committed', async () => {
      const table = createMemoryTable();
      const head = await linked(createJournal({ table }));
      const result = await withFaults(table, ['lost-after']).append(head, 'c-1', samplePage(), within);
      expect(result).toMatchObject({ outcome: 'committed', entry: { version: 2 } });
    });

    it('looks for it where it was written, not where a read may be behind', async () => {
      const table = createMemoryTable();
      const head = await linked(createJournal({ table }));
      const faults: PutFault[] = ['lost-after'];
      const behind = createFaultyTable(table, { nextPutFault: () => faults.shift(), nextStaleness: () => 1 });
      const result = await createJournal({ table: behind }).append(head, 'c-1', samplePage(), within);
      expect(result).toMatchObject({ outcome: 'committed', entry: { version: 2 } });
    });

    it('puts again when nothing is there', async () => {
      const table = createMemoryTable();
      const head = await linked(createJournal({ table }));
      const journal = withFaults(table, ['lost-before', 'lost-before', 'lost-after']);
      expect(await journal.append(head, 'c-1', samplePage(), within)).toMatchObject({ outcome: 'committed' });
      expect(await table.get(entryKey(3), fresh)).toBeUndefined();
    });

    it('finds the entry of another run and starts over', async () => {
      const table = createMemoryTable();
      const head = await linked(createJournal({ table }));
      const other = committed(await createJournal({ table }).append(head, 'c-1', sampleStatus(), within));
      const result = await withFaults(table, ['lost-after']).append(head, 'c-1', samplePage(), within);
      expect(result).toEqual({ outcome: 'conflict', head: other });
    });

    it('takes its own late write for a commit, when the second put is refused by it', async () => {
      const table = createMemoryTable();
      const head = await linked(createJournal({ table }));
      let late: (() => Promise<unknown>) | undefined;
      const delaying: Table = {
        ...table,
        async put(item, condition, options) {
          if (late === undefined) {
            late = () => table.put(item, condition, options); // still under way when nobody waits for it
            return 'unknown';
          }
          await late();
          return table.put(item, condition, options);
        },
      };
      const result = await createJournal({ table: delaying }).append(head, 'c-1', samplePage(), within);
      expect(result).toMatchObject({ outcome: 'committed', entry: { version: 2 } });
    });

    it('gives up when every answer gets lost and nothing arrives', async () => {
      const table = createMemoryTable();
      const head = await linked(createJournal({ table }));
      const journal = createJournal({ table: createFaultyTable(table, { nextPutFault: () => 'lost-before' }) });
      const append = journal.append(head, 'c-1', samplePage(), within);
      await expect(append).rejects.toMatchObject({ code: 'TABLE_UNREACHABLE', facts: { version: 2 } });
    });
  });
});

describe('saveHead', () => {
  it('never goes downwards', async () => {
    const journal = createJournal({ table: createMemoryTable() });
    const old = await linked(journal);
    const head = committed(await journal.append(old, 'c-1', samplePage(), within));
    expect(await journal.saveHead(head, within)).toBe('saved');
    expect(await journal.saveHead(old, within)).toBe('overtaken');
    expect(await journal.readHead('c-1', fresh)).toEqual(head);
  });

  it('puts once more after a lost answer, and leaves it at that', async () => {
    const table = createMemoryTable();
    const head = await linked(createJournal({ table }));
    const next = committed(await createJournal({ table }).append(head, 'c-1', samplePage(), within));
    const faults: PutFault[] = ['lost-before', 'lost-before', 'lost-after'];
    const journal = createJournal({ table: createFaultyTable(table, { nextPutFault: () => faults.shift() }) });
    expect(await journal.saveHead(next, within)).toBe('unknown');
    expect(await journal.saveHead(next, within)).toBe('overtaken'); // by its own first put
    expect(await journal.readHead('c-1', fresh)).toEqual(next);
  });
});

describe('readHead', () => {
  it('answers undefined for a connection without entries', async () => {
    expect(await createJournal({ table: createMemoryTable() }).readHead('c-1', within)).toBeUndefined();
  });

  it('makes a missing head again: a crash after the first entry', async () => {
    const journal = createJournal({ table: createMemoryTable() });
    const head = committed(await journal.append(undefined, 'c-1', sampleLinked(), within));
    expect(await journal.readHead('c-1', within)).toEqual(head);
  });

  it('makes a damaged head again, whichever attribute is damaged', async () => {
    const table = createMemoryTable();
    const journal = createJournal({ table });
    const head = await linked(journal);
    const item = encodeHead(head);
    const damages: Record<string, string | number>[] = [
      { body: String(item.body).replace('plaid', 'plaie') },
      { version: 2 },
      { version: 'x' },
      { hash: `1${head.hash.slice(1)}` },
      { sum: 'x' },
      { extra: 1 },
    ];
    for (const damage of damages) {
      await table.put({ ...item, ...damage } as typeof item, undefined, within);
      expect(await journal.readHead('c-1', within)).toEqual(head);
    }
  });

  it('reads through the cache unless it must be fresh, and writes heads through it', async () => {
    const table = createMemoryTable();
    const calls: string[] = [];
    const cache: Table = {
      ...table,
      get: (key, options) => {
        calls.push(`get ${key.sk}`);
        return table.get(key, options);
      },
      put: (item, condition, options) => {
        calls.push(`put ${item.sk}`);
        return table.put(item, condition, options);
      },
    };
    const journal = createJournal({ table, cache });
    const head = await linked(journal);
    expect(calls).toEqual(['put HEAD']);
    expect(await journal.readHead('c-1', within)).toEqual(head);
    expect(await journal.readHead('c-1', fresh)).toEqual(head);
    expect(calls).toEqual(['put HEAD', 'get HEAD']);
  });

  it('gives the heads of many connections as they were written last, but for those that are missing or damaged', async () => {
    const table = createMemoryTable();
    // What a cache has of them is older.
    const journal = createJournal({ table, cache: createFaultyTable(table, { nextStaleness: () => 1 }) });
    const heads: Head[] = [];
    for (const connectionId of ['c1', 'c2', 'c3']) {
      const first = committed(await journal.append(undefined, connectionId, sampleLinked(), within));
      await journal.saveHead(first, within);
      const head = committed(await journal.append(first, connectionId, samplePage(), within));
      await journal.saveHead(head, within);
      heads.push(head);
    }
    const [first, , third] = heads;
    const item = await table.get({ pk: 'CONN#c2', sk: 'HEAD' }, { ...within, fresh: true });
    await table.put({ ...item, pk: 'CONN#c2', sk: 'HEAD', version: 7 }, undefined, within);
    const stored = await journal.storedHeads(['c3', 'c1', 'c2', 'absent'], within);
    expect(stored).toEqual(
      new Map([
        ['c1', first],
        ['c3', third],
      ]),
    );
    expect((await journal.storedHeads([], within)).size).toBe(0);
  });

  it('names an entry that is damaged when it has to fold it', async () => {
    const table = createMemoryTable();
    const journal = createJournal({ table });
    await linked(journal);
    const item = await table.get(entryKey(1), fresh);
    if (!item) throw new Error('no entry');
    await table.put({ ...item, body: String(item.body).replace('user-1', 'user-2') }, undefined, within);
    await table.delete(headKey, within);
    const expected = { code: 'ENTRY_CORRUPT', facts: entryKey(1) };
    await expect(journal.readHead('c-1', within)).rejects.toMatchObject(expected);
  });
});

const olderHead: Head = {
  connectionId: 'c-1',
  version: 1,
  hash: 'a'.repeat(64),
  userId: 'user-1',
  provider: 'plaid',
  institutionId: 'ins-1',
  sealedToken: 'v1.sealed',
  status: 'active',
  statusReason: null,
  nextAttemptEpochMs: null,
  cursor: null,
  loop: null,
  history: 'complete',
  lastSync: null,
  accounts: [],
  accountsReadEpochMs: null,
  accountsListVersion: 0,
  openList: null,
  aside: 0,
};

describe('a head as an item', () => {
  it('holds version and hash beside the rest, each once', async () => {
    const journal = createJournal({ table: createMemoryTable() });
    const head = await linked(journal);
    const item = encodeHead(head);
    expect(Object.keys(item)).toEqual(['pk', 'sk', 'version', 'hash', 'body', 'sum']);
    expect(item).toMatchObject({ pk: 'CONN#c-1', sk: 'HEAD', version: 1, hash: Buffer.from(head.hash, 'hex') });
    expect(unpackText(item.body as Uint8Array)).not.toContain(head.hash);
    expect(decodeHead(item)).toEqual(head);
    expect(decodeHead({ ...item, pk: 'CONN#c-2' })).toBeUndefined();
    expect(decodeHead({ ...item, pk: 'OTHER#c-1' })).toBeUndefined();
  });

  it('is read as it was written before bodies were packed', () => {
    const { connectionId, version, hash, ...rest } = olderHead;
    const body = JSON.stringify(rest);
    const sum = createHash('sha256').update(`8:CONN#c-11:1${hash.length}:${hash}${body.length}:${body}`).digest('hex');
    const item = { pk: `CONN#${connectionId}`, sk: 'HEAD', version, hash, body, sum: sum.slice(0, 32) };
    expect(decodeHead(item)).toEqual(olderHead);
    expect(decodeHead({ ...item, body: body.replace('user-1', 'user-2') })).toBeUndefined();
  });

  it('is decoded once while its item stays the same, whichever attribute changes, and few are remembered', async () => {
    const journal = createJournal({ table: createMemoryTable() });
    const head = await linked(journal);
    const item = encodeHead(head);
    const other = encodeHead({ ...head, connectionId: 'c-2' });
    const decode = createHeadDecoder(1);
    const first = decode(item);
    expect(first).toEqual(head);
    expect(decode(structuredClone(item))).toBe(first);
    const flipped = Object.entries(item).map(([name, value]) =>
      typeof value === 'number' ? { ...item, [name]: value + 1 } : { ...item, [name]: flipBit(value, 7, 1) },
    );
    for (const damaged of [...flipped, { ...item, extra: 1 }]) {
      expect(decode(item)).toEqual(head);
      expect(decode(damaged)).toEqual(decodeHead(damaged));
    }
    const again = decode(item);
    expect(decode(other)).toEqual({ ...head, connectionId: 'c-2' });
    expect(decode(item)).not.toBe(again);
    expect(decode(item)).toEqual(again);
  });

  it('carries transactions nowhere: its size does not grow with the history', async () => {
    const journal = createJournal({ table: createMemoryTable() });
    const head = await linked(journal);
    const added = Array.from({ length: 100 }, (_, index) => sampleTransaction(`t-${index}`));
    const next = committed(await journal.append(head, 'c-1', samplePage({ added }), within));
    expect((encodeHead(next).body as Uint8Array).length).toBeLessThan(200);
  });
});
