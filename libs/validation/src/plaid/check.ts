/** Parsed JSON in, a proven wire type or the first issue out. */
import { type Checked, type GeneratedError, issueFrom } from '../validation-issue.ts';
import {
  validateAccount,
  validateAccountsEnvelope,
  validateError,
  validateRemoved,
  validateSyncEnvelope,
  validateTransaction,
  validateVerificationKey,
} from './validators.ts';

/** What a line of `validators.ts` becomes. */
export type Validate<T> = (
  input: unknown,
) =>
  | { readonly success: true; readonly data: T }
  | { readonly success: false; readonly errors: readonly GeneratedError[] };

export function checker<T>(validate: Validate<T>): (value: unknown) => Checked<T> {
  return (value) => {
    const result = validate(value);
    return result.success ? { ok: true, value: result.data } : { ok: false, issue: issueFrom(result.errors, value) };
  };
}

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
