/**
 * A user with an account at a bank of each standard: what an app reads is one user's money, and what goes from one bank to another is
 * neither earned nor spent.
 */
import { createMemoryTable, linkConnection } from '@quartersec/storage';
import { describe, expect, it } from 'vitest';
import { processEvent } from './process-event.ts';
import { createScriptedPipeline, startEpochMs } from './scripted-pipeline.ts';
import { createApiSystem } from './testing/api-system.ts';
import { berlinEntry, createBerlinPipeline } from './testing/berlin-pipeline.ts';
import { createObukPipeline, obukEntry } from './testing/obuk-pipeline.ts';
import { createPlaidPipeline, plaidAccount, plaidPage, plaidTransaction } from './testing/plaid-pipeline.ts';

const deadline = { remainingMs: () => 10_000, elapsedMs: () => 0 };
const dateAt = (daysAgo: number) => new Date(startEpochMs - daysAgo * 86_400_000).toISOString().slice(0, 10);
/** By the month, the newest some days ago. */
const months = [8, 38, 69, 99, 130, 161];
const providers = ['plaid', 'openbanking-uk', 'berlin-group'] as const;

const euros = { iso_currency_code: 'EUR', unofficial_currency_code: null };
/** Plaid counts what goes out. */
const atPlaid = (id: string, daysAgo: number, amount: number, name: string) => ({
  ...plaidTransaction,
  ...{ transaction_id: id, date: dateAt(daysAgo), amount, name, ...euros },
});

/** @param linked of the banks, in this order */
async function household(linked: readonly (typeof providers)[number][]) {
  const plaid = await createPlaidPipeline(
    [
      plaidPage({
        accounts: [{ ...plaidAccount, balances: { ...plaidAccount.balances, ...euros } }],
        added: months.flatMap((ago, at) => [
          atPlaid(`wage-${at}`, ago + 2, -2_100, 'ACME GMBH SALARY'),
          atPlaid(`out-${at}`, ago, 400, 'Transfer to Anna Example savings'),
          atPlaid(`market-${at}`, ago + 1, 61.2 + at, 'FRESH MARKET 12'),
        ]),
      }),
    ],
    [[{ ...plaidAccount, balances: { ...plaidAccount.balances, ...euros } }]],
  );
  const obuk = await createObukPipeline();
  obuk.bank.accounts = ['a1'];
  obuk.bank.currency = 'EUR';
  const atObuk = (id: string, ago: number, amount: string, text: string, isIn = false) =>
    obukEntry(id, {
      Amount: { Amount: amount, Currency: 'EUR' },
      CreditDebitIndicator: isIn ? 'Credit' : 'Debit',
      BookingDateTime: `${dateAt(ago)}T00:00:00+00:00`,
      TransactionInformation: text,
    });
  obuk.bank.entries = months.flatMap((ago, at) => [
    atObuk(`in-${at}`, ago, '400.00', 'Transfer from Anna Example', true),
    atObuk(`film-${at}`, ago - 1, '12.99', 'REELHOUSE'),
    atObuk(`on-${at}`, ago - 2, '150.00', 'Transfer Anna Example'),
  ]);
  const berlin = await createBerlinPipeline();
  berlin.bank.accounts = berlin.bank.accounts.slice(0, 1);
  const atBerlin = (id: string, ago: number, amount: string, text: string) =>
    berlinEntry(id, {
      bookingDate: dateAt(ago),
      transactionAmount: { amount, currency: 'EUR' },
      remittanceInformationUnstructured: text,
    });
  berlin.bank.entries = months.flatMap((ago, at) => [
    atBerlin(`in-${at}`, ago - 3, '150.00', 'Transfer Anna Example'),
    atBerlin(`gym-${at}`, ago - 1, '-29.90', 'FITNESSWERK BERLIN'),
  ]);
  const of = { plaid: plaid.pipeline, 'openbanking-uk': obuk.pipeline, 'berlin-group': berlin.pipeline };
  const table = createMemoryTable();
  const pipeline = createScriptedPipeline([], {
    table,
    connectorFor: (provider, institutionId) =>
      providers
        .filter((each) => each === provider)
        .map((each) => of[each].deps.connectorFor(provider, institutionId))[0],
    openToken: ({ provider }) => (provider === 'berlin-group' ? 'consent-1 token-1' : 'access-production-1'),
  });
  for (const provider of linked) {
    const link = { connectionId: provider, userId: 'user-1', provider, institutionId: 'bank-a', sealedToken: 's' };
    await linkConnection(
      { journal: pipeline.deps.journal, table },
      { ...link, runId: `link-${provider}`, writtenEpochMs: startEpochMs },
      { deadline },
    );
    const event = pipeline.event(provider);
    expect(await processEvent(event, { hardDeadlineMs: 10_000 }, pipeline.deps)).toMatchObject({
      outcome: { kind: 'committed' },
    });
  }
  return createApiSystem({ table });
}

interface Recurring {
  readonly kind: string;
  readonly counterparty: string;
  readonly direction: string;
  readonly typicalMinor: number;
  readonly evidence: readonly { readonly connectionId: string }[];
}

/** What comes again and again: who, which way, how much, and of which connections that is known. */
async function recurringOf(api: Awaited<ReturnType<typeof household>>): Promise<readonly string[]> {
  const { insights } = (await api.get('/v1/insights')).body as { readonly insights: readonly Recurring[] };
  return insights
    .filter(({ kind }) => kind === 'recurring')
    .map(({ counterparty, direction, typicalMinor, evidence }) =>
      [counterparty, direction, typicalMinor, ...new Set(evidence.map(({ connectionId }) => connectionId))].join(' '),
    )
    .sort();
}

describe('a user with an account at a bank of each standard', () => {
  it('has all accounts, each of its bank', async () => {
    const { accounts, unreadable } = (await (await household(providers)).get('/v1/accounts')).body;
    expect(unreadable).toEqual([]);
    expect(accounts.map((each: Record<string, unknown>) => [each.connectionId, each.currency, each.state])).toEqual([
      ['berlin-group', 'EUR', 'open'],
      ['openbanking-uk', 'EUR', 'open'],
      ['plaid', 'EUR', 'open'],
    ]);
  });

  it('has the transactions of all in one order, over pages of any size', async () => {
    const api = await household(providers);
    const seen: { readonly connectionId: string; readonly bookingDate: string; readonly transactionId: string }[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await api.get(`/v1/transactions?limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...body.transactions);
      cursor = body.nextCursor;
    }
    expect(new Set(seen.map(({ transactionId }) => transactionId)).size).toBe(8 * months.length);
    expect(
      Object.fromEntries(
        Object.entries(Object.groupBy(seen, (each) => each.connectionId)).map(([id, of]) => [id, of?.length]),
      ),
    ).toEqual({
      plaid: 3 * months.length,
      'openbanking-uk': 3 * months.length,
      'berlin-group': 2 * months.length,
    });
    const dates = seen.map(({ bookingDate }) => bookingDate);
    expect(dates).toEqual(dates.toSorted().reverse());
  });

  it('is told what comes again at each bank, and of no money that goes from one to another', async () => {
    expect(await recurringOf(await household(providers))).toEqual([
      'Acme in 210000 plaid',
      'Fitnesswerk out 2990 berlin-group',
      'Fresh Market 12 out 6120 plaid',
      'Reelhouse out 1299 openbanking-uk',
    ]);
  });

  it('is told of that money while only one of its ends is linked: nothing else shows that it is their own', async () => {
    expect(await recurringOf(await household(['openbanking-uk']))).toEqual([
      'Reelhouse out 1299 openbanking-uk',
      'Transfer Anna Example out 15000 openbanking-uk',
      'Transfer From Anna Example in 40000 openbanking-uk',
    ]);
  });
});
