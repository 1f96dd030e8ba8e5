/** Parsed JSON in, a proven wire type or the first issue out. */
import { checker } from '../checker.ts';
import {
  validateAccount,
  validateAccountsEnvelope,
  validateError,
  validateRemoved,
  validateSyncEnvelope,
  validateTransaction,
  validateVerificationKey,
} from './validators.ts';

/** The page around its records; these are checked one by one, so that a bad one costs only itself. */
export const checkSyncEnvelope = checker(validateSyncEnvelope);
export const checkAccountsEnvelope = checker(validateAccountsEnvelope);
/** Values from `parseExact`: after `JSON.parse` every amount is refused. */
export const checkTransaction = checker(validateTransaction);
export const checkRemoved = checker(validateRemoved);
/** Values from `parseExact`. */
export const checkAccount = checker(validateAccount);
/** Values from `parseExact` or `JSON.parse`, as the next one. */
export const checkError = checker(validateError);
export const checkVerificationKey = checker(validateVerificationKey);
