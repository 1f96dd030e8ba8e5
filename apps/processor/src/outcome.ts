/** How one event can end. Every one of them is an end: committed, answered, waiting on the queue, or reported as failed. */
import type { ConnectionStatus } from '@quartersec/storage';

export type Outcome =
  /** New entries are in the journal. `continued`: more pages follow, their continuation is on the queue. */
  | { readonly kind: 'committed'; readonly continued: boolean }
  /** A sync that started after this event had been asked for has already fulfilled it. */
  | { readonly kind: 'coalesced' }
  /** Back on the queue; looked at again after the delay. */
  | {
      readonly kind: 'postponed';
      readonly delayMs: number;
      readonly code: string;
      /** The last permitted attempt failed before the provider's wait began: raises the alert. */
      readonly exhausted: boolean;
      /** This event found our keys, environment or contract refused: raises the alert. The connection stays as it is. */
      readonly misconfigured: boolean;
      /** What a person needs to find the cause, where one has to look; no data of a user. */
      readonly detail?: string;
    }
  /** The connection needs its user, or is closed; said once, then quiet. */
  | {
      readonly kind: 'stopped';
      readonly status: ConnectionStatus;
      readonly code: string;
      /** This event found it out; later ones only repeat it, and raise no alert. */
      readonly now: boolean;
    }
  /** Reported to the caller or the queue, which brings it back. */
  | {
      readonly kind: 'failed';
      readonly code: string;
      /** What a person needs to find the cause; no data of a user. */
      readonly detail: string;
      /** Every permitted attempt was made: raises the alert. */
      readonly exhausted: boolean;
    };

/**
 * A failure that a redelivery would only repeat: it is alerted, and the connection's next event asks again. A loop that goes
 * round would cost its calls with every delivery.
 */
export function isRedelivered(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.code !== 'PAGINATION_STUCK';
}

/** Whether the event's last permitted attempt at the provider failed. */
export function isExhausted(outcome: Outcome): boolean {
  return 'exhausted' in outcome && outcome.exhausted;
}
