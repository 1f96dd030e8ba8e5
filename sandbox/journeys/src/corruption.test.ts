/** Someone tampers with the table of a running system: the audit names each change. */
import type { System } from '@quartersec/sandbox-system';
import { auditTable, connectionPk, entrySk, headSk, type TableItem } from '@quartersec/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectCleanAudit, postEvent, startJourneySystem, within } from './journey.ts';

let system: System;

beforeAll(async () => {
  system = await startJourneySystem({ connections: 6 });
  for (let event = 0; event < 3; event += 1) {
    for (let index = 0; index < 6; index += 1) await postEvent(system, { connectionId: `conn-${index}` });
  }
  await expectCleanAudit(system);
});

afterAll(() => system?.close());

const read = async (pk: string, sk: string): Promise<TableItem> => {
  const item = await system.table.get({ pk, sk }, { ...within(), fresh: true });
  if (item === undefined) throw new Error(`no item ${pk} ${sk}`);
  return item;
};
const write = (item: TableItem) => system.table.put(item, undefined, within());

/** The findings of this connection, as `code sk`. */
async function findings(index: number): Promise<string[]> {
  const report = await auditTable(system.table, within());
  return report.findings
    .filter(({ pk }) => pk === connectionPk(`conn-${index}`))
    .map(({ code, sk }) => `${code} ${sk}`);
}

describe('the audit', () => {
  it('finds one flipped bit', async () => {
    const item = await read(connectionPk('conn-0'), entrySk(2));
    const body = Buffer.from(item.body as Uint8Array);
    body[40] = (body[40] ?? 0) ^ 1;
    await write({ ...item, body });
    expect(await findings(0)).toEqual([`ENTRY_ALTERED ${entrySk(2)}`]);
  });

  it('finds two swapped entries', async () => {
    const pk = connectionPk('conn-1');
    const [second, third] = [await read(pk, entrySk(2)), await read(pk, entrySk(3))];
    await write({ ...second, sk: entrySk(3) });
    await write({ ...third, sk: entrySk(2) });
    expect(await findings(1)).toEqual([`ENTRY_MISPLACED ${entrySk(2)}`, `ENTRY_MISPLACED ${entrySk(3)}`]);
  });

  it('finds a deleted entry', async () => {
    await system.table.delete({ pk: connectionPk('conn-2'), sk: entrySk(3) }, within());
    expect(await findings(2)).toEqual([`ENTRY_MISSING ${entrySk(3)}`]);
  });

  it('finds an entry copied to another connection', async () => {
    const item = await read(connectionPk('conn-0'), entrySk(3));
    await write({ ...item, pk: connectionPk('conn-3'), sk: entrySk(5) });
    expect(await findings(3)).toEqual([`ENTRY_MISPLACED ${entrySk(5)}`]);
  });

  it('finds a head that was rolled back', async () => {
    const pk = connectionPk('conn-4');
    const before = await read(pk, headSk);
    await postEvent(system, { connectionId: 'conn-4' });
    await write(before);
    expect(await findings(4)).toEqual([`HEAD_BEHIND ${headSk}`]);
  });

  it('finds nothing wrong with what nobody touched', async () => {
    expect(await findings(5)).toEqual([]);
  });
});
