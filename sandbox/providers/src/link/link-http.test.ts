import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Providers, startProviders } from '../server.ts';
import { control, plaid } from '../test-client.ts';

let providers: Providers;
beforeAll(async () => {
  const latency = { medianMs: 0, p99Ms: 0 };
  providers = await startProviders({ seed: 2, connections: 8, linkFrom: 3, latency, historyTransactions: 30 });
});
afterAll(() => providers.close());

const call = async (path: string, fields: Record<string, unknown>): Promise<Record<string, unknown>> => {
  const { status, text } = await plaid(providers, path, fields);
  return { status, ...(JSON.parse(text) as Record<string, unknown>) };
};
const session = { client_name: 'n', language: 'en', country_codes: ['US'], user: { client_user_id: 'u' } };
const products = ['transactions'];
type Account = Record<'account_id' | 'name' | 'mask' | 'subtype', string>;

async function link(username?: string) {
  const { link_token } = await call('/link/token/create', { ...session, products });
  const { public_token } = await call('/sandbox/link/finish', { link_token, username });
  const made = await call('/item/public_token/exchange', { public_token });
  return { token: String(made.access_token), itemId: String(made.item_id), publicToken: public_token };
}

const accountsOf = async (token: string) =>
  (await call('/accounts/get', { access_token: token })).accounts as readonly Account[];
const faces = (accounts: readonly Account[]) => accounts.map(({ name, mask, subtype }) => [name, mask, subtype]);

describe('linking', () => {
  it('gives a connection of its own, by a token that is good once', async () => {
    const { token, itemId, publicToken } = await link('anna');
    expect([token, itemId]).toEqual(['access-sandbox-3', 'item-sandbox-3']);
    expect(await accountsOf(token)).not.toHaveLength(0);
    const again = await call('/item/public_token/exchange', { public_token: publicToken });
    expect(again).toMatchObject({ status: 400, error_code: 'INVALID_PUBLIC_TOKEN' });
  });

  it('gives the same login the same accounts under the ids of a new Item, at the same institution', async () => {
    const [first, second] = ['access-sandbox-3', (await link('anna')).token];
    const [before, after] = [await accountsOf(first), await accountsOf(second)];
    expect(faces(after)).toEqual(faces(before));
    expect(after.map(({ account_id }) => account_id)).not.toEqual(before.map(({ account_id }) => account_id));
    const institution = async (token: string) =>
      ((await call('/item/get', { access_token: token })).item as Record<string, unknown>).institution_id;
    expect(await institution(second)).toBe(await institution(first));
    const third = await link('user-1');
    expect(faces(await accountsOf(third.token))).toEqual(faces(await accountsOf('access-sandbox-1')));
  });

  it('ends an Item for good', async () => {
    const { token } = await link();
    expect((await call('/item/remove', { access_token: token })).status).toBe(200);
    for (const path of ['/item/remove', '/accounts/get', '/transactions/sync'])
      expect(await call(path, { access_token: token })).toMatchObject({ status: 400, error_code: 'ITEM_NOT_FOUND' });
  });

  it('says when a consent ends, until it is given again', async () => {
    const token = 'access-sandbox-0';
    const item = async () => (await call('/item/get', { access_token: token })).item as Record<string, unknown>;
    await control(providers, 'POST', `/connections/${token}`, { consentEnds: '2026-12-01T00:00:00Z' });
    expect(await item()).toMatchObject({ consent_expiration_time: '2026-12-01T00:00:00Z' });
    const { link_token } = await call('/link/token/create', { ...session, access_token: token });
    await call('/sandbox/link/finish', { link_token });
    expect(await item()).toMatchObject({ consent_expiration_time: null });
    expect((await control(providers, 'POST', `/connections/${token}`, { consentEnds: 'soon' })).status).toBe(400);
  });

  it('makes public tokens without a session, as the sandbox of Plaid does', async () => {
    const options = { override_username: 'bert', webhook: 'http://127.0.0.1:1/hook' };
    const { public_token } = await call('/sandbox/public_token/create', { institution_id: 'ins_1', options });
    const { access_token } = await call('/item/public_token/exchange', { public_token });
    expect((await call('/item/get', { access_token })).item).toMatchObject({ webhook: 'http://127.0.0.1:1/hook' });
    await link(); // the last one that is free
    const none = await call('/sandbox/public_token/create', { institution_id: 'ins_1' });
    expect(none).toMatchObject({ status: 429, error_code: 'ADDITION_LIMIT' });
  });

  it.each([
    [{ products }, 'MISSING_FIELDS'],
    [{ ...session, products, country_codes: ['usa'] }, 'INVALID_FIELD'],
    [{ ...session, products: [] }, 'INVALID_FIELD'],
    [{ ...session, products, transactions: { days_requested: 731 } }, 'INVALID_FIELD'],
    [{ ...session, products, access_token: 'access-sandbox-0' }, 'INVALID_FIELD'],
    [{ ...session, access_token: 'access-sandbox-99' }, 'INVALID_ACCESS_TOKEN'],
  ])('refuses the session %j', async (fields, code) => {
    expect(await call('/link/token/create', fields)).toMatchObject({ status: 400, error_code: code });
  });

  it('refuses a session that there is not, and an exchange without a token', async () => {
    expect(await call('/sandbox/link/finish', { link_token: 'x' })).toMatchObject({ error_code: 'INVALID_LINK_TOKEN' });
    expect(await call('/item/public_token/exchange', {})).toMatchObject({ error_code: 'MISSING_FIELDS' });
  });
});
