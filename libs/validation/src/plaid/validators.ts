/**
 * With `webhooks/validators.ts` and `link/validators.ts` the only file that calls typia: each call becomes plain comparisons at compile time. Run untransformed, typia throws.
 * Coverage leaves this file out, since the generated branches would be counted; so nothing else stands here. Other files
 * do without: each costs a compiler run of a second or more.
 */
import typia from 'typia';
import type {
  PlaidAccount,
  PlaidAccountsEnvelope,
  PlaidAccountType,
  PlaidBalances,
  PlaidCounterparty,
  PlaidErrorBody,
  PlaidFinanceCategory,
  PlaidLocation,
  PlaidPaymentChannel,
  PlaidPaymentMeta,
  PlaidRemovedTransaction,
  PlaidSyncEnvelope,
  PlaidTransaction,
  PlaidTransactionCode,
  PlaidUpdateStatus,
  PlaidVerificationKeyResponse,
} from './wire-types.ts';

export const validateSyncEnvelope = typia.createValidate<PlaidSyncEnvelope>();
export const validateAccountsEnvelope = typia.createValidate<PlaidAccountsEnvelope>();
export const validateTransaction = typia.createValidate<PlaidTransaction>();
export const validateRemoved = typia.createValidate<PlaidRemovedTransaction>();
export const validateAccount = typia.createValidate<PlaidAccount>();
export const validateError = typia.createValidate<PlaidErrorBody>();
export const validateVerificationKey = typia.createValidate<PlaidVerificationKeyResponse>();

export const syncEnvelopeMembers: readonly string[] = typia.misc.literals<keyof PlaidSyncEnvelope>();
export const transactionMembers: readonly string[] = typia.misc.literals<keyof PlaidTransaction>();
export const paymentMetaMembers: readonly string[] = typia.misc.literals<keyof PlaidPaymentMeta>();
export const financeCategoryMembers: readonly string[] = typia.misc.literals<keyof PlaidFinanceCategory>();
export const locationMembers: readonly string[] = typia.misc.literals<keyof PlaidLocation>();
export const counterpartyMembers: readonly string[] = typia.misc.literals<keyof PlaidCounterparty>();
export const removedMembers: readonly string[] = typia.misc.literals<keyof PlaidRemovedTransaction>();
export const accountMembers: readonly string[] = typia.misc.literals<keyof PlaidAccount>();
export const balancesMembers: readonly string[] = typia.misc.literals<keyof PlaidBalances>();

export const updateStatuses: readonly string[] = typia.misc.literals<PlaidUpdateStatus>();
export const paymentChannels: readonly string[] = typia.misc.literals<PlaidPaymentChannel>();
export const transactionCodes: readonly string[] = typia.misc.literals<PlaidTransactionCode>();
export const accountTypes: readonly string[] = typia.misc.literals<PlaidAccountType>();
