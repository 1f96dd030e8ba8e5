/** Plaid's own published types as judges of what we wrote: our examples, every answer of the simulator, and the values of our enumerations. */
import { readFileSync } from 'node:fs';
import { type Providers, startProviders } from '@quartersec/sandbox-providers';
import { AccountType, TransactionCode, TransactionPaymentChannelEnum } from 'plaid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseExact } from '../../exact-json.ts';
import { checkAccountsEnvelope, checkSyncEnvelope } from '../check.ts';
import { accountRecord, transactionRecord } from '../records.ts';
import { accountTypes, paymentChannels, transactionCodes } from '../validators.ts';
import { validatePublishedAccounts, validatePublishedSync } from './validators.ts';

let providers: Providers;
beforeAll(async () => {
  providers = await startProviders({ seed: 7, connections: 40, latency: { medianMs: 0, p99Ms: 0 } });
});
afterAll(() => providers.close());

const access = (index: number) => ({
  client_id: 'client-sandbox',
  secret: 'secret-sandbox',
  access_token: `access-sandbox-${index}`,
});

async function post(path: string, body: object): Promise<string> {
  const response = await fetch(providers.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return await response.text();
}

/** @returns where the value is not what Plaid publishes, and what was expected there */
const faults = (result: {
  readonly success: boolean;
  readonly errors?: readonly { path: string; expected: string }[];
}) => (result.errors ?? []).map(({ path, expected }) => `${path}: ${expected}`);

interface Page {
  readonly added: readonly unknown[];
  readonly modified: readonly unknown[];
  readonly removed: readonly unknown[];
  readonly accounts: readonly unknown[];
  readonly next_cursor: string;
  readonly has_more: boolean;
}

describe('by the types that Plaid publishes', () => {
  it.each(['sync-page.json', 'sync-page-not-ready.json'])('our example %s is one of its responses', (name) => {
    const text = readFileSync(new URL(`../examples/${name}`, import.meta.url), 'utf8');
    const members = faults(validatePublishedSync(JSON.parse(text)));
    // These two have been seen without members that they always have by the types.
    expect(members.filter((fault) => !/\.(?:location|payment_meta)\.\w+: /.test(fault))).toEqual([]);
  });

  it('so are the pages of the simulator, with what is removed, modified and pending in them', async () => {
    const seen = { added: 0, modified: 0, removed: 0 };
    for (let index = 0; index < 40; index += 1) {
      let cursor = '';
      for (let reads = 0; reads < 12; reads += 1) {
        const text = await post('/transactions/sync', { ...access(index), cursor });
        const page = JSON.parse(text) as Page;
        expect(faults(validatePublishedSync(page))).toEqual([]);
        seen.added += page.added.length;
        seen.modified += page.modified.length;
        seen.removed += page.removed.length;
        cursor = page.next_cursor;
        // What is published holds for us, too.
        const ours = parseExact(text) as Page;
        expect(checkSyncEnvelope(ours).ok).toBe(true);
        expect([...ours.added, ...ours.modified].filter((each) => !transactionRecord.check(each).ok)).toEqual([]);
        expect(ours.accounts.filter((each) => !accountRecord.check(each).ok)).toEqual([]);
      }
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
  });

  it('and its account lists', async () => {
    for (let index = 0; index < 40; index += 1) {
      const text = await post('/accounts/get', access(index));
      expect(faults(validatePublishedAccounts(JSON.parse(text)))).toEqual([]);
      expect(checkAccountsEnvelope(parseExact(text)).ok).toBe(true);
    }
  });

  it('our enumerations have each value that it has', () => {
    expect(accountTypes).toEqual(expect.arrayContaining(Object.values(AccountType)));
    expect(paymentChannels).toEqual(expect.arrayContaining(Object.values(TransactionPaymentChannelEnum)));
    const codes = Object.values(TransactionCode).filter((code) => code !== TransactionCode.Null);
    expect(transactionCodes).toEqual(expect.arrayContaining(codes));
  });
});
