import { createDeadline } from '@quartersec/sla';
import { connectionIdOf } from '@quartersec/validation';
import { beforeEach, describe, expect, it } from 'vitest';
import { createGrantRecords } from './access-grant.ts';
import { readAside } from './aside.ts';
import { auditTable } from './audit.ts';
import { createExchangeRecords } from './exchange-record.ts';
import { encodeHead } from './head-codec.ts';
import { createJournal, type Journal } from './journal.ts';
import { samplePage } from './journal-samples.ts';
import { linkConnection } from './link-connection.ts';
import { createMemoryTable } from './memory-table.ts';
import { createPendingLinks, sealedFor } from './pending-link.ts';
import { putQuarantined } from './quarantine.ts';
import { rebuildHead } from './rebuild.ts';
import { rekeyTable } from './rekey.ts';
import { StorageError } from './storage-error.ts';
import type { Table } from './table.ts';
import { isSealedAnew, openToken, sealToken } from './token-seal.ts';

const within = { deadline: createDeadline(600_000, () => performance.now()) };
const [old, fresh] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64'));
const before = String(old);
const both = `new:${fresh},${old}`;
const after = `new:${fresh}`;
const connections = Array.from({ length: 12 }, (_, index) => `c-${index}`);
const exchange = { userId: 'u', provider: 'plaid', publicToken: 'public-1' };
const exchanged = connectionIdOf({ provider: 'plaid', itemId: 'item-9' });
let table: Table;
let journal: Journal;
let ids = 0;

const rekey = (over: Table = table, tokenKeys = both) =>
  rekeyTable(over, { ...within, tokenKeys, newId: () => `run-${++ids}`, nowEpochMs: () => 9 });

beforeEach(async () => {
  table = createMemoryTable();
  journal = createJournal({ table });
  for (const connectionId of connections) {
    const sealedToken = sealToken(`access-${connectionId}`, { tokenKeys: before, connectionId });
    const link = { connectionId, userId: 'u', provider: 'plaid', institutionId: 'i', sealedToken };
    const head = await linkConnection({ journal, table }, { ...link, runId: 'r', writtenEpochMs: 0 }, within);
    const page = await journal.append(head, connectionId, samplePage({ runId: 'p', quarantined: 1 }), within);
    if (page.head !== undefined) await journal.saveHead(page.head, within);
    const record = { path: '$', reason: 'SCHEMA', expected: 'n', received: 'string', redacted: '{}' } as const;
    const seal = (text: string) => sealToken(text, { tokenKeys: before, connectionId });
    for (const place of [0, 1]) {
      const original = `{"of":"${connectionId}","at":${place}}`;
      await putQuarantined(
        table,
        connectionId,
        { ...record, original, asideVersion: 2 },
        { ...within, receivedEpochMs: 5, seal },
      );
    }
  }
  const records = createExchangeRecords(table, { newId: () => `x-${++ids}`, nowEpochMs: () => 5 });
  const sealedToken = sealToken('access-9', { tokenKeys: before, connectionId: exchanged });
  await records.note(exchange, { state: 'exchanged', itemId: 'item-9', sealedToken }, within);
});

/** Every sealed text that is in use, and whether it opens with the new key alone. */
async function expectNoneUnderTheOldKey(): Promise<void> {
  for (const connectionId of connections) {
    const head = await journal.readHead(connectionId, { ...within, fresh: true });
    const sealed = head?.sealedToken ?? '';
    expect(isSealedAnew(sealed, { tokenKeys: both, connectionId })).toBe(true);
    expect(openToken(sealed, { tokenKeys: after, connectionId })).toBe(`access-${connectionId}`);
    const open = (text: string) => openToken(text, { tokenKeys: after, connectionId });
    const { records, unreadable } = await readAside(table, connectionId, open, within);
    expect([records.map(({ original }) => original).sort(), unreadable]).toEqual([
      [0, 1].map((at) => `{"of":"${connectionId}","at":${at}}`),
      0,
    ]);
  }
  const kept = await createExchangeRecords(table, { newId: () => 'x', nowEpochMs: () => 5 }).begin(exchange, within);
  if (kept === 'ours' || kept.state !== 'exchanged') throw new Error('the exchange is gone');
  expect(openToken(kept.sealedToken, { tokenKeys: after, connectionId: exchanged })).toBe('access-9');
}

describe('sealing anew', () => {
  it('reaches tokens that were renewed, exchanges and links of every provider', async () => {
    const connectionId = 'c-0';
    const seal = (text: string, boundTo: string) => sealToken(text, { tokenKeys: before, connectionId: boundTo });
    const open = (text = '', boundTo = '') => openToken(text, { tokenKeys: after, connectionId: boundTo });
    const grants = createGrantRecords(table, { newId: () => `g-${++ids}` });
    const tokens = { consentId: 'aac', sealedTokens: seal('tokens', connectionId), leaseUntilEpochMs: 7 };
    await grants.follow(connectionId, undefined, tokens, within);
    const pending = createPendingLinks(table, { newId: () => `l-${++ids}`, nowEpochMs: () => 5 });
    const name = { userId: 'u', state: 's' };
    await pending.keep(name, seal('verifier', sealedFor(name)), 9_000, within);
    const exchanges = createExchangeRecords(table, { newId: () => `x-${++ids}`, nowEpochMs: () => 5 });
    const other = { userId: 'u', provider: 'openbanking-uk', publicToken: 's' };
    const made = connectionIdOf({ provider: 'openbanking-uk', itemId: 'aac' });
    await exchanges.note(other, { state: 'exchanged', itemId: 'aac', sealedToken: seal('t', made) }, within);

    expect(await rekey()).toEqual({ connections: 12, resealed: 12, others: 28, unreadable: [] });
    const grant = await grants.read(connectionId, within);
    expect(open(grant?.sealedTokens, connectionId)).toBe('tokens');
    expect(grant).toMatchObject({ revision: 2, leaseUntilEpochMs: 7 });
    expect(open(await pending.read(name, within), sealedFor(name))).toBe('verifier');
    const kept = await exchanges.begin(other, within);
    expect(kept !== 'ours' && kept.state === 'exchanged' && open(kept.sealedToken, made)).toBe('t');
    expect(await rekey()).toMatchObject({ others: 0, unreadable: [] });
    expect(await rekey(table, `newer:${before}`)).toMatchObject({
      unreadable: [...connections, sealedFor(name), made, exchanged].sort(),
    });
  });

  it('leaves nothing in use under the old key, and nothing lost', async () => {
    expect(await rekey()).toEqual({ connections: 12, resealed: 12, others: 25, unreadable: [] });
    await expectNoneUnderTheOldKey();
    expect((await auditTable(table, within)).findings).toEqual([]);
  });

  it('does nothing when everything is done', async () => {
    await rekey();
    const { version } = (await journal.readHead('c-0', within)) ?? {};
    expect(await rekey()).toEqual({ connections: 12, resealed: 0, others: 0, unreadable: [] });
    expect((await journal.readHead('c-0', within))?.version).toBe(version);
  });

  it('killed at any write and begun again ends the same', async () => {
    for (let crashAt = 0; ; crashAt += 1) {
      let writes = 0;
      const crash = () => {
        if (writes++ >= crashAt) throw new Error('killed');
      };
      const dying: Table = {
        ...table,
        async put(...args) {
          crash();
          return table.put(...args);
        },
        async delete(...args) {
          crash();
          return table.delete(...args);
        },
      };
      const outcome = await rekey(dying).catch((error: Error) => error.message);
      if (outcome !== 'killed') break;
    }
    await rekey();
    await expectNoneUnderTheOldKey();
    expect((await auditTable(table, within)).findings).toEqual([]);
  });

  it('is what a rebuilt head has, and a journal without its head', async () => {
    await table.delete({ pk: 'CONN#c-3', sk: 'HEAD' }, within);
    await rekey();
    for (const connectionId of connections) {
      await table.delete({ pk: `CONN#${connectionId}`, sk: 'HEAD' }, within);
      await rebuildHead(table, connectionId, within);
    }
    await expectNoneUnderTheOldKey();
  });

  it('goes on from the winner where a run commits in between', async () => {
    let raced = false;
    const racing: Table = {
      ...table,
      async put(item, condition, options) {
        if (item.pk === 'CONN#c-5' && item.sk.startsWith('LOG#') && !raced) {
          raced = true;
          const head = await journal.readHead('c-5', within);
          const won = await journal.append(head, 'c-5', samplePage({ runId: 'other' }), within);
          if (won.head !== undefined) await table.put(encodeHead(won.head), undefined, within);
        }
        return table.put(item, condition, options);
      },
    };
    expect(await rekey(racing)).toMatchObject({ resealed: 12 });
    await expectNoneUnderTheOldKey();
    expect((await auditTable(table, within)).findings).toEqual([]);
  });

  it('names what no key opens, and goes on with the rest', async () => {
    const head = await journal.readHead('c-7', within);
    const stranger = sealToken('x', { tokenKeys: Buffer.alloc(32, 9).toString('base64'), connectionId: 'c-7' });
    const entry = { kind: 'resealed', runId: 's', writtenEpochMs: 0, sealedToken: stranger } as const;
    const result = await journal.append(head, 'c-7', entry, within);
    if (result.head !== undefined) await journal.saveHead(result.head, within);
    expect(await rekey()).toMatchObject({ connections: 12, resealed: 11, unreadable: ['c-7'] });
    expect(await rekey(table, after)).toMatchObject({ resealed: 0, unreadable: ['c-7'] });
  });

  it('lets a table that fails end it', async () => {
    const broken: Table = { ...table, put: () => Promise.reject(new StorageError('TABLE_THROTTLED', {})) };
    await expect(rekey(broken)).rejects.toMatchObject({ code: 'TABLE_THROTTLED' });
  });
});
