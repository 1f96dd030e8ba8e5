/** Records that are set aside come back, through the real connector: by themselves, and on command. */
import { type Connector, createPlaidConnector, type HttpClient } from '@quartersec/providers';
import { foldTransactions, readEntries } from '@quartersec/storage';
import { describe, expect, it } from 'vitest';
import { type EventReport, processEvent } from './process-event.ts';
import { createScriptedPipeline, type ScriptedPipeline } from './scripted-pipeline.ts';
import type { SyncRequested } from './sync-event.ts';

const dayMs = 86_400_000;
const limits = { hardDeadlineMs: 2_000 };

const account = {
  account_id: 'acc-1',
  balances: { available: 100, current: 110, limit: null, iso_currency_code: 'USD', unofficial_currency_code: null },
  mask: '0000',
  name: 'Checking',
  official_name: null,
  type: 'depository',
  subtype: 'checking',
};
const transaction = {
  account_id: 'acc-1',
  transaction_id: 'tx-1',
  pending_transaction_id: null,
  amount: 12.5,
  iso_currency_code: 'USD',
  unofficial_currency_code: null,
  date: '2023-11-10',
  name: 'coffee',
  pending: false,
  payment_channel: 'in store',
};
const page = (members: object) => ({
  added: [],
  modified: [],
  removed: [],
  accounts: [],
  next_cursor: 'c1',
  has_more: false,
  request_id: 'req1',
  transactions_update_status: 'HISTORICAL_UPDATE_COMPLETE',
  ...members,
});

/** The pipeline over the real connector: pages by call, the last one for ever; account lists likewise. */
async function plaid(pages: readonly object[], lists: readonly (readonly object[])[]) {
  const calls = { pages: 0, lists: 0 };
  const http: HttpClient = {
    async send({ url }) {
      const isList = url.endsWith('/accounts/get');
      const answers = isList ? lists.map((accounts) => ({ accounts, item: {}, request_id: 'req2' })) : pages;
      const answer = answers[Math.min(isList ? calls.lists++ : calls.pages++, answers.length - 1)];
      return { status: 200, text: JSON.stringify(answer), headers: {}, retryAfterMs: undefined };
    },
    close: () => {},
  };
  const options = { baseUrl: 'https://production.plaid.com', clientId: 'client-1', secret: 'secret-1', http };
  const connector = createPlaidConnector(options) as Connector;
  const pipeline = createScriptedPipeline([], {
    connectorFor: () => connector,
    openToken: () => 'access-production-1',
  });
  await pipeline.link('conn-1');
  return { pipeline, connector };
}

function run(pipeline: ScriptedPipeline, members: Partial<SyncRequested> = {}): Promise<EventReport> {
  return processEvent(pipeline.event('conn-1', members), limits, pipeline.deps);
}

async function standing({ table, head }: ScriptedPipeline): Promise<readonly (string | null)[]> {
  const { version } = await head('conn-1');
  const deadline = { remainingMs: () => 1_000, elapsedMs: () => 0 };
  const entries = await readEntries(table, 'conn-1', { fromVersion: 1, toVersion: version }, { deadline });
  return foldTransactions(entries).map(({ transaction }) => transaction.providerTransactionId);
}

describe('a record of an account that nobody had listed', () => {
  const first = page({ added: [transaction] });

  it('comes back with the page that names its account', async () => {
    const { pipeline } = await plaid([first, page({ accounts: [account] })], [[]]);
    expect(await run(pipeline)).toMatchObject({ quarantined: 1 });
    expect(await standing(pipeline)).toEqual([]);
    expect(pipeline.quarantined.map(({ reason }) => reason)).toEqual(['ACCOUNT_UNKNOWN']);
    expect(await run(pipeline)).toMatchObject({ outcome: { kind: 'committed' }, returned: 1 });
    expect(await standing(pipeline)).toEqual(['tx-1']);
    expect(await pipeline.head('conn-1')).toMatchObject({ aside: 0 });
  });

  it('comes back with the account list of another day', async () => {
    const other = { ...account, account_id: 'acc-0', mask: '1111' };
    const { pipeline } = await plaid([first, page({})], [[other], [other, account]]);
    expect(await run(pipeline)).toMatchObject({ quarantined: 1 });
    pipeline.advanceMs(dayMs);
    expect(await run(pipeline)).toMatchObject({ returned: 1 });
    expect(await standing(pipeline)).toEqual(['tx-1']);
  });
});

describe('a record that an older version could not read', () => {
  /** Reads no record, and sets each aside with its text. */
  const older = (connector: Connector): Connector => ({
    ...connector,
    normalisePage(valid, context) {
      const read = connector.normalisePage(valid, context);
      const { length } = (valid.wire as { added: object[] }).added;
      const aside = { reason: 'SCHEMA', expected: 'a number', received: 'string', redacted: '{}' } as const;
      // Of its own text: what the wire types hold has exact numbers.
      const original = JSON.stringify(transaction);
      const quarantined = Array.from({ length }, () => ({ ...aside, path: '$input.added[0]', original }));
      return { ...read, added: [], quarantined };
    },
    readRecord: () => undefined,
  });

  async function setAside() {
    const { pipeline, connector } = await plaid([page({ added: [transaction] }), page({})], [[account]]);
    const before = { ...pipeline.deps, connectorFor: () => older(connector) };
    await processEvent(pipeline.event('conn-1'), limits, before);
    expect(await pipeline.head('conn-1')).toMatchObject({ aside: 1 });
    expect(await run(pipeline)).toMatchObject({ returned: 0 });
    return pipeline;
  }

  it('comes back by itself within a day of the version that can', async () => {
    const pipeline = await setAside();
    pipeline.advanceMs(dayMs);
    expect(await run(pipeline, { reason: 'schedule' })).toMatchObject({ returned: 1 });
    expect(await standing(pipeline)).toEqual(['tx-1']);
    expect(pipeline.quarantined).toEqual([]);
  });

  it('comes back at once on command', async () => {
    const pipeline = await setAside();
    expect(await run(pipeline, { retakeAside: true })).toMatchObject({ returned: 1 });
    expect(await standing(pipeline)).toEqual(['tx-1']);
  });
});
