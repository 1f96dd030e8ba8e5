/** The deployed functions before banks of the UK's Open Banking: what stands is what the bank holds. */
import { readWhole } from '@quartersec/processor/insights';
import { decimal, negated, normalised } from '@quartersec/sandbox-simulation';
import type { System } from '@quartersec/sandbox-system';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectCleanAudit, listsOf, postEvent, readJournal, startJourneySystem, within } from './journey.ts';
import {
  advance,
  changeBank,
  clearFaults,
  countCalls,
  holdsOf,
  plantFault,
  publish,
  setObuk,
} from './provider-control.ts';

const banks = [
  ['3.1', 0],
  ['4.0', 1],
] as const;
let system: System;

const tokenOf = (index: number) => `obuk-sandbox-${index + 2}`;

beforeAll(async () => {
  system = await startJourneySystem({ connections: 2, freeConnections: 0, openBanking: 2 });
  for (const [, index] of banks) {
    await publish(system.controlUrl, tokenOf(index), 0);
    await setObuk(system.controlUrl, tokenOf(index), { pageSize: 7 });
  }
});

afterAll(() => system?.close());

const sync = (index: number, members: object = {}) => postEvent(system, { connectionId: `obuk-${index}`, ...members });

async function expectHoldings(index: number): Promise<number> {
  const { head, standing } = await readJournal(system, `obuk-${index}`);
  const { accounts, transactions } = await holdsOf(system.controlUrl, tokenOf(index));
  const listed = new Set(
    accounts
      .filter(({ type, state }) => state === 'open' && ['depository', 'credit', 'loan'].includes(type))
      .map(({ account_id }) => account_id),
  );
  const names = new Map(head.accounts.map((each) => [each.accountId, each.providerAccountId]));
  const stored = standing.map(({ transaction: { accountId, amount, status, bookingDate, executionDate } }) => [
    names.get(accountId),
    decimal(amount.minor, amount.exponent),
    amount.currency,
    status,
    bookingDate ?? executionDate,
  ]);
  const held = Object.values(transactions)
    .filter(({ account_id }) => listed.has(account_id))
    .map(({ account_id, amount, iso_currency_code, pending, date }) => [
      account_id,
      normalised(negated(amount)),
      iso_currency_code,
      pending ? 'PDNG' : 'BOOK',
      date,
    ]);
  expect(stored.map(String).sort()).toEqual(held.map(String).sort());
  expect(new Set(head.accounts.map(({ providerAccountId }) => providerAccountId))).toEqual(listed);
  return stored.length;
}

describe.each(banks)('a bank of Open Banking UK %s', (_version, index) => {
  it('is imported with all its accounts and pages, and read by the API', async () => {
    expect((await sync(index)).body).toMatchObject({ outcome: { kind: 'committed' } });
    const transactions = await expectHoldings(index);
    expect(transactions).toBeGreaterThan(20);
    const { head } = await readJournal(system, `obuk-${index}`);
    expect(head).toMatchObject({ status: 'active', history: 'complete', provider: 'openbanking-uk' });
    expect(head.accounts.every(({ balances }) => balances.length > 0)).toBe(true);
    const headers = { authorization: `Bearer ${system.tokenFor('open-banking')}` };
    const url = `${system.apiUrl}/v1/transactions?connection=obuk-${index}&limit=500`;
    const body = (await (await fetch(url, { headers })).json()) as { readonly transactions: readonly object[] };
    expect(body.transactions).toHaveLength(transactions);
  });

  it('is followed day by day: what is new, booked and removed', async () => {
    for (let day = 0; day < 4; day += 1) {
      await advance(system.controlUrl, tokenOf(index), 1);
      const { transactions } = await holdsOf(system.controlUrl, tokenOf(index));
      const [id] = Object.entries(transactions).find(([, { pending, date }]) => !pending && date > '2024-12-20') ?? [];
      await changeBank(system.controlUrl, tokenOf(index), [
        { change: 'remove', id },
        { change: 'add', amount: '12.00', pending: true },
      ]);
      expect((await sync(index)).body).toMatchObject({ outcome: { kind: 'committed' } });
      await expectHoldings(index);
    }
  });

  it.each(['none', 'blank', 'reissued', 'reused', 'given'])(
    'whose ids are %s has each entry as often as it holds it, however often it is read',
    async (ids) => {
      await setObuk(system.controlUrl, tokenOf(index), { ids });
      await sync(index);
      const entries = await expectHoldings(index);
      await sync(index);
      expect(await expectHoldings(index)).toBe(entries);
    },
  );

  it.each(['path', 'null-host', 'absolute'])(
    'whose next links are of the form %s is read to the end',
    async (links) => {
      await setObuk(system.controlUrl, tokenOf(index), { links, pageSize: 3 });
      await sync(index);
      await expectHoldings(index);
    },
  );

  it.each([
    ['self', 'PAGINATION_STUCK'],
    ['foreign-host', 'URL_REFUSED'],
    ['other-list', 'PAGE_INVALID'],
  ])('whose next links lead to %s is not followed, and loses nothing', async (links, code) => {
    await setObuk(system.controlUrl, tokenOf(index), { links, pageSize: 2 });
    const before = await readJournal(system, `obuk-${index}`);
    const answered = await sync(index);
    expect(JSON.stringify(answered.body)).toContain(code);
    const after = await readJournal(system, `obuk-${index}`);
    expect(after.standing.length).toBe(before.standing.length);
    await setObuk(system.controlUrl, tokenOf(index), { links: 'absolute', pageSize: 100 });
    await sync(index);
    await expectHoldings(index);
  });

  it('that answers 500 twice is asked again', async () => {
    await plantFault(system.controlUrl, tokenOf(index), { kind: 'obie-error', times: 2 });
    expect((await sync(index)).body).toMatchObject({ outcome: { kind: 'committed' } });
    await clearFaults(system.controlUrl);
    await expectHoldings(index);
  });

  it.each(['expired', 'revoked'])(
    'whose consent is %s waits for its user, and goes on once it is renewed',
    async (consent) => {
      await setObuk(system.controlUrl, tokenOf(index), { consent });
      const calls = await countCalls(system.controlUrl, tokenOf(index));
      const { head } = await readJournal(system, `obuk-${index}`);
      expect((await sync(index)).body).toMatchObject({ outcome: { kind: 'stopped', status: 'consent-expired' } });
      expect(await countCalls(system.controlUrl, tokenOf(index))).toBe(calls + listsOf(head));
      const headers = { authorization: `Bearer ${system.tokenFor('open-banking')}` };
      const view = await (await fetch(`${system.apiUrl}/v1/connections/obuk-${index}`, { headers })).json();
      expect(view).toMatchObject({ status: 'consent-expired', userAction: 're-consent' });
      await setObuk(system.controlUrl, tokenOf(index), { consent: 'authorised' });
      expect((await sync(index, { reason: 'user' })).body).toMatchObject({ outcome: { kind: 'committed' } });
      await expectHoldings(index);
    },
  );

  it('whose quota of the day is used up is left alone until the next', async () => {
    await setObuk(system.controlUrl, tokenOf(index), { callsPerDay: 1 });
    await sync(index);
    const calls = await countCalls(system.controlUrl, tokenOf(index));
    const { head } = await readJournal(system, `obuk-${index}`);
    expect(head.status).toBe('waiting');
    expect(head.nextAttemptEpochMs).toBeGreaterThan(Date.now());
    await sync(index);
    expect(await countCalls(system.controlUrl, tokenOf(index))).toBe(calls);
  });
});

it('leaves a journal in which every hash holds, and movements that insights are made of', async () => {
  await expectCleanAudit(system);
  for (const [, index] of banks) {
    const { head, standing } = await readJournal(system, `obuk-${index}`);
    const { state } = (await readWhole(system.table, head, within().deadline)).derived();
    const booked = standing.filter(({ transaction }) => transaction.status === 'BOOK');
    expect(state.ledgers.flatMap(({ movements }) => movements)).toHaveLength(booked.length);
  }
});
