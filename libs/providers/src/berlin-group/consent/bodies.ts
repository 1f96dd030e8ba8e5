/** What a consent is asked for with, and what the bank's answers about it mean. Pure. */
import type { BerlinScaLinks } from '@quartersec/validation/berlin-group';
import type { ConsentState, ConsentWish } from '../../consent/consent-calls.ts';
import { isLoopbackHost } from '../../private-address.ts';
import { ProviderError } from '../../provider-error.ts';

/** By the standard, for "as long as you let us". */
const farFuture = '9999-12-31';
const dayMs = 86_400_000;
/** More needs an agreement with the bank. */
const frequencyPerDay = 4;

/**
 * All accounts of the user; or, where a bank does not offer that, whichever ones the user chooses at the bank. Both are options of the
 * standard that a bank may have or lack.
 */
export const accesses = {
  all: { allPsd2: 'allAccounts' },
  chosenAtBank: { accounts: [], balances: [], transactions: [] },
} as const;

export type Access = keyof typeof accesses;

export function consentBody({ expiresEpochMs }: ConsentWish, access: Access): string {
  return JSON.stringify({
    access: accesses[access],
    recurringIndicator: true,
    validUntil: expiresEpochMs === undefined ? farFuture : new Date(expiresEpochMs).toISOString().slice(0, 10),
    frequencyPerDay,
    combinedServiceIndicator: false,
  });
}

/** Where the bank sends the user back to: with what tells whose they are, as OAuth has it, and where they have not agreed, with that. */
export function redirectHeaders(redirectUri: string, state: string): Readonly<Record<string, string>> {
  const withParameters = (parameters: Readonly<Record<string, string>>) => {
    const url = new URL(redirectUri);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  };
  return {
    'tpp-redirect-preferred': 'true',
    'tpp-redirect-uri': withParameters({ state }),
    'tpp-nok-redirect-uri': withParameters({ state, error: 'access_denied' }),
  };
}

const statuses: Readonly<Record<string, ConsentState['status']>> = {
  received: 'awaiting',
  partiallyAuthorised: 'awaiting',
  valid: 'authorised',
};

/** Rejected, expired, revoked by the user, terminated by us; and what no version of the standard has. */
export function statusOf(consentStatus: string): ConsentState['status'] {
  return Object.hasOwn(statuses, consentStatus) ? (statuses[consentStatus] ?? 'ended') : 'ended';
}

/** @returns the end of the last day; `undefined` where there is none, or nobody can tell */
export function endOf(validUntil: string): number | undefined {
  const dayEpochMs = validUntil === farFuture ? Number.NaN : Date.parse(`${validUntil}T00:00:00Z`);
  return Number.isSafeInteger(dayEpochMs) ? dayEpochMs + dayMs : undefined;
}

export type Way =
  | { readonly kind: 'redirect'; readonly url: string }
  | { readonly kind: 'oauth'; readonly metadataUrl: string };

/**
 * @param isRegistered with the bank's authorization server
 * @returns `undefined` where there is none that we can go
 * @throws {ProviderError} `URL_REFUSED`
 */
export function wayOf({ scaRedirect, scaOAuth }: BerlinScaLinks, isRegistered: boolean): Way | undefined {
  if (scaOAuth && isRegistered) return { kind: 'oauth', metadataUrl: scaOAuth.href };
  return scaRedirect ? { kind: 'redirect', url: webAddress(scaRedirect.href) } : undefined;
}

export function noWay({ scaOAuth }: BerlinScaLinks): ProviderError {
  const detail = scaOAuth ? 'OAuth, and no registration with it' : 'neither redirect nor OAuth';
  return new ProviderError('CONFIGURATION_REFUSED', { provider: 'berlin-group', detail });
}

/** A user's browser is sent there: nothing but a page of the web. */
function webAddress(href: string): string {
  const url = URL.parse(href);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname))) return url.href;
  throw new ProviderError('URL_REFUSED', { provider: 'berlin-group', detail: 'scaRedirect is no address of the web' });
}
