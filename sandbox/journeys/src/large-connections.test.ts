/** Connections at the edge of what users have: long histories and many accounts, through the whole system. */
import { type System, sendEvent } from '@quartersec/sandbox-system';
import { itemBytes } from '@quartersec/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectCleanAudit, postEvent, readJournal, startJourneySystem, until, within } from './journey.ts';
import { changeBank, restartHistory } from './provider-control.ts';

const itemLimitBytes = 400 * 1024;
/** Long, and no measure: machines differ. */
const importWithinMs = 900_000;
let system: System;

beforeAll(async () => {
  // A wait for a message that a busy machine has not finished in time would be most of the import.
  const queue = { visibilityTimeoutSeconds: 5, maxReceiveCount: 100 };
  system = await startJourneySystem({ connections: 2, dax: false, queue, providers: { published: 0 } });
});

afterAll(() => system?.close());

/** A GET of the read API as the connection's owner, repeated while the function says that its time was too short. */
async function read(path: string, userId: string): Promise<Record<string, unknown>> {
  for (let attempt = 1; ; attempt += 1) {
    const headers = { authorization: `Bearer ${system.tokenFor(userId)}` };
    const answer = await fetch(system.apiUrl + path, { headers });
    const body = (await answer.json()) as Record<string, unknown>;
    if (answer.status === 200) return body;
    if (answer.status !== 503 || attempt === 20) throw new Error(`${path}: ${answer.status} ${JSON.stringify(body)}`);
  }
}

async function largestItemBytes(): Promise<number> {
  let largest = 0;
  for await (const item of system.table.scan({ ...within(), fresh: true }))
    largest = Math.max(largest, itemBytes(item));
  return largest;
}

describe('a connection with 20,000 transactions', () => {
  it('is imported over continuations, and read in pages: each transaction once, the audit clean', {
    timeout: 2 * importWithinMs,
  }, async () => {
    await restartHistory(system.controlUrl, 'access-sandbox-0', 20_000);
    await sendEvent(system.queueUrl, 'conn-0');
    const isComplete = async () => {
      const { history, loop } = (await readJournal(system, 'conn-0')).head;
      return history === 'complete' && loop === null;
    };
    await until('the whole history', isComplete, importWithinMs);
    const ids: string[] = [];
    const dates: string[] = [];
    let cursor: unknown = null;
    do {
      const from = cursor === null ? '' : `&cursor=${String(cursor)}`;
      const body = await read(`/v1/transactions?connection=conn-0&limit=500${from}`, 'user-0');
      for (const { transactionId, bookingDate, executionDate } of body.transactions as Record<string, string>[]) {
        ids.push(transactionId ?? '');
        dates.push(bookingDate ?? executionDate ?? '');
      }
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(ids).toHaveLength(20_000);
    expect(new Set(ids).size).toBe(20_000);
    expect(dates).toEqual(dates.toSorted().reverse());
    expect(
      new Set((await readJournal(system, 'conn-0')).standing.map((found) => found.transaction.transactionId)),
    ).toEqual(new Set(ids));
    await expectCleanAudit(system);
    expect(await largestItemBytes()).toBeLessThan(itemLimitBytes);
  });
});

describe('a connection with 1,000 accounts', () => {
  it('has them all, open and with their balances, in items of a size that the table takes', {
    timeout: importWithinMs,
  }, async () => {
    await changeBank(system.controlUrl, 'access-sandbox-1', [{ change: 'open', count: 1_000, current: '12.34' }]);
    expect(await postEvent(system, { connectionId: 'conn-1', reason: 'schedule' })).toMatchObject({ status: 200 });
    const accounts: { accountId: string; state: string; balances: readonly unknown[] }[] = [];
    let cursor: unknown = null;
    do {
      const from = cursor === null ? '' : `&cursor=${String(cursor)}`;
      const body = await read(`/v1/accounts?connection=conn-1${from}`, 'user-1');
      accounts.push(...(body.accounts as typeof accounts));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(new Set(accounts.map(({ accountId }) => accountId)).size).toBeGreaterThanOrEqual(1_000);
    expect(accounts.filter(({ state, balances }) => state !== 'open' || balances.length === 0)).toEqual([]);
    // A second look finds them as they are, and stores no list of them again.
    expect(await postEvent(system, { connectionId: 'conn-1', reason: 'schedule' })).toMatchObject({ status: 200 });
    await expectCleanAudit(system);
    expect(await largestItemBytes()).toBeLessThan(itemLimitBytes);
  });
});
