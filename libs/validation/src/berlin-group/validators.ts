/**
 * The only file here that calls typia: each call becomes plain comparisons at compile time. Run untransformed, typia throws. Coverage
 * leaves this file out, since the generated branches would be counted; so nothing else stands here.
 */
import typia from 'typia';
import type {
  BerlinAccount,
  BerlinAccounts,
  BerlinBalance,
  BerlinBalances,
  BerlinConsentCreated,
  BerlinConsentInformation,
  BerlinConsentStatus,
  BerlinProblem,
  BerlinReport,
  BerlinScaStarted,
  BerlinTppMessages,
  BerlinTransaction,
  BerlinTransactions,
} from './wire-types.ts';

export const validateAccounts = typia.createValidate<BerlinAccounts>();
export const validateBalances = typia.createValidate<BerlinBalances>();
export const validateTransactions = typia.createValidate<BerlinTransactions>();
export const validateAccount = typia.createValidate<BerlinAccount>();
export const validateBalance = typia.createValidate<BerlinBalance>();
export const validateTransaction = typia.createValidate<BerlinTransaction>();
export const validateTppMessages = typia.createValidate<BerlinTppMessages>();
export const validateProblem = typia.createValidate<BerlinProblem>();
export const validateConsentCreated = typia.createValidate<BerlinConsentCreated>();
export const validateScaStarted = typia.createValidate<BerlinScaStarted>();
export const validateConsentStatus = typia.createValidate<BerlinConsentStatus>();
export const validateConsentInformation = typia.createValidate<BerlinConsentInformation>();

export const accountsMembers: readonly string[] = typia.misc.literals<keyof BerlinAccounts>();
export const balancesMembers: readonly string[] = typia.misc.literals<keyof BerlinBalances>();
export const transactionsMembers: readonly string[] = typia.misc.literals<keyof BerlinTransactions>();
export const reportMembers: readonly string[] = typia.misc.literals<keyof BerlinReport>();
export const accountMembers: readonly string[] = typia.misc.literals<keyof BerlinAccount>();
export const balanceMembers: readonly string[] = typia.misc.literals<keyof BerlinBalance>();
export const transactionMembers: readonly string[] = typia.misc.literals<keyof BerlinTransaction>();
