/**
 * The only file here that calls typia: each call becomes plain comparisons at compile time. Run untransformed, typia throws. Coverage
 * leaves this file out, since the generated branches would be counted; so nothing else stands here.
 */
import typia from 'typia';
import type {
  ObukAccount,
  ObukBalance,
  ObukConsentBody,
  ObukEnvelope,
  ObukErrorBody,
  ObukTransaction,
} from './wire-types.ts';

export const validateEnvelope = typia.createValidate<ObukEnvelope>();
export const validateAccount = typia.createValidate<ObukAccount>();
export const validateBalance = typia.createValidate<ObukBalance>();
export const validateTransaction = typia.createValidate<ObukTransaction>();
export const validateError = typia.createValidate<ObukErrorBody>();
export const validateConsent = typia.createValidate<ObukConsentBody>();

export const envelopeMembers: readonly string[] = typia.misc.literals<keyof ObukEnvelope>();
export const accountMembers: readonly string[] = typia.misc.literals<keyof ObukAccount>();
export const balanceMembers: readonly string[] = typia.misc.literals<keyof ObukBalance>();
export const transactionMembers: readonly string[] = typia.misc.literals<keyof ObukTransaction>();
