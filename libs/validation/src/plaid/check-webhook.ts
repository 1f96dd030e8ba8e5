/** A webhook's body, sorted by what the receiver does with it. Its signature is verified before, over the raw bytes. */

import { checker, type Validate } from '../checker.ts';
import type { Checked } from '../validation-issue.ts';
import {
  validateItemError,
  validateLegacyUpdate,
  validatePendingDisconnect,
  validatePendingExpiration,
  validateSyncUpdatesAvailable,
  validateTransactionsRemoved,
  validateUserAccountRevoked,
  validateWebhookBase,
} from './webhooks/validators.ts';
import type {
  PlaidItemError,
  PlaidLegacyUpdate,
  PlaidPendingDisconnect,
  PlaidPendingExpiration,
  PlaidSyncUpdatesAvailable,
  PlaidTransactionsRemoved,
  PlaidUserAccountRevoked,
  PlaidWebhookBase,
} from './wire-types.ts';

export type PlaidWebhook =
  | { readonly kind: 'SYNC_UPDATES_AVAILABLE'; readonly webhook: PlaidSyncUpdatesAvailable }
  | { readonly kind: 'LEGACY_UPDATE'; readonly webhook: PlaidLegacyUpdate }
  | { readonly kind: 'TRANSACTIONS_REMOVED'; readonly webhook: PlaidTransactionsRemoved }
  | { readonly kind: 'ITEM_ERROR'; readonly webhook: PlaidItemError }
  | { readonly kind: 'PENDING_DISCONNECT'; readonly webhook: PlaidPendingDisconnect }
  | { readonly kind: 'PENDING_EXPIRATION'; readonly webhook: PlaidPendingExpiration }
  | { readonly kind: 'USER_ACCOUNT_REVOKED'; readonly webhook: PlaidUserAccountRevoked }
  /** Known, with nothing beyond the members of every webhook. */
  | { readonly kind: PlaidBareWebhookKind; readonly webhook: PlaidWebhookBase }
  /** A type or code newer than this version: acknowledge and count it. */
  | { readonly kind: 'UNKNOWN'; readonly webhook: PlaidWebhookBase };

export type PlaidBareWebhookKind =
  | 'LOGIN_REPAIRED'
  | 'USER_PERMISSION_REVOKED'
  | 'NEW_ACCOUNTS_AVAILABLE'
  | 'WEBHOOK_UPDATE_ACKNOWLEDGED';

type WebhookChecker = (value: unknown) => Checked<PlaidWebhook>;

function sorted<T>(validate: Validate<T>, sort: (webhook: T) => PlaidWebhook): WebhookChecker {
  const check = checker(validate);
  return (value) => {
    const checked = check(value);
    return checked.ok ? { ok: true, value: sort(checked.value) } : checked;
  };
}

const bare = (kind: PlaidBareWebhookKind): WebhookChecker =>
  sorted(validateWebhookBase, (webhook) => ({ kind, webhook }));

const legacyUpdate = sorted(validateLegacyUpdate, (webhook) => ({ kind: 'LEGACY_UPDATE', webhook }));

/** By `webhook_type/webhook_code`. */
const checkers: ReadonlyMap<string, WebhookChecker> = new Map([
  [
    'TRANSACTIONS/SYNC_UPDATES_AVAILABLE',
    sorted(validateSyncUpdatesAvailable, (webhook) => ({ kind: 'SYNC_UPDATES_AVAILABLE', webhook })),
  ],
  ['TRANSACTIONS/INITIAL_UPDATE', legacyUpdate],
  ['TRANSACTIONS/HISTORICAL_UPDATE', legacyUpdate],
  ['TRANSACTIONS/DEFAULT_UPDATE', legacyUpdate],
  [
    'TRANSACTIONS/TRANSACTIONS_REMOVED',
    sorted(validateTransactionsRemoved, (webhook) => ({ kind: 'TRANSACTIONS_REMOVED', webhook })),
  ],
  ['ITEM/ERROR', sorted(validateItemError, (webhook) => ({ kind: 'ITEM_ERROR', webhook }))],
  [
    'ITEM/PENDING_DISCONNECT',
    sorted(validatePendingDisconnect, (webhook) => ({ kind: 'PENDING_DISCONNECT', webhook })),
  ],
  [
    'ITEM/PENDING_EXPIRATION',
    sorted(validatePendingExpiration, (webhook) => ({ kind: 'PENDING_EXPIRATION', webhook })),
  ],
  [
    'ITEM/USER_ACCOUNT_REVOKED',
    sorted(validateUserAccountRevoked, (webhook) => ({ kind: 'USER_ACCOUNT_REVOKED', webhook })),
  ],
  ['ITEM/LOGIN_REPAIRED', bare('LOGIN_REPAIRED')],
  ['ITEM/USER_PERMISSION_REVOKED', bare('USER_PERMISSION_REVOKED')],
  ['ITEM/NEW_ACCOUNTS_AVAILABLE', bare('NEW_ACCOUNTS_AVAILABLE')],
  ['ITEM/WEBHOOK_UPDATE_ACKNOWLEDGED', bare('WEBHOOK_UPDATE_ACKNOWLEDGED')],
]);

/** The members that every webhook has: enough to know whom it is about. */
export const checkWebhookBase = checker(validateWebhookBase);

/**
 * @param value from `JSON.parse` or `parseExact`
 * @returns the webhook by kind; `UNKNOWN` where it has the common members and a code we do not know
 */
export function checkWebhook(value: unknown): Checked<PlaidWebhook> {
  const base = checkWebhookBase(value);
  if (!base.ok) return base;
  const check = checkers.get(`${base.value.webhook_type}/${base.value.webhook_code}`);
  return check === undefined ? { ok: true, value: { kind: 'UNKNOWN', webhook: base.value } } : check(value);
}
