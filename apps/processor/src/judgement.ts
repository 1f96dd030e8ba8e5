/**
 * Whether an event was good, bad or neither, and whose doing it was. Pure.
 *
 * Good: its data was stored, or already covered, within the promise. Bad: late, failed or deferred, whoever is to blame.
 * Neither: what its sender got wrong, and what repeats that a connection still waits for its user.
 */
import { type ProviderErrorCode, providerErrorOutcomes } from '@quartersec/providers';
import { type Blame, objectives } from '@quartersec/sla';
import { paginationCodes } from './event-record.ts';
import type { Outcome } from './outcome.ts';

export type Judgement =
  | { readonly kind: 'good' }
  | { readonly kind: 'bad'; readonly blame: Blame }
  /** A mistake of the sender: it has a metric of its own and burns no budget. */
  | { readonly kind: 'refused' }
  /** Said once, by the event that found out. */
  | { readonly kind: 'repeated' };

export interface EventTimes {
  /** Requested to the end. */
  readonly roundTripMs: number;
  /** Of it, waiting for the provider. */
  readonly providerMs: number;
}

/** Codes of a sender's own mistake. */
const senderCodes: ReadonlySet<string> = new Set(['CONNECTION_UNKNOWN', 'EVENT_MALFORMED']);
const promisedMs = objectives.roundTrip.underMs;

export function judge(outcome: Outcome, times: EventTimes): Judgement {
  switch (outcome.kind) {
    case 'committed':
    case 'coalesced':
      return times.roundTripMs <= promisedMs ? { kind: 'good' } : { kind: 'bad', blame: blameOfTime(times) };
    case 'postponed':
      return { kind: 'bad', blame: blameOf(outcome.code, times) };
    case 'stopped':
      return outcome.now ? { kind: 'bad', blame: blameOf(outcome.code, times) } : { kind: 'repeated' };
    case 'failed':
      return senderCodes.has(outcome.code) ? { kind: 'refused' } : { kind: 'bad', blame: blameOf(outcome.code, times) };
  }
}

/** Whoever took the larger part of the time. */
function blameOfTime({ roundTripMs, providerMs }: EventTimes): Blame {
  return providerMs > roundTripMs - providerMs ? 'provider' : 'ours';
}

function blameOf(code: string, times: EventTimes): Blame {
  if (paginationCodes.has(code)) return 'provider'; // its pages kept changing underneath, or lead nowhere
  if (code === 'DEADLINE_EXCEEDED') return blameOfTime(times);
  if (!isProviderCode(code)) return 'ours';
  switch (providerErrorOutcomes[code]) {
    case 'user-action':
      return 'user';
    case 'terminal':
      return code === 'ACCESS_REVOKED' ? 'user' : 'provider';
    case 'configuration':
      return 'ours';
    case 'defect':
      return code === 'URL_REFUSED' ? 'provider' : 'ours';
    default:
      return 'provider';
  }
}

function isProviderCode(code: string): code is ProviderErrorCode {
  return Object.hasOwn(providerErrorOutcomes, code);
}
