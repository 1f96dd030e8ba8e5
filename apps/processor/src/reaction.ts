/** What to do about a provider call that gave no page. Pure: one row per outcome class of the provider errors. */
import type { FailedFetch } from '@quartersec/providers';
import type { ConnectionStatus } from '@quartersec/storage';

export type Reaction =
  /** Start the pagination loop over, from its first cursor. */
  | { readonly kind: 'restart' }
  /** Read everything again, from an empty cursor. */
  | { readonly kind: 'resync' }
  | { readonly kind: 'wait'; readonly waitMs: number }
  | { readonly kind: 'stop'; readonly status: ConnectionStatus }
  | { readonly kind: 'fail' };

export function reactTo({ error, backToQueueAfterMs }: Pick<FailedFetch, 'error' | 'backToQueueAfterMs'>): Reaction {
  if (backToQueueAfterMs !== undefined) return { kind: 'wait', waitMs: backToQueueAfterMs };
  switch (error.outcome) {
    case 'restart':
      return { kind: 'restart' };
    case 'resync':
      return { kind: 'resync' };
    case 'user-action':
      return { kind: 'stop', status: error.code === 'CONSENT_EXPIRED' ? 'consent-expired' : 'login-required' };
    case 'terminal':
      return { kind: 'stop', status: 'revoked' };
    default:
      return { kind: 'fail' };
  }
}
