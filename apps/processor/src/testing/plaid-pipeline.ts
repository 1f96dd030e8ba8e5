/** For tests: the pipeline over Plaid's real connector. Pages are written as Plaid sends them; no call leaves the process. */
import { type Connector, createPlaidConnector, type HttpClient } from '@quartersec/providers';
import { type CurrentTransaction, foldTransactions, readEntries } from '@quartersec/storage';
import { createScriptedPipeline, type ScriptedPipeline } from '../scripted-pipeline.ts';

type Limits = Parameters<HttpClient['send']>[1];

export const plaidAccount = {
  account_id: 'acc-1',
  balances: { available: 100, current: 110, limit: null, iso_currency_code: 'USD', unofficial_currency_code: null },
  mask: '0000',
  name: 'Checking',
  official_name: null,
  type: 'depository',
  subtype: 'checking',
};

export const plaidTransaction = {
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

/** A complete page behind which there is no other, with these members changed. */
export const plaidPage = (members: object) => ({
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

export interface PlaidPipeline {
  readonly pipeline: ScriptedPipeline;
  readonly connector: Connector;
}

/**
 * With `conn-1` linked.
 * @param pages by call, the last one for ever; a string is sent as it stands
 * @param lists account lists, likewise
 * @param onPage runs before each page is given; what it throws is the end of the call
 */
export async function createPlaidPipeline(
  pages: readonly (object | string)[],
  lists: readonly (readonly object[])[],
  onPage: (body: { readonly count: number }, limits: Limits, pipeline: ScriptedPipeline) => void = () => {},
): Promise<PlaidPipeline> {
  const calls = { pages: 0, lists: 0 };
  const http: HttpClient = {
    async send({ url, body = '{}' }, limits) {
      const isList = url.endsWith('/accounts/get');
      if (!isList) onPage(JSON.parse(body), limits, pipeline);
      const answers = isList ? lists.map((accounts) => ({ accounts, item: {}, request_id: 'req2' })) : pages;
      const answer = answers[Math.min(isList ? calls.lists++ : calls.pages++, answers.length - 1)];
      const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
      return { status: 200, text, headers: {}, retryAfterMs: undefined };
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

/** What counts of `conn-1`. */
export async function standingOf({ table, head }: ScriptedPipeline): Promise<readonly CurrentTransaction[]> {
  const { version } = await head('conn-1');
  const deadline = { remainingMs: () => 1_000, elapsedMs: () => 0 };
  return foldTransactions(await readEntries(table, 'conn-1', { fromVersion: 1, toVersion: version }, { deadline }));
}
