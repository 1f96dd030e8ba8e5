/** What `../validators.ts` is, for webhooks: apart from it, so that whoever receives none does not load them. */
import typia from 'typia';
import type {
  PlaidItemError,
  PlaidLegacyUpdate,
  PlaidPendingDisconnect,
  PlaidPendingExpiration,
  PlaidSyncUpdatesAvailable,
  PlaidTransactionsRemoved,
  PlaidUserAccountRevoked,
  PlaidWebhookBase,
} from '../wire-types.ts';

export const validateWebhookBase = typia.createValidate<PlaidWebhookBase>();
export const validateSyncUpdatesAvailable = typia.createValidate<PlaidSyncUpdatesAvailable>();
export const validateLegacyUpdate = typia.createValidate<PlaidLegacyUpdate>();
export const validateTransactionsRemoved = typia.createValidate<PlaidTransactionsRemoved>();
export const validateItemError = typia.createValidate<PlaidItemError>();
export const validatePendingDisconnect = typia.createValidate<PlaidPendingDisconnect>();
export const validatePendingExpiration = typia.createValidate<PlaidPendingExpiration>();
export const validateUserAccountRevoked = typia.createValidate<PlaidUserAccountRevoked>();
