/** What to do about a provider call that gave no page. Pure: the rules of the provider errors, put into the pipeline's terms. */
import { type FailedFetch, ruleOf } from '@quartersec/providers';
import type { ConnectionStatus } from '@quartersec/storage';
import { probeIntervalMs } from './gate.ts';
import type { SyncRequested } from './sync-event.ts';

export type Reaction =
  /** Start the pagination loop over, from its first cursor. */
  | { readonly kind: 'restart' }
  /** Read everything again, from an empty cursor. */
  | { readonly kind: 'resync' }
  /** The provider asks for it: stored, so that every event of the connection respects it. 0 ms: at once, nothing is stored. */
  | { readonly kind: 'wait'; readonly waitMs: number }
  /** Ours to mend: a wait that leaves the connection's status alone and is alerted. */
  | { readonly kind: 'hold'; readonly waitMs: number }
  /** @param probeAfterMs asked again after this; `null`: only when its user says so */
  | { readonly kind: 'stop'; readonly status: ConnectionStatus; readonly probeAfterMs: number | null }
  | { readonly kind: 'fail' };

/** What is throttled or down again and again is asked ever more rarely, and its end is still found within the hour. */
const growingWaitCapMs = 3_600_000;

/** @param event its `attempts` are the waits before this one */
export function reactTo(
  { error, backToQueueAfterMs: waitMs }: Pick<FailedFetch, 'error' | 'backToQueueAfterMs'>,
  event: Pick<SyncRequested, 'attempts'>,
): Reaction {
  const { outcome, status, askAgain } = ruleOf(error.code);
  if (waitMs !== undefined && outcome === 'configuration') return { kind: 'hold', waitMs };
  const grows = outcome === 'throttled' || outcome === 'later';
  if (waitMs !== undefined && grows) return { kind: 'wait', waitMs: growingWaitMs(waitMs, event) };
  if (waitMs !== undefined) return { kind: 'wait', waitMs };
  if (status !== null) return { kind: 'stop', status, probeAfterMs: askAgain === 'probe' ? probeIntervalMs : null };
  if (outcome === 'restart' || outcome === 'resync') return { kind: outcome };
  return { kind: 'fail' };
}

/** Never shorter than asked. */
function growingWaitMs(askedMs: number, { attempts }: Pick<SyncRequested, 'attempts'>): number {
  return Math.max(askedMs, Math.min(growingWaitCapMs, askedMs * 2 ** Math.min(attempts, 20)));
}
