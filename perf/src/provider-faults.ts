/** Every way in which the simulated provider can fail, planted at once: together they meet a share of its calls. */
import type { SystemUnderLoad } from './system-under-load.ts';

/** A test holds this and the kinds left out equal to the simulator's own list. */
export const providerFaultKinds = [
  'status',
  'error-500-plaid',
  'plaid-error',
  'too-many',
  'login-required',
  'institution-down',
  'delay',
  'hang',
  'connect-reset',
  'reset-mid-body',
  'truncated',
  'html-200',
  'empty-200',
  'wrong-content-type',
  'slow-body',
  'huge-body',
  'mutation',
  'cursor-unknown',
  'not-ready',
  'endless',
  'duplicate-page',
  'reordered',
  'bad-record',
  'unknown-enum',
  'extra-field',
  'hostile-json',
  'unknown-currency',
  'over-precise',
  'odd-amount',
  'removed-returns',
  'reissued-ids',
] as const;

/** Errors in the words of the other standards. */
export const faultsOfOtherStandards = [
  { kind: 'obie-error', options: { code: 'UK.OBIE.UnexpectedError', status: 500 } },
  { kind: 'obie-error', options: { code: 'UK.OBIE.Reauthenticate', status: 403 } },
  { kind: 'obie-error', options: { code: 'UK.OBIE.Resource.InvalidConsentStatus', status: 403 } },
  { kind: 'tpp-error', options: { code: 'SERVICE_BLOCKED', status: 403 } },
  { kind: 'tpp-error', options: { code: 'CONSENT_EXPIRED', status: 401 } },
  { kind: 'tpp-error', options: { code: 'ACCESS_EXCEEDED', status: 429 } },
] as const;

/** Kinds that say nothing new of a single call in a thousand, since they script what a provider does for days. */
export const kindsLeftOut = [
  'wrong-environment',
  'slow-by-count',
  'mutation-at-cursor',
  'cursor-lost',
  'cursor-stuck',
  'cursor-cycle',
  'tiny-read',
  'null-list',
  'member-missing',
  'bad-bytes',
  'bad-label',
  'removed-without-account',
  'bad-account',
  'short-account-list',
] as const;

/** @param share of all calls, 0 to 1; of those of the other standards half in their own words, half in nobody's */
export async function plantFaults({ provider }: SystemUnderLoad, share: number): Promise<void> {
  for (const kind of providerFaultKinds)
    await provider('POST', '/faults', { token: '*', kind, probability: share / providerFaultKinds.length });
  for (const fault of faultsOfOtherStandards) {
    const alike = faultsOfOtherStandards.filter(({ kind }) => kind === fault.kind).length;
    await provider('POST', '/faults', { token: '*', ...fault, probability: share / 2 / alike });
  }
}

export async function clearFaults({ provider }: SystemUnderLoad): Promise<void> {
  await provider('DELETE', '/faults');
}
