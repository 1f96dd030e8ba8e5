/**
 * The only file here that calls typia: each call becomes plain comparisons at compile time. Coverage leaves it out, since the
 * generated branches would be counted; so nothing else stands here. `Equals`: a member that nobody knows is refused, because a
 * misspelt filter would show too much.
 */
import typia from 'typia';
import type {
  AccountsQuery,
  ChangesQuery,
  ConnectionRequest,
  FeedbackRequest,
  ForecastQuery,
  InsightsQuery,
  LinkTokenRequest,
  Nothing,
  TransactionsQuery,
} from './contract.ts';

export const validateNothing = typia.createValidateEquals<Nothing>();
export const validateLinkTokenRequest = typia.createValidateEquals<LinkTokenRequest>();
export const validateConnectionRequest = typia.createValidateEquals<ConnectionRequest>();
export const validateAccountsQuery = typia.createValidateEquals<AccountsQuery>();
export const validateTransactionsQuery = typia.createValidateEquals<TransactionsQuery>();
export const validateChangesQuery = typia.createValidateEquals<ChangesQuery>();
export const validateInsightsQuery = typia.createValidateEquals<InsightsQuery>();
export const validateForecastQuery = typia.createValidateEquals<ForecastQuery>();
export const validateFeedbackRequest = typia.createValidateEquals<FeedbackRequest>();
