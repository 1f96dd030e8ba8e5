import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkWebhook } from './check-webhook.ts';

const read = (url: URL): object => JSON.parse(readFileSync(url, 'utf8'));
const example = (name: string) => read(new URL(`./examples/${name}`, import.meta.url));
const base = { item_id: 'item-1', environment: 'sandbox' };
const error = {
  error_type: 'ITEM_ERROR',
  error_code: 'ITEM_LOCKED',
  error_message: 'example',
  display_message: null,
  status: 400,
};

describe('checkWebhook', () => {
  it.each([
    ['TRANSACTIONS', 'SYNC_UPDATES_AVAILABLE', { initial_update_complete: true, historical_update_complete: false }],
    ['ITEM', 'PENDING_DISCONNECT', { reason: 'INSTITUTION_MIGRATION', disconnect_time: '2026-04-01T00:00:00Z' }],
    ['ITEM', 'PENDING_EXPIRATION', { consent_expiration_time: '2026-04-01T00:00:00Z' }],
    ['ITEM', 'USER_ACCOUNT_REVOKED', { account_id: 'acc-1' }],
    ['ITEM', 'LOGIN_REPAIRED', {}],
    ['ITEM', 'USER_PERMISSION_REVOKED', { error: null }],
    ['ITEM', 'NEW_ACCOUNTS_AVAILABLE', {}],
    ['ITEM', 'WEBHOOK_UPDATE_ACKNOWLEDGED', { new_webhook_url: 'https://hooks.example' }],
    ['TRANSACTIONS', 'TRANSACTIONS_REMOVED', { removed_transactions: ['tx-1'], error: null }],
  ])('sorts %s / %s', (webhook_type, webhook_code, members) => {
    const webhook = { ...base, webhook_type, webhook_code, ...members };
    expect(checkWebhook(webhook)).toEqual({ ok: true, value: { kind: webhook_code, webhook } });
  });

  it.each(['INITIAL_UPDATE', 'HISTORICAL_UPDATE', 'DEFAULT_UPDATE'])('sorts the legacy %s', (webhook_code) => {
    const webhook = { ...base, webhook_type: 'TRANSACTIONS', webhook_code, new_transactions: 3, error: null };
    expect(checkWebhook(webhook)).toMatchObject({ ok: true, value: { kind: 'LEGACY_UPDATE' } });
  });

  it('sorts ITEM / ERROR, with the error inside', () => {
    const webhook = { ...base, webhook_type: 'ITEM', webhook_code: 'ERROR', error };
    expect(checkWebhook(webhook)).toEqual({ ok: true, value: { kind: 'ITEM_ERROR', webhook } });
  });

  it.each([
    ['ITEM', 'SOMETHING_NEW'],
    ['TRANSFER', 'SYNC_UPDATES_AVAILABLE'],
    ['__proto__', 'constructor'],
  ])('accepts %s / %s, which it does not know', (webhook_type, webhook_code) => {
    expect(checkWebhook({ ...base, webhook_type, webhook_code })).toMatchObject({
      ok: true,
      value: { kind: 'UNKNOWN' },
    });
  });

  it.each([
    [null, '$input', 'null'],
    [{ webhook_type: 'ITEM', webhook_code: 'ERROR', environment: 'sandbox' }, '$input.item_id', 'absent'],
    [{ ...base, webhook_type: 'ITEM', webhook_code: 7 }, '$input.webhook_code', 'number'],
    [{ ...base, webhook_type: 'ITEM', webhook_code: 'ERROR', error: null }, '$input.error', 'null'],
    [
      {
        ...base,
        webhook_type: 'TRANSACTIONS',
        webhook_code: 'SYNC_UPDATES_AVAILABLE',
        initial_update_complete: 'yes',
        historical_update_complete: true,
      },
      '$input.initial_update_complete',
      'string',
    ],
  ])('refuses %j at %s', (webhook, path, received) => {
    expect(checkWebhook(webhook)).toMatchObject({ ok: false, issue: { path, received } });
  });

  it('takes examples of our own', () => {
    expect(checkWebhook(example('webhook-sync-updates-available.json'))).toMatchObject({
      value: { kind: 'SYNC_UPDATES_AVAILABLE', webhook: { item_id: 'item-example-0001' } },
    });
    expect(checkWebhook(example('webhook-item-error.json'))).toMatchObject({
      value: { kind: 'ITEM_ERROR', webhook: { error: { error_code_reason: 'OAUTH_CONSENT_EXPIRED' } } },
    });
  });
});

const samples = new URL('../../../../../shared/providers/samples/plaid/', import.meta.url);

describe.runIf(existsSync(samples))("Plaid's published webhooks", () => {
  it('are sorted', () => {
    expect(checkWebhook(read(new URL('webhook.transactions.sync_updates_available.json', samples)))).toMatchObject({
      ok: true,
      value: {
        kind: 'SYNC_UPDATES_AVAILABLE',
        webhook: {
          item_id: 'wz666MBjYWTp2PDzzggYhM6oWWmBb',
          initial_update_complete: true,
          historical_update_complete: false,
        },
      },
    });
    expect(checkWebhook(read(new URL('webhook.item.error.json', samples)))).toMatchObject({
      ok: true,
      value: { kind: 'ITEM_ERROR', webhook: { error: { error_code: 'ITEM_LOGIN_REQUIRED', status: 400 } } },
    });
  });
});
