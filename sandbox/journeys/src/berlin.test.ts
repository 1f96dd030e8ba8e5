/** The deployed functions before banks of the Berlin Group's NextGenPSD2: what stands is what the bank holds. */
import { readWhole } from '@quartersec/processor/insights';
import { heldLines, lineDifferences, ofStandard, standingLines } from '@quartersec/sandbox-simulation';
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
  setBerlin,
} from './provider-control.ts';

/** One bank whose days follow each other, and one that holds several currencies. */
const [usual, several] = [0, 1] as const;
const printed: string[] = [];
let system: System;

const tokenOf = (index: number) => `berlin-sandbox-${index + 2}`;
const set = (index: number, settings: Parameters<typeof setBerlin>[2]) =>
  setBerlin(system.controlUrl, tokenOf(index), settings);
const sync = (index: number, members: object = {}) =>
  postEvent(system, { connectionId: `berlin-${index}`, ...members });
const committed = { outcome: { kind: 'committed' } };
const as = () => ({ authorization: `Bearer ${system.tokenFor('berlin-group')}` });

beforeAll(async () => {
  system = await startJourneySystem({
    connections: 2,
    freeConnections: 0,
    berlinGroup: 2,
    onLog: (_functionName, line) => printed.push(line),
  });
  for (const index of [usual, several]) {
    await publish(system.controlUrl, tokenOf(index), 0);
    await set(index, { pageSize: 7 });
  }
});

afterAll(() => system?.close());

/** @returns how many entries stand */
async function expectHoldings(index: number): Promise<number> {
  const { head, entries, standing } = await readJournal(system, `berlin-${index}`);
  const holding = ofStandard(await holdsOf(system.controlUrl, tokenOf(index)));
  expect(lineDifferences(standingLines(head, entries, ''), heldLines(holding, ''))).toEqual([]);
  const open = (accounts: readonly { readonly state: string; readonly id: string }[]) =>
    accounts.flatMap(({ state, id }) => (state === 'open' ? [id] : [])).sort();
  expect(open(head.accounts.map(({ state, providerAccountId: id }) => ({ state, id })))).toEqual(
    open(holding.accounts.map(({ state, account_id: id }) => ({ state, id }))),
  );
  return standing.length;
}

describe('a bank of the Berlin Group', () => {
  it('is imported with all its accounts and pages, and read by the API', async () => {
    expect((await sync(usual)).body).toMatchObject(committed);
    const transactions = await expectHoldings(usual);
    expect(transactions).toBeGreaterThan(20);
    const { head } = await readJournal(system, `berlin-${usual}`);
    expect(head).toMatchObject({ status: 'active', history: 'complete', provider: 'berlin-group' });
    expect(head.accounts.every(({ balances, identityBasis }) => balances.length > 0 && identityBasis === 'iban')).toBe(
      true,
    );
    const url = `${system.apiUrl}/v1/transactions?connection=berlin-${usual}&limit=500`;
    const body = (await (await fetch(url, { headers: as() })).json()) as { readonly transactions: readonly object[] };
    expect(body.transactions).toHaveLength(transactions);
  });

  it('is followed day by day: what is new, booked and removed', async () => {
    for (let day = 0; day < 4; day += 1) {
      await advance(system.controlUrl, tokenOf(usual), 1);
      const { transactions } = await holdsOf(system.controlUrl, tokenOf(usual));
      const [id] = Object.entries(transactions).find(([, { pending, date }]) => !pending && date > '2024-12-20') ?? [];
      await changeBank(system.controlUrl, tokenOf(usual), [
        { change: 'remove', id },
        { change: 'add', amount: '12.00', pending: true },
      ]);
      expect((await sync(usual)).body).toMatchObject(committed);
      await expectHoldings(usual);
    }
  });

  it.each(['none', 'blank', 'reissued', 'reused', 'given'])(
    'whose ids are %s has each entry as often as it holds it, however often it is read',
    async (ids) => {
      await set(usual, { ids });
      await sync(usual);
      const entries = await expectHoldings(usual);
      await sync(usual);
      expect(await expectHoldings(usual)).toBe(entries);
    },
  );

  it.each(['number', 'mixed', 'text'])(
    'whose amounts are of the form %s has the same ones, to the last digit',
    async (amounts) => {
      await set(usual, { amounts });
      expect((await sync(usual)).body).toMatchObject(committed);
      await expectHoldings(usual);
    },
  );

  it.each(['path', 'gateway-path', 'no-scheme', 'null-host', 'absolute'])(
    'whose next links are of the form %s is read to the end',
    async (links) => {
      await set(usual, { links, pageSize: 3 });
      expect((await sync(usual)).body).toMatchObject(committed);
      await expectHoldings(usual);
    },
  );

  it.each([
    ['self', 'PAGINATION_STUCK'],
    ['foreign-host', 'URL_REFUSED'],
    ['other-list', 'PAGE_INVALID'],
    ['malformed', 'PAGE_INVALID'],
  ])('whose next links lead to %s is not followed, and loses nothing', async (links, code) => {
    await set(usual, { links, pageSize: 2 });
    const before = await readJournal(system, `berlin-${usual}`);
    expect(JSON.stringify((await sync(usual)).body)).toContain(code);
    expect((await readJournal(system, `berlin-${usual}`)).standing).toEqual(before.standing);
    await set(usual, { links: 'absolute', pageSize: 100 });
    expect((await sync(usual)).body).toMatchObject(committed);
    await expectHoldings(usual);
  });

  it.each(['download', 'empty'])('whose report is %s loses nothing', async (report) => {
    await set(usual, { report });
    const before = await readJournal(system, `berlin-${usual}`);
    expect(JSON.stringify((await sync(usual)).body)).toContain('PAGE_INVALID');
    expect((await readJournal(system, `berlin-${usual}`)).standing).toEqual(before.standing);
    await set(usual, { report: 'list' });
    expect((await sync(usual)).body).toMatchObject(committed);
    await expectHoldings(usual);
  });

  it('that gives its user’s account other resource ids with the next consent has the accounts that it had', async () => {
    const ids = async () => {
      const { head, standing } = await readJournal(system, `berlin-${usual}`);
      const accounts = head.accounts.map(({ accountId, state }) => `${accountId} ${state}`).sort();
      return { accounts, transactions: standing.map(({ transaction }) => transaction.transactionId).sort() };
    };
    const before = await ids();
    await set(usual, { resourceIds: 'next-consent' });
    expect((await sync(usual)).body).toMatchObject(committed);
    expect(await ids()).toEqual(before);
    await set(usual, { resourceIds: 'first-consent' });
    await sync(usual);
    await expectHoldings(usual);
  });

  it('whose balance moves without a transaction is read all the same', async () => {
    const { accounts } = await holdsOf(system.controlUrl, tokenOf(usual));
    const account = accounts.find(({ type, state }) => type === 'depository' && state === 'open')?.account_id;
    await changeBank(system.controlUrl, tokenOf(usual), [{ change: 'account', account, current: '4321' }]);
    expect((await sync(usual)).body).toMatchObject({ ...committed, quarantined: 0 });
    const { head } = await readJournal(system, `berlin-${usual}`);
    const balances = head.accounts.find(({ providerAccountId }) => providerAccountId === account)?.balances ?? [];
    expect(balances.find(({ balanceType }) => balanceType === 'ITBD')?.amount.minor).toMatch(/^4321/);
  });

  it('that answers 503 twice is asked again, each time under another request id', async () => {
    const attempts = async () => Number((await sync(usual)).body.attempts);
    const usually = await attempts();
    await plantFault(system.controlUrl, tokenOf(usual), { kind: 'status', times: 2, options: { status: 503 } });
    // The simulator refuses a request id that has been there before.
    expect(await attempts()).toBe(usually + 2);
    await clearFaults(system.controlUrl);
    await expectHoldings(usual);
  });

  it.each([
    ['expired', 'tpp-messages', 'consent-expired'],
    ['expired', 'problem', 'consent-expired'],
    ['unknown', 'bare-list', 'consent-required'],
  ])(
    'whose consent is %s, as %s, waits for its user, and goes on once it is renewed',
    async (consent, errors, status) => {
      await set(usual, { consent, errors });
      const calls = await countCalls(system.controlUrl, tokenOf(usual));
      const { head } = await readJournal(system, `berlin-${usual}`);
      expect((await sync(usual)).body).toMatchObject({ outcome: { kind: 'stopped', status } });
      expect(await countCalls(system.controlUrl, tokenOf(usual))).toBe(calls + listsOf(head));
      const view = await (await fetch(`${system.apiUrl}/v1/connections/berlin-${usual}`, { headers: as() })).json();
      expect(view).toMatchObject({ status, userAction: 're-consent' });
      await set(usual, { consent: 'valid', errors: 'tpp-messages' });
      expect((await sync(usual, { reason: 'user' })).body).toMatchObject(committed);
      await expectHoldings(usual);
    },
  );

  it('whose quota of the day is used up answers its user all the same, and is left alone otherwise', async () => {
    await set(usual, { callsPerDay: 1 });
    const scheduled = { reason: 'schedule' };
    await sync(usual, scheduled);
    expect((await sync(usual, { reason: 'user', userIpAddress: '203.0.113.7' })).body).toMatchObject({
      outcome: { kind: expect.stringMatching(/committed|postponed/) },
    });
    await sync(usual, scheduled);
    const calls = await countCalls(system.controlUrl, tokenOf(usual));
    const { head } = await readJournal(system, `berlin-${usual}`);
    expect(head).toMatchObject({ status: 'waiting', statusReason: 'THROTTLED' });
    const midnight = Math.ceil(Date.now() / 86_400_000) * 86_400_000;
    expect(head.nextAttemptEpochMs).toBeGreaterThanOrEqual(midnight - 1_000);
    await sync(usual, scheduled);
    expect(await countCalls(system.controlUrl, tokenOf(usual))).toBe(calls);
  });
});

describe('a bank of the Berlin Group that takes less than is wanted', () => {
  it('is read without pending entries, and with a history that is called recent', async () => {
    await set(several, { pending: 'refused' });
    expect((await sync(several)).body).toMatchObject(committed);
    const { head, entries } = await readJournal(system, `berlin-${several}`);
    const booked = heldLines(ofStandard(await holdsOf(system.controlUrl, tokenOf(several))), '').filter((line) =>
      line.includes('BOOK'),
    );
    expect(lineDifferences(standingLines(head, entries, ''), booked)).toEqual([]);
    await set(several, { pending: 'listed' });
  });
});

describe('an account in several currencies', () => {
  const accountsOf = async () => {
    const { head } = await readJournal(system, `berlin-${several}`);
    return head.accounts.filter(({ state }) => state === 'open');
  };
  const amountsOf = async () => {
    const { standing } = await readJournal(system, `berlin-${several}`);
    return standing.map(({ transaction: { amount } }) => `${amount.minor} ${amount.currency}`).sort();
  };

  it('is its sub-accounts where both levels are listed: nothing is counted twice', async () => {
    await changeBank(system.controlUrl, tokenOf(several), [{ change: 'open', currency: 'KWD', current: '10' }]);
    const { accounts } = await holdsOf(system.controlUrl, tokenOf(several));
    const account = accounts.find(({ currency, state }) => currency === 'KWD' && state === 'open')?.account_id;
    await changeBank(system.controlUrl, tokenOf(several), [{ change: 'add', account, amount: '1.234' }]);
    await set(several, { currencies: 'sub-accounts' });
    expect((await sync(several, { fullRead: true })).body).toMatchObject(committed);
    const [listed, amounts] = [await accountsOf(), await amountsOf()];
    expect(listed.map(({ currency }) => currency)).toContain('KWD');
    expect(amounts).toContain('-1234 KWD');
    await set(several, { currencies: 'both-levels' });
    expect((await sync(several, { fullRead: true })).body).toMatchObject(committed);
    expect((await accountsOf()).map(({ accountId }) => accountId).sort()).toEqual(
      listed.map(({ accountId }) => accountId).sort(),
    );
    expect(await amountsOf()).toEqual(amounts);
  });
});

it('leaves a journal in which every hash holds, and movements that insights are made of', async () => {
  await expectCleanAudit(system);
  const { head, standing } = await readJournal(system, `berlin-${usual}`);
  const { state } = (await readWhole(system.table, head, within().deadline)).derived();
  const booked = standing.filter(({ transaction }) => transaction.status === 'BOOK');
  expect(state.ledgers.flatMap(({ movements }) => movements)).toHaveLength(booked.length);
});

it('leaves no account number, name, consent or address of its user in any line of a log', () => {
  const all = printed.join('\n');
  expect(printed.length).toBeGreaterThan(20);
  // What every account of the simulator's banks has.
  expect(all).not.toMatch(/DE\d{20}|Mustermann|berlin-sandbox-\d|203\.0\.113\.7/);
});
