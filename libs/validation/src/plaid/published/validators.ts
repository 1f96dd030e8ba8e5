/**
 * For tests: what Plaid publishes as its own types (npm `plaid`, which it generates from its OpenAPI file), as validators. Our wire types are
 * written; these judge them.
 */
import type { AccountsGetResponse, TransactionsSyncResponse } from 'plaid';
import typia from 'typia';

export const validatePublishedSync = typia.createValidate<TransactionsSyncResponse>();
export const validatePublishedAccounts = typia.createValidate<AccountsGetResponse>();
