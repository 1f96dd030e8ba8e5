/** Parsed JSON in (`parseExact`), a proven wire type or the first issue out. */
import { checker } from '../checker.ts';
import {
  validateAccounts,
  validateBalances,
  validateConsentCreated,
  validateConsentInformation,
  validateConsentStatus,
  validateScaStarted,
  validateTransactions,
} from './validators.ts';

/** The bodies around their records; these are checked one by one, so that a bad one costs only itself. */
export const checkAccounts = checker(validateAccounts);
export const checkBalances = checker(validateBalances);
export const checkTransactions = checker(validateTransactions);

export const checkConsentCreated = checker(validateConsentCreated);
export const checkScaStarted = checker(validateScaStarted);
export const checkConsentStatus = checker(validateConsentStatus);
export const checkConsentInformation = checker(validateConsentInformation);
