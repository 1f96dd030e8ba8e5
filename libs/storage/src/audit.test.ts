import { createDeadline } from '@quartersec/sla';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { auditTable } from './audit.ts';
import { entryHash } from './entry-hash.ts';
import { encodeHead } from './head-codec.ts';
import { createJournal, type Journal } from './journal.ts';
import { samplePage, sampleTransaction } from './journal-samples.ts';
import { linkConnection } from './link-connection.ts';
import { createMemoryTable } from './memory-table.ts';
import { entrySk, genesisHash, type Head } from './model.ts';
import { putQuarantined } from './quarantine.ts';
import type { Table, TableItem, TableKey } from './table.ts';
import { flipBit, readsTheSame, rewritten } from './testing/damaged-items.ts';

const within = { deadline: createDeadline(600_000, () => performance.now()) };
const versions = 5;

const entryKey = (connectionId: string, version: number): TableKey => ({
  pk: `CONN#${connectionId}`,
  sk: `LOG#00000000000${version}`,
});
const headKey = (connectionId: string): TableKey => ({ pk: `CONN#${connectionId}`, sk: 'HEAD' });

describe('auditTable', () => {
  let table: Table;
  let journal: Journal;
  /** Heads of connection a, by version. */
  let heads: Head[];

  async function fill(connectionId: string): Promise<Head[]> {
    const link = {
      connectionId,
      userId: `user-${connectionId}`,
      provider: 'plaid',
      institutionId: 'i',
      itemId: `item-${connectionId}`,
    };
    const request = { ...link, sealedToken: 's', runId: 'r', writtenEpochMs: 0 };
    const all = [await linkConnection({ journal, table }, request, within)];
    for (let version = 2; version <= versions; version++) {
      const added = [sampleTransaction(`${connectionId}-${version}`)];
      const page = samplePage({ runId: `r${version}`, cursorAfter: `c${version}`, added });
      const result = await journal.append(all.at(-1), connectionId, page, within);
      if (result.outcome !== 'committed') throw new Error('expected a commit');
      await journal.saveHead(result.head, within);
      all.push(result.head);
    }
    return all;
  }

  async function stored(key: TableKey): Promise<TableItem> {
    const item = await table.get(key, within);
    if (!item) throw new Error(`no item ${key.pk} ${key.sk}`);
    return item;
  }

  const put = (item: TableItem) => table.put(item, undefined, within);
  const move = async (from: TableKey, to: TableKey) => {
    await put({ ...(await stored(from)), ...to });
    await table.delete(from, within);
  };
  /** What is found: code and place. */
  const found = async () => (await auditTable(table, within)).findings.map(({ code, pk, sk }) => `${code} ${pk} ${sk}`);

  beforeEach(async () => {
    table = createMemoryTable();
    journal = createJournal({ table });
    heads = await fill('a');
    await fill('b');
    const record = { path: '$', reason: 'SCHEMA', expected: 'number', received: 'string', redacted: '{}' } as const;
    await putQuarantined(table, 'a', record, { ...within, receivedEpochMs: 0 });
  });

  it('finds nothing in a table as it was written', async () => {
    expect(await auditTable(table, within)).toEqual({
      connections: 2,
      entries: 10,
      quarantined: 1,
      erasing: 0,
      findings: [],
    });
  });

  it('finds nothing in a journal longer than its pages', async () => {
    let head = heads[4];
    for (let version = 6; version <= 200; version++) {
      const result = await journal.append(head, 'a', samplePage({ runId: `r${version}` }), within);
      if (result.head) head = result.head;
    }
    if (head) await journal.saveHead(head, within);
    expect(await auditTable(table, within)).toMatchObject({ entries: 205, findings: [] });
  });

  describe('entries', () => {
    it.each(['prev', 'hash', 'body'])('names the one whose %s has one bit flipped, and only that', async (name) => {
      for (let version = 1; version <= versions; version++) {
        const intact = await stored(entryKey('a', version));
        await put({ ...intact, [name]: flipBit(intact[name] ?? '', 7, 0) });
        expect(await found()).toEqual([`ENTRY_ALTERED CONN#a LOG#00000000000${version}`]);
        await put(intact);
      }
      expect(await found()).toEqual([]);
    });

    it('names every single flipped bit of every attribute of every item, by some code, at its place or its old one', async () => {
      const items: TableItem[] = [];
      for await (const item of table.scan(within)) items.push(item);
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...items), fc.nat(), fc.nat(), fc.nat(6), async (item, which, at, bit) => {
          const names = Object.keys(item);
          const name = names[which % names.length] ?? '';
          const flipped = { ...item, [name]: flipBit(item[name] ?? '', at, bit) } as TableItem;
          if (readsTheSame(item[name], flipped[name])) return;
          await table.delete(item, within);
          const under = await table.get(flipped, within);
          await put(flipped);
          const places = (await auditTable(table, within)).findings.map(({ pk, sk }) => `${pk} ${sk}`);
          expect(places.some((place) => [flipped, item].some(({ pk, sk }) => place === `${pk} ${sk}`))).toBe(true);
          await table.delete(flipped, within);
          if (under) await put(under);
          await put(item);
        }),
        { numRuns: 400 },
      );
      expect(await found()).toEqual([]);
    });

    it('names an attribute too many', async () => {
      await put({ ...(await stored(entryKey('a', 2))), note: 'x' });
      expect(await found()).toEqual(['ENTRY_ALTERED CONN#a LOG#000000000002']);
    });

    it.each([
      ['first', 1],
      ['middle', 3],
    ])('names the %s one when it is missing', async (_, version) => {
      await table.delete(entryKey('a', version), within);
      expect(await found()).toEqual([`ENTRY_MISSING CONN#a LOG#00000000000${version}`]);
    });

    it('names the last one when it is missing, and the head that has seen it', async () => {
      await table.delete(entryKey('a', 5), within);
      expect(await found()).toEqual(['HEAD_AHEAD CONN#a HEAD', 'ENTRY_MISSING CONN#a LOG#000000000005']);
    });

    it('names a range of missing ones once', async () => {
      await table.delete(entryKey('a', 2), within);
      await table.delete(entryKey('a', 3), within);
      const { findings } = await auditTable(table, within);
      expect(findings).toEqual([{ code: 'ENTRY_MISSING', ...entryKey('a', 2), facts: { throughVersion: 3 } }]);
    });

    it('names all when only the head is left', async () => {
      for (let version = 1; version <= versions; version++) await table.delete(entryKey('a', version), within);
      const { findings } = await auditTable(table, within);
      expect(findings.map(({ code, facts }) => [code, facts])).toEqual([
        ['HEAD_AHEAD', { headVersion: 5, journalVersion: 0 }],
        ['ENTRY_MISSING', { throughVersion: 5 }],
        ['LINK_ORPHANED', {}],
        ['LINK_ORPHANED', {}],
        ['QUARANTINE_ORPHANED', {}],
        ['LINK_ORPHANED', {}],
      ]);
    });

    it('names both when two are swapped, and where each belongs', async () => {
      const [second, third] = [await stored(entryKey('a', 2)), await stored(entryKey('a', 3))];
      await put({ ...second, sk: third.sk });
      await put({ ...third, sk: second.sk });
      expect((await auditTable(table, within)).findings).toEqual([
        { code: 'ENTRY_MISPLACED', ...entryKey('a', 2), facts: { homePk: 'CONN#a', homeSk: third.sk } },
        { code: 'ENTRY_MISPLACED', ...entryKey('a', 3), facts: { homePk: 'CONN#a', homeSk: second.sk } },
      ]);
    });

    it('names both when only their contents are swapped', async () => {
      const [second, third] = [await stored(entryKey('a', 2)), await stored(entryKey('a', 3))];
      await put({ ...second, body: third.body ?? '' });
      await put({ ...third, body: second.body ?? '' });
      expect(await found()).toEqual(['ENTRY_ALTERED CONN#a LOG#000000000002', 'ENTRY_ALTERED CONN#a LOG#000000000003']);
    });

    it('names both when they are swapped between connections', async () => {
      const [ofA, ofB] = [await stored(entryKey('a', 3)), await stored(entryKey('b', 4))];
      await put({ ...ofA, pk: ofB.pk, sk: ofB.sk });
      await put({ ...ofB, pk: ofA.pk, sk: ofA.sk });
      expect(await found()).toEqual([
        'ENTRY_MISPLACED CONN#a LOG#000000000003',
        'ENTRY_MISPLACED CONN#b LOG#000000000004',
      ]);
    });

    it.each([
      ['over the one there', 3],
      ['behind the last', 6],
      ['far behind the last', 9],
    ])('names a copy in another connection %s', async (_, version) => {
      await put({ ...(await stored(entryKey('a', 3))), ...entryKey('b', version) });
      const home = { homePk: 'CONN#a', homeSk: entrySk(3) };
      expect((await auditTable(table, within)).findings).toEqual([
        { code: 'ENTRY_MISPLACED', ...entryKey('b', version), facts: home },
      ]);
    });

    it('names a copy under a connection that does not exist, and nothing else of that', async () => {
      await put({ ...(await stored(entryKey('a', 3))), pk: 'CONN#x' });
      expect(await found()).toEqual(['ENTRY_MISPLACED CONN#x LOG#000000000003']);
    });

    it('names one that was moved, at both ends', async () => {
      await move(entryKey('a', 3), { pk: 'CONN#x', sk: entrySk(7) });
      expect(await found()).toEqual([
        'ENTRY_MISSING CONN#a LOG#000000000003',
        'ENTRY_MISPLACED CONN#x LOG#000000000007',
      ]);
    });

    it('names the place where the chain was rewritten with valid hashes', async () => {
      const third = await stored(entryKey('a', 3));
      await put(rewritten(third, { body: (text) => text.replace('a-3', 'a-9') }));
      expect(await found()).toEqual(['CHAIN_BROKEN CONN#a LOG#000000000004']);
    });

    it('names a last one that was rewritten with a valid hash by its head', async () => {
      const last = await stored(entryKey('a', 5));
      await put(rewritten(last, { body: (text) => text.replace('a-5', 'a-9') }));
      expect(await found()).toEqual(['HEAD_DIFFERS CONN#a HEAD']);
    });

    it('still compares the hash of the head when the fold is broken off', async () => {
      await table.delete(entryKey('a', 2), within);
      const head = heads[4];
      if (head) await put(encodeHead({ ...head, hash: genesisHash }));
      expect(await found()).toEqual(['HEAD_DIFFERS CONN#a HEAD', 'ENTRY_MISSING CONN#a LOG#000000000002']);
    });

    it.each([
      ['no JSON', 'no JSON'],
      ['nothing that starts a connection', '{"kind":"status"}'],
    ])('names one that nobody could have written: %s', async (_, body) => {
      const key = { pk: 'CONN#x', sk: entrySk(1) };
      await put({ ...key, prev: genesisHash, hash: entryHash(genesisHash, key.pk, key.sk, body), body });
      expect(await found()).toContain('ENTRY_UNREADABLE CONN#x LOG#000000000001');
    });
  });

  describe('heads', () => {
    it('names one that is rolled back, by how much', async () => {
      const old = heads[2];
      if (old) await put(encodeHead(old));
      expect((await auditTable(table, within)).findings).toEqual([
        { code: 'HEAD_BEHIND', ...headKey('a'), facts: { headVersion: 3, journalVersion: 5 } },
      ]);
    });

    it('names one that is rolled back and changed for both', async () => {
      const old = heads[2];
      if (old) await put(encodeHead({ ...old, cursor: 'c9' }));
      expect(await found()).toEqual(['HEAD_BEHIND CONN#a HEAD', 'HEAD_DIFFERS CONN#a HEAD']);
    });

    it('names one that is missing', async () => {
      await table.delete(headKey('a'), within);
      expect(await found()).toEqual(['HEAD_MISSING CONN#a HEAD']);
    });

    it('names one whose content is not the fold, though its check sum is right', async () => {
      const head = heads[4];
      if (head) await put(encodeHead({ ...head, cursor: 'c9' }));
      expect(await found()).toEqual(['HEAD_DIFFERS CONN#a HEAD']);
    });

    it('names one that claims entries beyond any count, without trying them all', async () => {
      const head = heads[4];
      if (head) await put(encodeHead({ ...head, version: 900_000_000_000 }));
      const { findings } = await auditTable(table, within);
      expect(findings.map(({ code, facts }) => [code, facts])).toEqual([
        ['HEAD_AHEAD', { headVersion: 900_000_000_000, journalVersion: 5 }],
        ['ENTRY_MISSING', { throughVersion: 900_000_000_000 }],
      ]);
    });

    it('does not call a head behind that a run moves on while the audit reads', async () => {
      const result = await journal.append(heads[4], 'a', samplePage(), within);
      let committed = false;
      const racing: Table = {
        ...table,
        async query(...args) {
          const items = await table.query(...args);
          if (!committed && args[0].pk === 'CONN#a' && result.head) await journal.saveHead(result.head, within);
          committed = true;
          return items;
        },
      };
      expect((await auditTable(racing, within)).findings).toEqual([]);
    });

    it('lets a run that has committed write its head before it looks again', async () => {
      const result = await journal.append(heads[4], 'a', samplePage(), within);
      const settle = async () => {
        if (result.head) await journal.saveHead(result.head, within);
      };
      expect((await auditTable(table, { ...within, settle })).findings).toEqual([]);
    });

    it('looks once more when another run commits meanwhile, and in the end names a head that never gets there', async () => {
      let head = heads[4];
      let waits = 0;
      const settle = async () => {
        waits += 1;
        if (head) await journal.saveHead(head, within);
        const result = await journal.append(head, 'a', samplePage({ runId: `meanwhile-${waits}` }), within);
        head = result.head;
      };
      await settle();
      waits = 0;
      expect((await auditTable(table, { ...within, settle })).findings).toEqual([
        { code: 'HEAD_BEHIND', ...headKey('a'), facts: { headVersion: 8, journalVersion: 9 } },
      ]);
      expect(waits).toBe(3);
    });

    it('waits once for a head that stays behind, and not at all where nothing is', async () => {
      let waits = 0;
      const settle = async () => {
        waits += 1;
      };
      await auditTable(table, { ...within, settle });
      expect(waits).toBe(0);
      await journal.append(heads[4], 'a', samplePage(), within);
      const { findings } = await auditTable(table, { ...within, settle });
      expect(findings.map(({ code }) => code)).toEqual(['HEAD_BEHIND']);
      expect(waits).toBe(1);
    });

    it('calls it behind when nobody moves it on: a crash before the head looks like a rolled-back one', async () => {
      await journal.append(heads[4], 'a', samplePage(), within);
      expect(await found()).toEqual(['HEAD_BEHIND CONN#a HEAD']);
    });
  });

  describe('the rest', () => {
    it('names a link that is missing, one to nowhere, and one to another user’s connection', async () => {
      await table.delete({ pk: 'USER#user-a', sk: 'CONN#a' }, within);
      await put({ pk: 'USER#user-b', sk: 'CONN#nowhere' });
      await put({ pk: 'USER#user-b', sk: 'CONN#a' });
      expect(await found()).toEqual([
        'LINK_MISSING USER#user-a CONN#a',
        'LINK_FOREIGN USER#user-b CONN#a',
        'LINK_ORPHANED USER#user-b CONN#nowhere',
      ]);
    });

    it('names a changed quarantined record, and records of a connection that does not exist', async () => {
      const [item] = await table.query({ pk: 'QUAR#a', fromSk: '0', toSk: '9' }, within);
      if (!item) throw new Error('no quarantined record');
      await put({ ...item, body: '{}' });
      await put({ ...item, pk: 'QUAR#x' });
      expect(await found()).toEqual([
        `QUARANTINE_ALTERED QUAR#a ${item.sk}`,
        `QUARANTINE_ALTERED QUAR#x ${item.sk}`,
        `QUARANTINE_ORPHANED QUAR#x ${item.sk}`,
      ]);
    });

    describe('where records were set aside', () => {
      const dayMs = 86_400_000;
      const writtenEpochMs = 100 * dayMs;
      const missing = async (daysLater: number, of: Table = table) => {
        const options = { ...within, nowEpochMs: writtenEpochMs + daysLater * dayMs };
        return (await auditTable(of, options)).findings;
      };
      const append = async (content: Parameters<Journal['append']>[2]) => {
        const result = await journal.append(heads.at(-1), 'a', content, within);
        await journal.saveHead(result.head as Head, within);
        heads.push(result.head as Head);
      };
      const asidePage = (quarantined: number) =>
        samplePage({ runId: `r${heads.length}`, cursorAfter: `c${heads.length}`, quarantined, writtenEpochMs });

      beforeEach(async () => {
        await append(asidePage(3)); // with one item there
      });

      it('names the connection that has fewer of them', async () => {
        expect(await missing(1)).toEqual([
          { code: 'QUARANTINE_MISSING', ...headKey('a'), facts: { setAside: 3, items: 1 } },
        ]);
      });

      it('says nothing of those that may have ended with their time to live, nor without a clock', async () => {
        expect((await missing(60)).map(({ code }) => code)).toEqual(['QUARANTINE_MISSING']);
        expect(await missing(61)).toEqual([]);
        expect(await found()).toEqual([]);
      });

      it('counts those alone that were set aside since some came back', async () => {
        await append({ kind: 'returned', runId: 'r', writtenEpochMs, records: [], stillAside: 1 });
        expect(await missing(1)).toEqual([]);
        await append(asidePage(2));
        expect((await missing(1)).map(({ facts }) => facts)).toEqual([{ setAside: 2, items: 1 }]);
      });

      it('looks again at a connection that goes on meanwhile: they may be back by then', async () => {
        let isBack = false;
        const moving: Table = {
          ...table,
          async query(range, options) {
            if (range.pk === 'QUAR#a' && !isBack) {
              isBack = true;
              await append({ kind: 'returned', runId: 'r', writtenEpochMs, records: [], stillAside: 1 });
            }
            return table.query(range, options);
          },
        };
        expect(await missing(1, moving)).toEqual([]);
        expect(isBack).toBe(true);
      });
    });

    it('names items under keys that we never write', async () => {
      await put({ pk: 'CONN#a', sk: 'LOG#2' });
      await put({ pk: 'CONN#a', sk: 'LOG#000000000000' });
      await put({ pk: 'OTHER', sk: 'x' });
      await put({ pk: 'USER#user-a', sk: 'CONN#a', note: 'x' });
      expect(await found()).toEqual([
        'ITEM_UNKNOWN CONN#a LOG#000000000000',
        'ITEM_UNKNOWN CONN#a LOG#2',
        'ITEM_UNKNOWN OTHER x',
        'ITEM_UNKNOWN USER#user-a CONN#a',
        'LINK_MISSING USER#user-a CONN#a',
      ]);
    });
  });
});
