/** A user is erased while a DAX node holds what was read of them: `npm run forget` with `--dax`, as on AWS. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { region, type System } from '@quartersec/sandbox-system';
import { connectionPk, type DaxTable, headSk, openDaxTable, readConnectionIds } from '@quartersec/storage';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { expectCleanAudit, postEvent, readJournal, startJourneySystem, within } from './journey.ts';

const tool = fileURLToPath(new URL('../../../sandbox/system/src/data.ts', import.meta.url));
const [erased, kept] = ['conn-1', 'conn-2'];
let system: System;
let cache: DaxTable;
const wentPast = vi.fn();

beforeAll(async () => {
  system = await startJourneySystem({ connections: 4 });
  cache = openDaxTable({
    endpoint: system.cacheNode?.url ?? '',
    region,
    credentials: { current: () => ({ accessKeyId: 'sandbox', secretAccessKey: 'sandbox' }) },
    tableName: system.tableName,
    direct: system.table,
    nowMs: () => performance.now(),
    random: Math.random,
    patienceMs: 10_000,
    clientTimeoutMs: 10_000,
    connectTimeoutMs: 10_000,
    onFailure: wentPast,
  });
  expect(await cache.connected()).toBe(true);
});

afterAll(async () => {
  cache?.close();
  await system?.close();
});

const cachedHead = (connectionId: string) => cache.get({ pk: connectionPk(connectionId), sk: headSk }, within());
const storedItems = (connectionId: string) =>
  system.table.query({ pk: connectionPk(connectionId), fromSk: ' ', toSk: '~' }, { ...within(), fresh: true });
const hits = async () => (await system.cacheNode?.stats())?.itemCache.hits ?? 0;

it('forget through DAX: neither the item cache nor the table has the head or entries, and others keep theirs', async () => {
  for (const connectionId of [erased, kept, erased, kept]) await postEvent(system, { connectionId });
  const { userId } = (await readJournal(system, erased)).head;
  await cachedHead(erased);
  const hitsBefore = await hits();
  expect(await cachedHead(erased)).toMatchObject({ sk: headSk });
  expect(await hits()).toBe(hitsBefore + 1); // so the node has it in memory
  const itemsBefore = (await storedItems(erased)).length;

  const place = ['--table', system.tableName, '--region', region, '--endpoint', system.dynamoDbUrl];
  const dax = ['--dax', system.cacheNode?.url ?? ''];
  const { stdout } = await promisify(execFile)(process.execPath, [tool, 'forget', erased, ...place, ...dax]);

  expect(stdout).toBe(`${erased}: ${itemsBefore + 3} items erased\n`); // and the links of the user, the Item and the schedule
  expect([await cachedHead(erased), await storedItems(erased)]).toEqual([undefined, []]);
  expect(await readConnectionIds(system.table, userId, { ...within(), fresh: true })).not.toContain(erased);
  expect(await postEvent(system, { connectionId: erased })).toMatchObject({ status: 404 });
  expect(await cachedHead(kept)).toMatchObject({ sk: headSk });
  expect(wentPast).not.toHaveBeenCalled();
  await expectCleanAudit(system);
});
