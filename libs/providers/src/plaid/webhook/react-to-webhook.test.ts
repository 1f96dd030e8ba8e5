import { describe, expect, it } from 'vitest';
import { reactToPlaidWebhook } from './react-to-webhook.ts';

const react = (type: string, code: string, members: object = {}) =>
  reactToPlaidWebhook(
    Buffer.from(
      JSON.stringify({ webhook_type: type, webhook_code: code, item_id: 'item-1', environment: 'sandbox', ...members }),
    ),
  );
const error = {
  error_type: 'ITEM_ERROR',
  error_code: 'ITEM_LOGIN_REQUIRED',
  error_message: 'm',
  display_message: null,
};
const time = '2026-12-01T10:00:00Z';
const epochMs = Date.UTC(2026, 11, 1, 10);

describe('what a webhook asks for', () => {
  it.each([
    ['TRANSACTIONS', 'SYNC_UPDATES_AVAILABLE', { initial_update_complete: true, historical_update_complete: false }],
    ['ITEM', 'LOGIN_REPAIRED', {}],
    ['ITEM', 'ERROR', { error }],
    ['ITEM', 'USER_PERMISSION_REVOKED', {}],
  ])('%s / %s: a look at the Item', (type, code, members) => {
    expect(react(type, code, members)).toMatchObject({ kind: 'look', itemId: 'item-1', readAccounts: false });
  });

  it.each([
    ['NEW_ACCOUNTS_AVAILABLE', {}],
    ['USER_ACCOUNT_REVOKED', { account_id: 'a' }],
  ])('%s: a look that reads the account list', (code, members) => {
    expect(react('ITEM', code, members)).toMatchObject({ kind: 'look', readAccounts: true });
  });

  it.each([
    ['PENDING_DISCONNECT', { reason: 'INSTITUTION_MIGRATION', disconnect_time: time }, epochMs],
    ['PENDING_DISCONNECT', { reason: 'INSTITUTION_MIGRATION' }, undefined],
    ['PENDING_EXPIRATION', { consent_expiration_time: time }, epochMs],
    ['PENDING_EXPIRATION', { consent_expiration_time: 'soon' }, undefined],
  ])('%s: the end of the consent, where it can be read', (code, members, consentExpiresEpochMs) => {
    expect(react('ITEM', code, members)).toMatchObject({ kind: 'look', code, consentExpiresEpochMs });
  });

  it.each([
    ['TRANSACTIONS', 'DEFAULT_UPDATE', { new_transactions: 3 }],
    ['TRANSACTIONS', 'TRANSACTIONS_REMOVED', { removed_transactions: ['t'] }],
    ['ITEM', 'WEBHOOK_UPDATE_ACKNOWLEDGED', {}],
  ])('%s / %s: nothing', (type, code, members) => {
    expect(react(type, code, members)).toMatchObject({ kind: 'nothing' });
  });

  it('kinds that are newer: nothing, said by their codes alone', () => {
    expect(react('INCOME', 'INCOME_VERIFICATION')).toEqual({ kind: 'unknown', code: 'INCOME/INCOME_VERIFICATION' });
    expect(react('ITEM', 'Anna Example 4711')).toEqual({ kind: 'unknown', code: 'UNLISTED' });
  });

  it('bodies that are none of theirs: nothing', () => {
    expect(reactToPlaidWebhook(Buffer.from('<html>'))).toEqual({ kind: 'unknown', code: 'BODY_UNREADABLE' });
    expect(reactToPlaidWebhook(Buffer.from('{"webhook_type":"ITEM"}'))).toMatchObject({ code: 'BODY_UNREADABLE' });
  });

  it('members that are not as we know them: a look all the same', () => {
    expect(react('ITEM', 'ERROR', { error: { ...error, documentation_url: null } })).toMatchObject({
      kind: 'look',
      itemId: 'item-1',
      code: 'ITEM/ERROR',
    });
    expect(react('TRANSACTIONS', 'SYNC_UPDATES_AVAILABLE')).toMatchObject({ kind: 'look' });
  });
});
