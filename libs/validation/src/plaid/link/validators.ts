/** What `../validators.ts` is, for linking: apart from it, so that whoever links nothing does not load them. */
import typia from 'typia';
import type { PlaidExchangeResponse, PlaidItemResponse, PlaidLinkTokenResponse } from '../wire-types.ts';

export const validateLinkToken = typia.createValidate<PlaidLinkTokenResponse>();
export const validateExchange = typia.createValidate<PlaidExchangeResponse>();
export const validateItem = typia.createValidate<PlaidItemResponse>();
