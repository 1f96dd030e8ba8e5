import { ProviderError, type ProviderErrorCode } from '@quartersec/providers';
import { describe, expect, it } from 'vitest';
import { probeIntervalMs } from './gate.ts';
import { reactTo } from './reaction.ts';

function react(code: ProviderErrorCode, backToQueueAfterMs?: number, attempts = 0) {
  const error = new ProviderError(code, { provider: 'plaid' });
  return reactTo({ error, ...(backToQueueAfterMs !== undefined && { backToQueueAfterMs }) }, { attempts });
}

describe('what is done about a call that gave no page', () => {
  it.each<[ProviderErrorCode, ReturnType<typeof reactTo>]>([
    ['MUTATED_DURING_PAGINATION', { kind: 'restart' }],
    ['CURSOR_UNKNOWN', { kind: 'resync' }],
    ['LOGIN_REQUIRED', { kind: 'stop', status: 'login-required', probeAfterMs: probeIntervalMs }],
    ['CONSENT_EXPIRED', { kind: 'stop', status: 'consent-expired', probeAfterMs: probeIntervalMs }],
    ['ACCESS_REVOKED', { kind: 'stop', status: 'revoked', probeAfterMs: null }],
    ['URL_REFUSED', { kind: 'fail' }],
    ['SERVER_ERROR', { kind: 'fail' }],
  ])('%s: %j', (code, reaction) => {
    expect(react(code)).toEqual(reaction);
  });
});

describe('a wait', () => {
  it('of what is throttled or down doubles with each before it, up to an hour', () => {
    const waits = [0, 1, 2, 6, 7, 30].map((attempts) => react('THROTTLED', 60_000, attempts));
    expect(waits).toEqual(
      [60_000, 120_000, 240_000, 3_600_000, 3_600_000, 3_600_000].map((waitMs) => ({ kind: 'wait', waitMs })),
    );
    expect(react('INSTITUTION_DOWN', 60_000, 1)).toEqual({ kind: 'wait', waitMs: 120_000 });
  });

  it('is never shorter than asked', () => {
    expect(react('THROTTLED', 7_200_000, 3)).toEqual({ kind: 'wait', waitMs: 7_200_000 });
    expect(react('THROTTLED', 0, 3)).toEqual({ kind: 'wait', waitMs: 0 });
  });

  it('of anything else is the one that was asked for, every time', () => {
    expect(react('SERVER_ERROR', 5_000, 4)).toEqual({ kind: 'wait', waitMs: 5_000 });
  });

  it('for a configuration of ours leaves the connection’s status alone', () => {
    expect(react('CONFIGURATION_REFUSED', 3_600_000, 4)).toEqual({ kind: 'hold', waitMs: 3_600_000 });
  });
});
