/** Parsed JSON in, a proven wire type or the first issue out. */
import { checker } from '../checker.ts';
import {
  validateAccountsEnvelope,
  validateError,
  validateRemoved,
  validateSyncEnvelope,
  validateVerificationKey,
} from './validators.ts';

/** The page around its records; these are checked one by one, so that a bad one costs only itself. */
export const checkSyncEnvelope = checker(validateSyncEnvelope);
export const checkAccountsEnvelope = checker(validateAccountsEnvelope);
export const checkRemoved = checker(validateRemoved);
/** Values from `parseExact` or `JSON.parse`, as the next one. */
export const checkError = checker(validateError);
export const checkVerificationKey = checker(validateVerificationKey);
