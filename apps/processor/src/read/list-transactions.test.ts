import { StorageError } from '@quartersec/storage';
import type { Transaction } from '@quartersec/validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transaction } from '../scripted-pipeline.ts';
import { type ApiSystem, createApiSystem } from '../testing/api-system.ts';

const idsOf = (body: { transactions: readonly Transaction[] }) =>
  body.transactions.map(({ transactionId }) => transactionId);

async function readAll(system: ApiSystem, query: string, between: () => Promise<unknown> = async () => undefined) {
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const { status, body } = await system.get(`/v1/transactions?${query}${cursor === null ? '' : `&cursor=${cursor}`}`);
    expect([status, body.code]).toEqual([200, undefined]);
    pages.push(idsOf(body));
    cursor = body.nextCursor;
    await between();
  } while (cursor !== null);
  return pages;
}

const day = (number: number) => `2026-01-${String(number).padStart(2, '0')}`;

describe('transactions over all connections of a user', () => {
  it('come newest first, each with its connection, and how current each connection is', async () => {
    const system = createApiSystem();
    for (const connectionId of ['c1', 'c2']) await system.link(connectionId);
    await system.append(
      'c1',
      system.page([transaction('a', { bookingDate: day(1) }), transaction('b', { bookingDate: day(3) })]),
    );
    await system.append('c2', system.page([transaction('c', { bookingDate: day(2) })]));
    await system.link('other', 'user-2');
    await system.append('other', system.page([transaction('theirs')]));
    const { status, body } = await system.get('/v1/transactions');
    expect(status).toBe(200);
    expect(
      body.transactions.map((found: { transactionId: string; connectionId: string }) => [
        found.transactionId,
        found.connectionId,
      ]),
    ).toEqual([
      ['b', 'c1'],
      ['c', 'c2'],
      ['a', 'c1'],
    ]);
    const state = {
      version: 2,
      status: 'active',
      userAction: 'none',
      history: 'complete',
      syncedEpochMs: 1_700_000_000_000,
    };
    expect(body).toMatchObject({
      nextCursor: null,
      unreadable: [],
      connections: [
        { connectionId: 'c1', ...state },
        { connectionId: 'c2', ...state },
      ],
    });
  });

  it('come once each and in order, whatever the size of the pages, and whatever is written, linked or erased meanwhile', async () => {
    const record = fc.record({ connection: fc.nat(3), day: fc.integer({ min: 1, max: 6 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), async (records, limit) => {
        const system = createApiSystem();
        for (let at = 0; at < 4; at += 1) await system.link(`c${at}`);
        const all = records.map((found, at) => transaction(`t${at}`, { bookingDate: day(found.day) }));
        for (const at of [0, 1, 2, 3])
          await system.append(`c${at}`, system.page(all.filter((_, index) => records[index]?.connection === at)));
        let writes = 0;
        const pages = await readAll(system, `limit=${limit}`, async () => {
          writes += 1;
          await system.append(
            'c1',
            system.page([transaction(`new${writes}`, { bookingDate: day(3) })], { removed: ['t1'] }),
          );
          await system.link(`late${writes}`);
          await system.append(`late${writes}`, system.page([transaction(`late${writes}`, { bookingDate: day(2) })]));
        });
        const expected = all.toSorted(
          (left, right) =>
            String(right.bookingDate).localeCompare(String(left.bookingDate)) ||
            (left.transactionId < right.transactionId ? 1 : -1),
        );
        expect(pages.flat()).toEqual(expected.map(({ transactionId }) => transactionId));
        expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('are those that the filters name, and of one connection where one is named', async () => {
    const system = createApiSystem();
    for (const connectionId of ['c1', 'c2']) await system.link(connectionId);
    await system.append(
      'c1',
      system.page([
        transaction('a', { bookingDate: day(1) }),
        transaction('b', { bookingDate: day(2), accountId: 'acc-2' }),
        transaction('c', { bookingDate: null, executionDate: day(3), status: 'PDNG' }),
      ]),
    );
    await system.append('c2', system.page([transaction('d', { bookingDate: day(2) })]));
    const read = async (query: string) => idsOf((await system.get(`/v1/transactions?${query}`)).body);
    expect(await read('account=acc-1')).toEqual(['c', 'd', 'a']);
    expect(await read('status=PDNG')).toEqual(['c']);
    expect(await read(`from=${day(2)}&to=${day(2)}`)).toEqual(['d', 'b']);
    expect(await read('connection=c2')).toEqual(['d']);
    expect(await read('connection=c1&account=acc-2')).toEqual(['b']);
    system.reads.length = 0;
    await read('connection=c2');
    expect(system.reads).toEqual(['c2']);
  });

  it('are refused for days that are none, also in the wrong order', async () => {
    const { get } = createApiSystem();
    const answer = await get('/v1/transactions?from=2026-02-30&to=2026-01-01');
    expect(answer).toMatchObject({
      status: 400,
      body: {
        code: 'REQUEST_INVALID',
        errors: [
          { path: 'query.from', expected: 'a day of the calendar' },
          { path: 'query.from', expected: 'not after query.to' },
        ],
      },
    });
  });

  it('are of no other reading: a cursor of other filters, another user or nobody is refused', async () => {
    const system = createApiSystem();
    await system.link('c1');
    await system.append('c1', system.page([transaction('a'), transaction('b')]));
    const { body } = await system.get('/v1/transactions?limit=1');
    const refused = { status: 400, body: { code: 'CURSOR_INVALID' } };
    expect(await system.get(`/v1/transactions?limit=1&status=BOOK&cursor=${body.nextCursor}`)).toMatchObject(refused);
    expect(await system.get(`/v1/transactions?cursor=${body.nextCursor}`, { userId: 'user-2' })).toMatchObject(refused);
    expect(await system.get(`/v1/transactions?cursor=${body.nextCursor.slice(0, -4)}`)).toMatchObject(refused);
    expect(await system.get('/v1/transactions?cursor=abc')).toMatchObject(refused);
    // Another size of page is the same reading.
    expect(idsOf((await system.get(`/v1/transactions?limit=9&cursor=${body.nextCursor}`)).body)).toEqual(['a']);
  });

  it('begin anew where a connection was erased and linked again under its id; one that is gone is left out', async () => {
    const system = createApiSystem();
    for (const connectionId of ['c1', 'c2']) {
      await system.link(connectionId);
      await system.append(
        connectionId,
        system.page([transaction(`${connectionId}a`), transaction(`${connectionId}b`)]),
      );
    }
    const { body } = await system.get('/v1/transactions?limit=1');
    await system.forget('c2');
    expect(idsOf((await system.get(`/v1/transactions?cursor=${body.nextCursor}`)).body)).toEqual(['c1b', 'c1a']);
    await system.link('c2');
    expect(await system.get(`/v1/transactions?cursor=${body.nextCursor}`)).toMatchObject({
      status: 400,
      body: { code: 'VERSION_UNKNOWN', title: expect.stringContaining('begin without a cursor') },
    });
  });

  it('of 50 connections come in pages with a cursor that a URL has room for', async () => {
    const system = createApiSystem();
    for (let at = 0; at < 50; at += 1) {
      await system.link(`connection-${at}`);
      await system.append(`connection-${at}`, system.page([transaction(`t${at}`), transaction(`u${at}`)]));
    }
    const { body } = await system.get('/v1/transactions?limit=10');
    expect(body.nextCursor.length).toBeLessThan(700);
    expect((await readAll(system, 'limit=17')).flat()).toHaveLength(100);
  });

  it('of more connections than one answer goes through are refused, but for one that is named', async () => {
    const system = createApiSystem();
    for (let at = 0; at <= 100; at += 1) await system.link(`c${at}`);
    for (const path of ['transactions', 'accounts', 'changes'])
      expect(await system.get(`/v1/${path}`)).toMatchObject({
        status: 422,
        body: { code: 'TOO_MANY_CONNECTIONS', detail: 'at most 100' },
      });
    expect((await system.get('/v1/transactions?connection=c7')).status).toBe(200);
    expect((await system.get('/v1/connections')).body.connections).toHaveLength(101);
  });
});

describe('what a reader has already', () => {
  it('is told with 304 before a transaction is read, until something changes', async () => {
    const system = createApiSystem();
    await system.link('c1');
    await system.append('c1', system.page([transaction('a')]));
    for (const path of ['transactions', 'accounts', 'connections', 'connections/c1']) {
      const first = await system.get(`/v1/${path}`);
      expect(first.headers).toMatchObject({
        etag: expect.stringMatching(/^W\/"[\w-]{22}"$/),
        'cache-control': 'private, no-cache',
      });
      system.reads.length = 0;
      const headers = { 'if-none-match': `"x", ${first.headers.etag}` };
      expect(await system.get(`/v1/${path}`, { headers })).toMatchObject({
        status: 304,
        body: undefined,
        headers: { etag: first.headers.etag },
      });
      expect(system.reads).toEqual([]);
      expect((await system.get(`/v1/${path}`, { headers: { 'if-none-match': 'W/"x"' } })).status).toBe(200);
      expect((await system.get(`/v1/${path}`, { headers: { 'if-none-match': '*' } })).status).toBe(304);
      await system.append('c1', system.page([]));
      expect((await system.get(`/v1/${path}`, { headers })).status).toBe(200);
    }
    const tags = await Promise.all(
      ['', '?limit=3', '?status=BOOK'].map((query) => system.get(`/v1/transactions${query}`)),
    );
    expect(new Set(tags.map(({ headers }) => headers.etag)).size).toBe(3);
  });
});

describe('a connection that cannot be read', () => {
  const corrupt = new StorageError('ENTRY_CORRUPT', { version: 3 });

  async function withBroken() {
    const plain = createApiSystem();
    for (const connectionId of ['c1', 'c2']) {
      await plain.link(connectionId);
      await plain.append(connectionId, plain.page([transaction(`${connectionId}a`), transaction(`${connectionId}b`)]));
    }
    const broken = new Set(['c2']);
    const system = createApiSystem({
      table: plain.table,
      readPage: (head, ...rest) =>
        broken.has(head.connectionId) ? Promise.reject(corrupt) : plain.deps.readPage(head, ...rest),
    });
    return { system, broken };
  }

  it('is named and hides no other; the answer is a failed read without ETag', async () => {
    const { system } = await withBroken();
    const { status, body, headers } = await system.get('/v1/transactions');
    expect(status).toBe(200);
    expect(idsOf(body)).toEqual(['c1b', 'c1a']);
    expect(body.unreadable).toEqual([{ connectionId: 'c2', code: 'ENTRY_CORRUPT' }]);
    expect(headers.etag).toBeUndefined();
    expect(system.measured).toEqual([{ ReadTime: 0, ReadsFailed: 1, ColdStart: 1 }]);
    expect(system.logged).toEqual([
      [
        'error',
        'connection unreadable',
        { connection_id: 'c2', error_code: 'ENTRY_CORRUPT', error_detail: '{"version":3}' },
      ],
    ]);
  });

  it('stays out of the reading that began without it, and is named on each page', async () => {
    const { system, broken } = await withBroken();
    const { body } = await system.get('/v1/transactions?limit=1');
    broken.clear();
    const second = await system.get(`/v1/transactions?limit=1&cursor=${body.nextCursor}`);
    expect(idsOf(second.body)).toEqual(['c1a']);
    expect(second.body).toMatchObject({ nextCursor: null, unreadable: [{ connectionId: 'c2' }] });
  });

  it('alone is answered with 503', async () => {
    const { system } = await withBroken();
    expect(await system.get('/v1/transactions?connection=c2')).toMatchObject({
      status: 503,
      body: { code: 'ENTRY_CORRUPT' },
    });
  });

  it('by its head is named as well, and revealed to nobody else', async () => {
    const plain = createApiSystem();
    await plain.link('c1');
    await plain.link('c2');
    await plain.append('c1', plain.page([transaction('a')]));
    const system = createApiSystem({
      table: plain.table,
      journal: {
        readHead: (connectionId, options) =>
          connectionId === 'c2' ? Promise.reject(corrupt) : plain.journal.readHead(connectionId, options),
        storedHeads: (_, within) => plain.journal.storedHeads(['c1'], within),
      },
    });
    for (const path of ['transactions', 'accounts', 'connections', 'changes'])
      expect(await system.get(`/v1/${path}`)).toMatchObject({
        status: 200,
        body: { unreadable: [{ connectionId: 'c2', code: 'ENTRY_CORRUPT' }] },
      });
    for (const path of ['connections/c2', 'transactions?connection=c2', 'accounts?connection=c2']) {
      expect((await system.get(`/v1/${path}`)).status).toBe(503);
      expect(await system.get(`/v1/${path}`, { userId: 'user-2' })).toMatchObject({
        status: 404,
        body: { code: 'CONNECTION_UNKNOWN' },
      });
    }
  });

  it('for want of time or of the table is no such one: all of it is asked for again', async () => {
    const plain = createApiSystem();
    await plain.link('c1');
    const system = createApiSystem({
      table: plain.table,
      readPage: () => Promise.reject(new StorageError('DEADLINE_EXCEEDED', {})),
    });
    expect(await system.get('/v1/transactions')).toMatchObject({
      status: 503,
      body: { code: 'DEADLINE_EXCEEDED' },
      headers: { 'retry-after': '1' },
    });
  });
});
