/** Parsed JSON in (`parseExact`), a proven wire type or the first issue out. */
import { checker } from '../checker.ts';
import { validateConsent, validateEnvelope, validateError } from './validators.ts';

/** The page around its records; these are checked one by one, so that a bad one costs only itself. */
export const checkEnvelope = checker(validateEnvelope);
export const checkError = checker(validateError);
export const checkConsent = checker(validateConsent);
