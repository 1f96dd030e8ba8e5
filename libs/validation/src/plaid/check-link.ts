/** The answers of the calls that link, keep and remove an Item. Values from `JSON.parse`. */
import { checker } from '../checker.ts';
import { validateExchange, validateItem, validateLinkToken } from './link/validators.ts';

export const checkLinkToken = checker(validateLinkToken);
export const checkExchange = checker(validateExchange);
export const checkItem = checker(validateItem);
