/** What a status means where no code of the standard comes with it. Pure. */
import type { ProviderErrorCode } from '../provider-error.ts';

export function meaningOfStatus(status: number): ProviderErrorCode {
  if (status === 401) return 'CONSENT_EXPIRED';
  if (status === 403) return 'CONSENT_REQUIRED';
  if (status === 429) return 'THROTTLED';
  return status >= 500 || status === 408 ? 'SERVER_ERROR' : 'REQUEST_REJECTED';
}

/**
 * Of a body that is not the standard's. A page of HTML comes from something in front of the bank: under 400 it has always been an outage,
 * under 403 it can be a firewall, which says nothing of the consent.
 */
export function meaningOfForeignBody(status: number, text: string | null): ProviderErrorCode {
  const isMarkup = text?.trimStart().startsWith('<') === true;
  if (status === 400) return 'BODY_UNREADABLE';
  if (status === 403 && isMarkup) return 'STATE_UNCLEAR';
  return meaningOfStatus(status);
}
