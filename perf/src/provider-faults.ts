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

/** Kinds that say nothing new of a single call in a thousand, since they script what a provider does for days; and those of other providers. */
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
  'obie-error',
  'tpp-error',
] as const;

/** @param share of all calls, 0 to 1 */
export async function plantFaults({ provider }: SystemUnderLoad, share: number): Promise<void> {
  for (const kind of providerFaultKinds)
    await provider('POST', '/faults', { token: '*', kind, probability: share / providerFaultKinds.length });
}

export async function clearFaults({ provider }: SystemUnderLoad): Promise<void> {
  await provider('DELETE', '/faults');
}
