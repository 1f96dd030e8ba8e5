import { createDeadline } from '@quartersec/sla';
import { beforeEach, describe, expect, it } from 'vitest';
import { auditTable } from './audit.ts';
import { forgetConnection } from './forget.ts';
import { feedbackKey, putFeedback, readFeedback } from './insight-feedback.ts';
import { encodeInsightState, insightStateKey, readInsightState, saveInsightState } from './insight-state.ts';
import { createJournal } from './journal.ts';
import { samplePage } from './journal-samples.ts';
import { linkConnection } from './link-connection.ts';
import { createMemoryTable } from './memory-table.ts';
import type { Head } from './model.ts';
import { readUser } from './read-user.ts';
import type { Table } from './table.ts';
import { flipBit } from './testing/damaged-items.ts';

const within = { deadline: createDeadline(600_000, () => performance.now()) };
let table: Table;
/** By version, from 1. */
let heads: Head[];

async function link(connectionId: string): Promise<Head[]> {
  const journal = createJournal({ table });
  const request = { connectionId, userId: 'user-1', provider: 'plaid', institutionId: 'i', sealedToken: 's' };
  const all = [await linkConnection({ journal, table }, { ...request, runId: 'r', writtenEpochMs: 0 }, within)];
  for (let page = 1; page <= 3; page += 1) {
    const { head } = await journal.append(all.at(-1), connectionId, samplePage({ runId: `r${page}` }), within);
    if (head !== undefined) all.push(head);
  }
  await journal.saveHead(all.at(-1) as Head, within);
  return all;
}

const at = (version: number) => heads[version - 1] as Head;
const state = (version: number, text: string) => {
  const { connectionId, hash } = at(version);
  return { connectionId, version, hash, body: Buffer.from(text) };
};
const save = (version: number, text: string, replaces = true) =>
  saveInsightState(table, state(version, text), { ...within, replaces });
const read = async (version = 4) => {
  const found = await readInsightState(table, at(version), within);
  return found && `${found.version} ${Buffer.from(found.body).toString()}`;
};
const findings = async () =>
  (await auditTable(table, within)).findings.map(({ code, pk, sk }) => `${code} ${pk} ${sk}`);

beforeEach(async () => {
  table = createMemoryTable();
  heads = await link('c-1');
});

describe("the insights' state", () => {
  it('is read back as it was written, and only ever goes upwards', async () => {
    expect(await read()).toBeUndefined();
    await save(2, 'two');
    expect(await read()).toBe('2 two');
    await save(4, 'four', false);
    await save(3, 'three', false);
    expect(await read()).toBe('4 four');
  });

  it('is none where it is ahead of the head, or of another history', async () => {
    await save(4, 'four');
    expect(await read(3)).toBeUndefined();
    const other = { ...at(4), hash: 'f'.repeat(64) };
    expect(await readInsightState(table, other, within)).toBeUndefined();
  });

  it('is none where a bit is flipped, which the audit tells, and is written over', async () => {
    await save(4, 'four');
    expect(await findings()).toEqual([]);
    const item = await table.get(insightStateKey('c-1'), within);
    if (item === undefined) throw new Error('no item');
    for (const attribute of ['version', 'hash', 'body', 'sum']) {
      await table.put({ ...item, [attribute]: flipBit(item[attribute] ?? '', 0, 1) }, undefined, within);
      expect(await read(), attribute).toBeUndefined();
      expect(await findings(), attribute).toEqual(['INSIGHTS_DIFFER CONN#c-1 INSIGHTS']);
    }
    await save(3, 'anew');
    expect(await read()).toBe('3 anew');
    expect(await findings()).toEqual([]);
  });

  it('of another history under the same id is told by the audit', async () => {
    const item = encodeInsightState({ ...state(3, 'x'), hash: 'e'.repeat(64) });
    await table.put(item, undefined, within);
    expect(await findings()).toEqual(['INSIGHTS_DIFFER CONN#c-1 INSIGHTS']);
  });
});

describe('what a user says of insights', () => {
  const said = { fingerprint: 'f-1', verdict: 'snoozed', untilDate: '2026-02-01', saidEpochMs: 7 } as const;

  it('is kept by fingerprint, and the last word counts', async () => {
    const other = { fingerprint: 'f-2', verdict: 'confirmed', untilDate: null, saidEpochMs: 8 } as const;
    await putFeedback(table, 'user-1', said, within);
    await putFeedback(table, 'user-1', other, within);
    expect(await readFeedback(table, 'user-1', within)).toEqual([said, other]);
    expect(await readFeedback(table, 'user-10', within)).toEqual([]);
    await table.put({ pk: 'USER#user-1', sk: 'EXCHANGE#x', state: 'begun' }, undefined, within);
    expect(await readUser(table, 'user-1', within)).toEqual({ connectionIds: ['c-1'], feedback: [said, other] });
    expect(await readUser(table, 'user-10', within)).toEqual({ connectionIds: [], feedback: [] });
    const again = { ...said, verdict: 'dismissed', untilDate: null, saidEpochMs: 9 } as const;
    await putFeedback(table, 'user-1', again, within);
    expect(await readFeedback(table, 'user-1', within)).toEqual([again, other]);
    expect(await findings()).toEqual([]);
  });

  it('leaves out what nobody of ours has written, and the audit names it', async () => {
    await table.put({ ...feedbackKey('user-1', 'f-3'), verdict: 'liked', saidEpochMs: 1 }, undefined, within);
    expect(await readFeedback(table, 'user-1', within)).toEqual([]);
    expect(await findings()).toEqual(['ITEM_UNKNOWN USER#user-1 FEEDBACK#f-3']);
  });

  it('is tried again where the answer is lost, and fails where all are', async () => {
    const losing = (lost: number): Table => {
      let left = lost;
      return { ...table, put: async (...args) => (left-- > 0 ? 'unknown' : table.put(...args)) };
    };
    await putFeedback(losing(2), 'user-1', said, within);
    expect(await readFeedback(table, 'user-1', within)).toEqual([said]);
    await expect(putFeedback(losing(Infinity), 'user-1', said, within)).rejects.toMatchObject({
      code: 'TABLE_UNREACHABLE',
    });
  });
});

it('a connection is erased with its state, and what its user has said with the last one', async () => {
  await save(4, 'four');
  await putFeedback(
    table,
    'user-1',
    { fingerprint: 'f', verdict: 'dismissed', untilDate: null, saidEpochMs: 7 },
    within,
  );
  await link('c-2');
  await forgetConnection(table, 'c-1', within);
  expect(await read()).toBeUndefined();
  expect(await readFeedback(table, 'user-1', within)).toHaveLength(1);
  await forgetConnection(table, 'c-2', within);
  expect(await readFeedback(table, 'user-1', within)).toEqual([]);
  const left: string[] = [];
  for await (const { pk, sk } of table.scan(within)) left.push(`${pk} ${sk}`);
  expect(left).toEqual([]);
});
