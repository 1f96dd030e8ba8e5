import { createDeadline } from '@quartersec/sla';
import { beforeEach, describe, expect, it } from 'vitest';
import { sealEntry } from './entry-codec.ts';
import { sampleLinked, samplePage, sampleTransaction } from './journal-samples.ts';
import { createMemoryTable } from './memory-table.ts';
import { showEntry } from './show-entry.ts';
import type { Table, TableItem } from './table.ts';
import { flipBit, rewritten } from './testing/damaged-items.ts';

const within = { deadline: createDeadline(60_000, () => performance.now()) };
const page = samplePage({ added: [sampleTransaction('t-1')] });
const first = sealEntry(undefined, 'c-1', sampleLinked());
const second = sealEntry(first.entry, 'c-1', page);

describe('showEntry', () => {
  let table: Table;
  const put = (item: TableItem) => table.put(item, undefined, within);
  beforeEach(async () => {
    table = createMemoryTable();
    await put(first.item);
    await put(second.item);
  });

  it('says in full what an entry says, and that it is as it was written', async () => {
    expect(await showEntry(table, 'c-1', 2, within)).toEqual({
      pk: 'CONN#c-1',
      sk: 'LOG#000000000002',
      hashState: 'holds',
      chainState: 'follows',
      previousHash: first.entry.hash,
      hash: second.entry.hash,
      content: page,
    });
    expect(await showEntry(table, 'c-1', 1, within)).toMatchObject({ hashState: 'holds', chainState: 'follows' });
  });

  it('is undefined where there is none', async () => {
    expect(await showEntry(table, 'c-1', 3, within)).toBeUndefined();
    expect(await showEntry(table, 'c-2', 1, within)).toBeUndefined();
  });

  it('still shows an entry whose hash was changed', async () => {
    await put({ ...second.item, hash: flipBit(second.item.hash ?? '', 5, 0) });
    expect(await showEntry(table, 'c-1', 2, within)).toMatchObject({ hashState: 'differs', content: page });
  });

  it('shows that an intact entry was not written after the one before, or that nobody knows', async () => {
    await put(rewritten(first.item, { body: (text) => text.replace('user-1', 'user-2') }));
    expect(await showEntry(table, 'c-1', 2, within)).toMatchObject({ hashState: 'holds', chainState: 'broken' });
    await table.delete(first.item, within);
    expect(await showEntry(table, 'c-1', 2, within)).toMatchObject({ hashState: 'holds', chainState: 'unknown' });
  });

  it('says that an entry cannot be unpacked', async () => {
    await put({ ...second.item, body: (second.item.body as Uint8Array).slice(0, 20) });
    expect(await showEntry(table, 'c-1', 2, within)).toMatchObject({ hashState: 'unreadable', content: undefined });
  });

  it('says that a hash holds over what nobody of ours wrote', async () => {
    await put(rewritten(second.item, { body: () => 'no JSON' }));
    expect(await showEntry(table, 'c-1', 2, within)).toMatchObject({ hashState: 'holds', content: undefined });
  });
});
