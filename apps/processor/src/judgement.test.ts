import { describe, expect, it } from 'vitest';
import { judge } from './judgement.ts';
import type { Outcome } from './outcome.ts';

const inTime = { roundTripMs: 120, providerMs: 90 };
const committed: Outcome = { kind: 'committed', continued: false };
const failed = (code: string): Outcome => ({ kind: 'failed', code, detail: '', exhausted: false });
const postponed = (code: string): Outcome => ({
  kind: 'postponed',
  delayMs: 1_000,
  code,
  exhausted: false,
  misconfigured: false,
});
const stopped = (code: string, now: boolean): Outcome => ({ kind: 'stopped', status: 'login-required', code, now });

describe('judge', () => {
  it('calls an event good that was stored, or already covered, within the promise', () => {
    expect(judge(committed, inTime)).toEqual({ kind: 'good' });
    expect(judge({ kind: 'coalesced' }, inTime)).toEqual({ kind: 'good' });
    expect(judge(committed, { roundTripMs: 250, providerMs: 0 })).toEqual({ kind: 'good' });
  });

  it.each([
    [251, 126, 'provider'],
    [251, 125, 'ours'],
    [900, 700, 'provider'],
    [251, 0, 'ours'],
  ] as const)(
    'blames a round trip of %i ms, %i ms of it with the provider, on: %s',
    (roundTripMs, providerMs, blame) => {
      expect(judge(committed, { roundTripMs, providerMs })).toEqual({ kind: 'bad', blame });
      expect(judge(failed('DEADLINE_EXCEEDED'), { roundTripMs, providerMs })).toEqual({ kind: 'bad', blame });
    },
  );

  it.each([
    ['SERVER_ERROR', 'provider'],
    ['TIMEOUT', 'provider'],
    ['PAGE_INVALID', 'provider'],
    ['URL_REFUSED', 'provider'],
    ['PAGINATION_UNSTABLE', 'provider'],
    ['PAGINATION_STUCK', 'provider'],
    ['REQUEST_REJECTED', 'ours'],
    ['TABLE_THROTTLED', 'ours'],
    ['QUEUE_UNAVAILABLE', 'ours'],
    ['UNEXPECTED', 'ours'],
  ])('blames the failure %s on: %s', (code, blame) => {
    expect(judge(failed(code), inTime)).toEqual({ kind: 'bad', blame });
  });

  it.each(['INSTITUTION_DOWN', 'THROTTLED', 'NOT_READY'])('calls an event bad that was deferred by %s', (code) => {
    expect(judge(postponed(code), inTime)).toEqual({ kind: 'bad', blame: 'provider' });
  });

  it('tells once that a connection waits for its user, or has ended', () => {
    expect(judge(stopped('LOGIN_REQUIRED', true), inTime)).toEqual({ kind: 'bad', blame: 'user' });
    expect(judge(stopped('ACCESS_REVOKED', true), inTime)).toEqual({ kind: 'bad', blame: 'user' });
    expect(judge(stopped('NO_LONGER_SUPPORTED', true), inTime)).toEqual({ kind: 'bad', blame: 'provider' });
    expect(judge(stopped('LOGIN_REQUIRED', false), inTime)).toEqual({ kind: 'repeated' });
  });

  it.each(['CONNECTION_UNKNOWN', 'EVENT_MALFORMED'])("burns nothing for the sender's own mistake %s", (code) => {
    expect(judge(failed(code), { roundTripMs: 9_000, providerMs: 0 })).toEqual({ kind: 'refused' });
  });
});
