/** A connection of the UK's Open Banking through the pipeline: a provider that tells of no removals and promises few ids. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { auditTable, readEntries } from '@quartersec/storage';
import { describe, expect, it } from 'vitest';
import { readWhole } from './insights/read-derived.ts';
import { processEvent } from './process-event.ts';
import { limits, run, stands } from './testing/list-connection.ts';
import { createObukPipeline, obukEntry } from './testing/obuk-pipeline.ts';

const deadline = { remainingMs: () => 1_000, elapsedMs: () => 0 };
const dayMs = 86_400_000;
/** Accounts, and balances and transactions of two of them: asked for together. */
const listsOfRead = 5;

describe('a connection of Open Banking UK', () => {
  it('imports every account and page, and then what is new', async () => {
    const { pipeline, bank } = await createObukPipeline();
    bank.pageSize = 2;
    bank.entries = [
      obukEntry('t1'),
      obukEntry('t2', { CreditDebitIndicator: 'Credit' }),
      obukEntry('t3', { BookingDateTime: '2022-01-01T00:00:00+00:00' }),
      obukEntry('t1', { AccountId: 'a2', Amount: { Amount: '2.50', Currency: 'GBP' } }),
    ];
    expect(await run(pipeline)).toMatchObject({ outcome: { kind: 'committed', continued: false } });
    expect(await stands(pipeline)).toEqual(['a1 t1 BOOK -100', 'a1 t2 BOOK 100', 'a1 t3 BOOK -100', 'a2 t1 BOOK -250']);
    expect(await pipeline.head('conn-1')).toMatchObject({
      status: 'active',
      history: 'complete',
      loop: null,
      accounts: [
        { providerAccountId: 'a1', balances: [{ balanceType: 'ITBD', amount: { minor: '300' } }] },
        { providerAccountId: 'a2', balances: [{ amount: { minor: '100' } }] },
      ],
    });
    pipeline.advanceMs(6 * 3_600_000);
    bank.entries.push(obukEntry('t4', { BookingDateTime: '2023-11-14T00:00:00+00:00' }));
    const { version } = await pipeline.head('conn-1');
    expect(await run(pipeline)).toMatchObject({ version: version + 1 }); // all its lists are one entry
    expect(await stands(pipeline)).toContain('a1 t4 BOOK -100');
    expect(await stands(pipeline)).toHaveLength(5);
    expect((await auditTable(pipeline.table, { deadline })).findings).toEqual([]);
  });

  it('lets a booked entry replace its pending one, under its id or without', async () => {
    const { pipeline, bank } = await createObukPipeline();
    const pending = { Status: 'Pending', BookingDateTime: '2023-11-12T00:00:00+00:00' } as const;
    bank.entries = [obukEntry('t1', pending), obukEntry(undefined, { ...pending, AccountId: 'a2' })];
    await run(pipeline);
    expect(await stands(pipeline)).toEqual(['a1 t1 PDNG -100', 'a2  PDNG -100']);
    const booked = { BookingDateTime: '2023-11-13T00:00:00+00:00', Amount: { Amount: '1.20', Currency: 'GBP' } };
    bank.entries = [obukEntry('t1', booked), obukEntry(undefined, { ...booked, AccountId: 'a2' })];
    await run(pipeline, { fullRead: false });
    expect(await stands(pipeline)).toEqual(['a1 t1 BOOK -120', 'a2  BOOK -120']);
  });

  it('takes away what the bank does not list any more, within the window and not before it', async () => {
    const { pipeline, bank } = await createObukPipeline();
    const old = obukEntry('old', { BookingDateTime: '2023-01-10T00:00:00+00:00' });
    bank.entries = [old, obukEntry('kept'), obukEntry('gone'), obukEntry('other', { AccountId: 'a2' })];
    await run(pipeline);
    bank.entries = [obukEntry('kept')];
    await run(pipeline);
    expect(bank.calls.filter((call) => call.includes('from'))).toEqual([
      '/accounts/a1/transactions?fromBookingDateTime=2023-10-11T00:00:00',
      '/accounts/a2/transactions?fromBookingDateTime=2023-10-11T00:00:00',
    ]);
    expect(await stands(pipeline)).toEqual(['a1 kept BOOK -100', 'a1 old BOOK -100']);
  });

  it('counts equal entries without ids as often as the bank lists them, however often it is read', async () => {
    const { pipeline, bank } = await createObukPipeline();
    bank.accounts = ['a1'];
    bank.entries = [
      obukEntry(undefined),
      obukEntry(undefined),
      obukEntry(undefined, { TransactionInformation: 'TEA' }),
    ];
    for (const pageSize of [100, 1, 2]) {
      bank.pageSize = pageSize;
      await run(pipeline);
      expect(await stands(pipeline)).toHaveLength(3);
    }
    bank.entries.pop();
    bank.entries.pop();
    await run(pipeline);
    expect(await stands(pipeline)).toHaveLength(1);
  });

  it('derives its insights as from any other connection, with each read', async () => {
    const { pipeline, bank } = await createObukPipeline();
    bank.accounts = ['a1'];
    bank.entries = Array.from({ length: 8 }, (_, month) =>
      obukEntry(`gym-${month}`, {
        BookingDateTime: `2023-0${month + 1}-05T00:00:00+00:00`,
        Amount: { Amount: '30.00', Currency: 'GBP' },
        TransactionInformation: 'CITY GYM LTD',
      }),
    );
    await run(pipeline);
    bank.entries.push(obukEntry('t9'));
    pipeline.advanceMs(dayMs);
    await run(pipeline);
    const head = await pipeline.head('conn-1');
    const range = { fromVersion: 1, toVersion: head.version };
    const entries = await readEntries(pipeline.table, 'conn-1', range, { deadline });
    const left = entries.filter(({ content }) => content.kind === 'page' && content.insightsLeft === true);
    expect(left).toEqual([]);
    const derived = (await readWhole(pipeline.table, head, deadline)).derived();
    expect(derived.state.ledgers.map(({ movements }) => movements.length).sort()).toEqual([1, 8]);
  });

  it.each([
    [401, null, 'consent-expired', 'CONSENT_EXPIRED'],
    [403, '{"Errors":[{"ErrorCode":"UK.OBIE.Resource.InvalidConsentStatus"}]}', 'consent-expired', 'CONSENT_EXPIRED'],
    [403, '{"Errors":[{"ErrorCode":"U028"}]}', 'consent-expired', 'CONSENT_EXPIRED'],
    [403, null, 'consent-required', 'CONSENT_REQUIRED'],
  ])(
    'stops for its user after %i with %s, and goes on once the consent is renewed',
    async (status, text, stored, reason) => {
      const { pipeline, bank } = await createObukPipeline();
      bank.entries = [obukEntry('t1')];
      await run(pipeline);
      bank.refusal = { status, text, retryAfterMs: undefined };
      const before = bank.calls.length;
      expect(await run(pipeline)).toMatchObject({ outcome: { kind: 'stopped', status: stored } });
      expect(bank.calls.length - before).toBe(listsOfRead);
      expect(await pipeline.head('conn-1')).toMatchObject({ status: stored, statusReason: reason });
      await run(pipeline);
      expect(bank.calls.length - before).toBe(listsOfRead); // no call of its own accord
      bank.refusal = undefined;
      pipeline.advanceMs(1);
      await run(pipeline, { reason: 'user' });
      expect(await pipeline.head('conn-1')).toMatchObject({ status: 'active', nextAttemptEpochMs: null });
      expect(await stands(pipeline)).toEqual(['a1 t1 BOOK -100']);
    },
  );

  it('keeps the next attempt of a day’s quota, and calls nobody before it', async () => {
    const { pipeline, bank } = await createObukPipeline();
    await run(pipeline);
    bank.refusal = { status: 429, text: null, retryAfterMs: dayMs / 2 };
    const before = bank.calls.length;
    expect(await run(pipeline)).toMatchObject({ outcome: { kind: 'postponed', code: 'THROTTLED' } });
    const { status, nextAttemptEpochMs } = await pipeline.head('conn-1');
    expect(status).toBe('waiting');
    expect((nextAttemptEpochMs ?? 0) - pipeline.nowEpochMs()).toBeGreaterThanOrEqual(dayMs / 2);
    pipeline.advanceMs(dayMs / 4);
    await run(pipeline);
    expect(bank.calls.length - before).toBe(listsOfRead);
  });

  it('reads on behind a page of a read that was broken off, and counts nothing of it before its end', async () => {
    const { pipeline, bank } = await createObukPipeline();
    bank.entries = [obukEntry('t1'), obukEntry('t2', { AccountId: 'a2' })];
    const throttled = { status: 429, text: null, retryAfterMs: 60_000 };
    const push = bank.calls.push.bind(bank.calls);
    bank.calls.push = (...calls) => {
      if (calls[0] === '/accounts/a2/balances') bank.refusal = throttled;
      return push(...calls);
    };
    await run(pipeline);
    expect(await stands(pipeline)).toEqual([]);
    bank.calls.push = push;
    bank.refusal = undefined;
    pipeline.advanceMs(120_000);
    const before = bank.calls.length;
    await run(pipeline);
    expect(bank.calls.slice(before)).toEqual(['/accounts/a2/balances', '/accounts/a2/transactions']);
    expect(await stands(pipeline)).toHaveLength(2);
  });

  describe('that has been read before', () => {
    const isAsked = ({ bank }: Awaited<ReturnType<typeof createObukPipeline>>, count: number) =>
      bank.calls.length >= count;

    it('is asked for all its lists at once', async () => {
      const at = await createObukPipeline();
      at.bank.entries = [obukEntry('t1')];
      await run(at.pipeline);
      at.bank.calls.length = 0;
      at.bank.entries.push(obukEntry('t2', { AccountId: 'a2' }));
      at.bank.answersOnce = () => isAsked(at, listsOfRead); // or never
      await run(at.pipeline);
      expect(new Set(at.bank.calls).size).toBe(listsOfRead);
      expect(at.bank.calls).toHaveLength(listsOfRead);
      expect(await stands(at.pipeline)).toEqual(['a1 t1 BOOK -100', 'a2 t2 BOOK -100']);
    });

    it('is asked for the lists of what its account list has today', async () => {
      const { pipeline, bank } = await createObukPipeline();
      await run(pipeline);
      bank.calls.length = 0;
      bank.accounts = ['a2', 'a3'];
      bank.entries = [obukEntry('t1', { AccountId: 'a3' }), obukEntry('t2', { AccountId: 'a2' })];
      await run(pipeline);
      expect(await stands(pipeline)).toEqual(['a2 t2 BOOK -100', 'a3 t1 BOOK -100']);
      expect(bank.calls.filter((path) => path.startsWith('/accounts/a2/'))).toHaveLength(2);
      bank.calls.length = 0;
      await run(pipeline);
      expect(bank.calls.filter((path) => path.startsWith('/accounts/a1/'))).toEqual([]);
    });

    it('is asked for each list once, also where its read takes several runs', async () => {
      const { pipeline, bank } = await createObukPipeline();
      bank.accounts = Array.from({ length: 25 }, (_, at) => `a${at}`);
      const read = async () => {
        await run(pipeline);
        while ((await pipeline.head('conn-1')).loop !== null) await run(pipeline, { reason: 'continuation' });
      };
      await read();
      bank.calls.length = 0;
      await read();
      expect(bank.calls).toHaveLength(1 + 2 * bank.accounts.length);
      expect(new Set(bank.calls.map((path) => path.split('?')[0])).size).toBe(bank.calls.length);
    });

    it('leaves no call open behind it, and is asked with one call where it did not work the last time', async () => {
      const at = await createObukPipeline();
      await run(at.pipeline);
      at.bank.refusal = { status: 403, text: null, retryAfterMs: undefined };
      let isOpen = true;
      at.bank.answersOnce = (path) => path === '/accounts' || !isOpen;
      const ended = run(at.pipeline).then(() => 'ended');
      expect(await Promise.race([ended, nextTurn().then(() => 'open')])).toBe('open');
      isOpen = false;
      expect(await ended).toBe('ended');
      at.bank.calls.length = 0;
      at.bank.answersOnce = undefined;
      at.pipeline.advanceMs(1);
      await run(at.pipeline, { reason: 'user' });
      expect(at.bank.calls).toEqual(['/accounts']);
    });
  });

  it('has no connector for a bank that is not configured', async () => {
    const { pipeline } = await createObukPipeline();
    const deps = { ...pipeline.deps, connectorFor: () => undefined };
    expect(await processEvent(pipeline.event('conn-1'), limits, deps)).toMatchObject({
      outcome: { kind: 'failed', code: 'PROVIDER_UNSUPPORTED' },
    });
  });
});
