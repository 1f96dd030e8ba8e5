/** A connection of the Berlin Group's standard through the pipeline: four calls a day, ids of one consent, no removals told. */
import { auditTable, readAside } from '@quartersec/storage';
import { describe, expect, it } from 'vitest';
import { processEvent } from './process-event.ts';
import { berlinEntry, createBerlinPipeline } from './testing/berlin-pipeline.ts';
import { limits, run, stands } from './testing/list-connection.ts';
import { standingOf } from './testing/plaid-pipeline.ts';

const deadline = { remainingMs: () => 1_000, elapsedMs: () => 0 };
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Accounts, and balances and transactions of two of them: asked for together. */
const listsOfRead = 5;

describe('a connection of the Berlin Group’s standard', () => {
  it('imports every account and page, and then what is new', async () => {
    const { pipeline, bank } = await createBerlinPipeline();
    bank.pageSize = 2;
    bank.entries = [
      berlinEntry('t1'),
      berlinEntry('t2', { transactionAmount: { amount: '2.00', currency: 'EUR' } }),
      berlinEntry('t3', { bookingDate: '2022-01-01' }),
      berlinEntry('t1', { resourceId: 'a2' }),
    ];
    expect(await run(pipeline)).toMatchObject({ outcome: { kind: 'committed', continued: false } });
    expect(await stands(pipeline)).toEqual(['a1 t1 BOOK -100', 'a1 t2 BOOK 200', 'a1 t3 BOOK -100', 'a2 t1 BOOK -100']);
    expect(await pipeline.head('conn-1')).toMatchObject({
      status: 'active',
      history: 'complete',
      loop: null,
      accounts: [
        { providerAccountId: 'a1', balances: [{ balanceType: 'ITBD', amount: { minor: '300' } }] },
        { providerAccountId: 'a2', balances: [{ amount: { minor: '100' } }] },
      ],
    });
    bank.entries.push(berlinEntry('t4', { bookingDate: '2023-11-14' }));
    pipeline.advanceMs(6 * hourMs);
    await run(pipeline);
    expect(await stands(pipeline)).toContain('a1 t4 BOOK -100');
    expect((await auditTable(pipeline.table, { deadline })).findings).toEqual([]);
  });

  it('takes pending entries away with the read that does not list them any more, booked or dropped', async () => {
    const { pipeline, bank } = await createBerlinPipeline();
    const pending = { isPending: true, bookingDate: undefined };
    bank.entries = [
      berlinEntry('old'),
      berlinEntry('p1', pending),
      berlinEntry(undefined, { ...pending, resourceId: 'a2' }),
    ];
    await run(pipeline);
    expect(await stands(pipeline)).toEqual(['a1 old BOOK -100', 'a1 p1 PDNG -100', 'a2  PDNG -100']);
    bank.entries = [berlinEntry('old'), berlinEntry('b1', { bookingDate: '2023-11-13' })];
    await run(pipeline);
    expect(await stands(pipeline)).toEqual(['a1 b1 BOOK -100', 'a1 old BOOK -100']);
  });

  it('takes away what the bank does not list any more, within the window and not before it', async () => {
    const { pipeline, bank } = await createBerlinPipeline();
    const old = berlinEntry('old', { bookingDate: '2023-01-10' });
    bank.entries = [old, berlinEntry('kept'), berlinEntry('gone'), berlinEntry('other', { resourceId: 'a2' })];
    await run(pipeline);
    bank.entries = [berlinEntry('kept')];
    await run(pipeline);
    expect(bank.calls.filter((call) => call.includes('dateFrom=2023'))).toEqual([
      '/accounts/a1/transactions?bookingStatus=both&dateFrom=2023-10-11',
      '/accounts/a2/transactions?bookingStatus=both&dateFrom=2023-10-11',
    ]);
    expect(await stands(pipeline)).toEqual(['a1 kept BOOK -100', 'a1 old BOOK -100']);
  });

  it('knows its accounts and entries again under a new consent, which has other resource ids, swapped ones even', async () => {
    const { pipeline, bank } = await createBerlinPipeline();
    bank.entries = [berlinEntry('t1'), berlinEntry('t2', { resourceId: 'a2' })];
    await run(pipeline);
    const before = await standingOf(pipeline);
    const renamed = new Map([
      ['a1', 'a2'],
      ['a2', 'a1'],
    ]);
    const as = <Of extends { readonly resourceId: string }>(each: Of) => ({
      ...each,
      resourceId: renamed.get(each.resourceId) ?? '',
    });
    bank.accounts = bank.accounts.map(as);
    bank.entries = bank.entries.map(as);
    pipeline.advanceMs(dayMs);
    await run(pipeline);
    const ids = (standing: typeof before) =>
      standing.map(({ transaction: each }) => [each.transactionId, each.accountId]);
    expect(ids(await standingOf(pipeline))).toEqual(ids(before));
    expect(await stands(pipeline)).toEqual(['a1 t2 BOOK -100', 'a2 t1 BOOK -100']);
    expect((await pipeline.head('conn-1')).accounts.map(({ state }) => state)).toEqual(['open', 'open']);
  });

  it('asks for each list four times a day at most, the account list of the day included', async () => {
    const { pipeline, bank } = await createBerlinPipeline();
    bank.entries = [berlinEntry('t1')];
    for (let day = 0; day < 3; day += 1) {
      const before = bank.calls.length;
      for (let reads = 0; reads < 4; reads += 1) {
        await run(pipeline, { reason: 'schedule' });
        pipeline.advanceMs(6 * hourMs);
      }
      const paths = bank.calls.slice(before).map((call) => call.split('?')[0]);
      const counts = Object.values(Object.groupBy(paths, (path) => path ?? '')).map((calls) => calls?.length);
      expect(counts).toEqual([4, 4, 4, 4, 4]);
    }
    expect((await pipeline.head('conn-1')).accountsReadEpochMs).toBeGreaterThan(pipeline.nowEpochMs() - 2 * dayMs);
  });

  it('keeps the next attempt of a day’s quota until that day is over, and calls nobody before it', async () => {
    const { pipeline, bank } = await createBerlinPipeline();
    bank.entries = [berlinEntry('t1')];
    await run(pipeline);
    bank.refusal = { status: 429, text: '[{"category":"ERROR","code":"ACCESS_EXCEEDED"}]', retryAfterMs: undefined };
    const before = bank.calls.length;
    expect(await run(pipeline)).toMatchObject({ outcome: { kind: 'postponed', code: 'THROTTLED' }, attempts: 1 });
    const { status, nextAttemptEpochMs } = await pipeline.head('conn-1');
    const midnight = Math.ceil(pipeline.nowEpochMs() / dayMs) * dayMs;
    expect(status).toBe('waiting');
    expect(nextAttemptEpochMs).toBeGreaterThanOrEqual(midnight);
    await run(pipeline);
    expect(bank.calls.length - before).toBe(listsOfRead);
    bank.refusal = undefined;
    pipeline.advanceMs((nextAttemptEpochMs ?? 0) - pipeline.nowEpochMs() + 1);
    expect(await run(pipeline)).toMatchObject({ outcome: { kind: 'committed' } });
  });

  it('says to the bank that its user is there, for as long as they are', async () => {
    const { pipeline, bank } = await createBerlinPipeline();
    const addresses = () => [...new Set(bank.headers.splice(0).map((headers) => headers['psu-ip-address']))];
    const user = { reason: 'user', userIpAddress: '203.0.113.7' } as const;
    await run(pipeline, user);
    expect(addresses()).toEqual(['203.0.113.7']);
    await run(pipeline, { reason: 'schedule' });
    expect(addresses()).toEqual([undefined]);
    const late = pipeline.event('conn-1', user);
    pipeline.advanceMs(300_000);
    await processEvent(late, limits, pipeline.deps);
    expect(addresses()).toEqual([undefined]);
    expect(JSON.stringify([pipeline.logged, pipeline.measured])).not.toContain('203.0.113.7');
  });

  it.each([
    [401, 'CONSENT_EXPIRED', 'consent-expired', 'CONSENT_EXPIRED'],
    [401, 'TOKEN_EXPIRED', 'consent-expired', 'CONSENT_EXPIRED'],
    [401, 'CONSENT_INVALID', 'consent-required', 'CONSENT_REQUIRED'],
    [403, 'CONSENT_UNKNOWN', 'consent-required', 'CONSENT_REQUIRED'],
  ])(
    'stops for its user after %i %s, and goes on once the consent is renewed',
    async (status, code, stored, reason) => {
      const { pipeline, bank } = await createBerlinPipeline();
      bank.entries = [berlinEntry('t1')];
      await run(pipeline);
      bank.refusal = { status, text: JSON.stringify({ type: 'about:blank', code }), retryAfterMs: undefined };
      const before = bank.calls.length;
      expect(await run(pipeline)).toMatchObject({ outcome: { kind: 'stopped', status: stored } });
      await run(pipeline);
      expect(bank.calls.length - before).toBe(listsOfRead);
      expect(await pipeline.head('conn-1')).toMatchObject({ status: stored, statusReason: reason });
      bank.refusal = undefined;
      pipeline.advanceMs(1);
      await run(pipeline, { reason: 'user' });
      expect(await pipeline.head('conn-1')).toMatchObject({ status: 'active', nextAttemptEpochMs: null });
      expect(await stands(pipeline)).toEqual(['a1 t1 BOOK -100']);
    },
  );

  it('leaves the connection alone and alerts where our certificate is refused', async () => {
    const { pipeline, bank } = await createBerlinPipeline();
    await run(pipeline);
    const text = '{"tppMessages":[{"category":"ERROR","code":"CERTIFICATE_EXPIRED"}]}';
    bank.refusal = { status: 401, text, retryAfterMs: undefined };
    expect(await run(pipeline)).toMatchObject({ outcome: { kind: 'postponed', misconfigured: true } });
    expect(await pipeline.head('conn-1')).toMatchObject({ status: 'active', statusReason: 'CONFIGURATION_REFUSED' });
  });

  it('counts equal entries without ids as often as the bank lists them, however often it is read', async () => {
    const { pipeline, bank } = await createBerlinPipeline();
    bank.accounts = bank.accounts.slice(0, 1);
    bank.entries = [
      berlinEntry(undefined),
      berlinEntry(undefined),
      berlinEntry(undefined, { remittanceInformationUnstructured: 'TEA' }),
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

  it('lets no account number, name, text or secret out, and takes a record up again that had been set aside', async () => {
    const { pipeline, bank } = await createBerlinPipeline();
    const planted = ['DE2310010010123456789', 'NL76RABO0359400371', 'Heike Mustermann', 'John Miles', 'RENT FOR MAY'];
    const [account] = bank.accounts;
    bank.accounts = [{ ...(account as NonNullable<typeof account>), ownerName: 'Heike Mustermann' }];
    bank.entries = [
      berlinEntry('NL76RABO0359400371-1', {
        transactionAmount: { amount: '850.00', currency: 'EUR' },
        creditorName: 'John Miles',
        creditorAccount: { iban: 'NL76RABO0359400371' },
        remittanceInformationUnstructured: 'RENT FOR MAY',
      }),
      berlinEntry('bad', { bookingDate: 'John Miles' }),
    ];
    expect(await run(pipeline)).toMatchObject({ quarantined: 2 });
    const shown = pipeline.quarantined.map(({ original: _, ...rest }) => rest);
    expect(shown.map(({ reason }) => reason)).toEqual(['SCHEMA', 'DATE_INVALID']);
    const bodies = [
      '{"tppMessages":[{"category":"ERROR","code":"X","text":"DE2310010010123456789 John Miles"}]}',
      '<html>DE2310010010123456789 Heike Mustermann</html>',
      '{"accounts":[{"iban":"DE2310010010123456789","name":"RENT FOR MAY"',
    ];
    for (const [at, text] of bodies.entries()) {
      bank.refusal = { status: [400, 500, 200][at] ?? 0, text, retryAfterMs: undefined };
      await run(pipeline);
    }
    const told = JSON.stringify([shown, pipeline.logged, pipeline.measured, pipeline.sent]);
    for (const secret of [...planted, 'consent-1', 'token-1']) expect(told).not.toContain(secret);
    expect(told).toContain('850.00');
    expect(pipeline.quarantined[0]?.original).toContain('John Miles'); // sealed before it is stored
    expect((await readAside(pipeline.table, 'conn-1', (text) => text, { deadline })).records).toEqual([]);
  });
});
