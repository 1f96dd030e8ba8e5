import { describe, expect, it } from 'vitest';
import { parseSyncRequested } from './sync-event.ts';

const defaults = { correlationId: 'request-1', requestedEpochMs: 1_700_000_000_000 };

describe('reading an event', () => {
  it('fills in what may be left out', () => {
    expect(parseSyncRequested({ connectionId: 'conn-1' }, defaults)).toEqual({
      type: 'SyncRequested',
      connectionId: 'conn-1',
      correlationId: 'request-1',
      requestedEpochMs: 1_700_000_000_000,
      reason: 'user',
      restarts: 0,
      attempts: 0,
      firstRequestedEpochMs: 1_700_000_000_000,
      wakeEpochMs: null,
      timeouts: 0,
      fullRead: false,
      retakeAside: false,
      isSecondRead: false,
      queuedEpochMs: null,
    });
  });

  it('keeps what is given', () => {
    const event = {
      type: 'SyncRequested',
      connectionId: 'conn-1',
      correlationId: 'c-9',
      requestedEpochMs: 5,
      reason: 'webhook',
      restarts: 2,
      attempts: 3,
      firstRequestedEpochMs: 4,
      wakeEpochMs: 9,
      timeouts: 1,
      fullRead: true,
      retakeAside: true,
      isSecondRead: true,
      readAccounts: true,
      consentExpiresEpochMs: 6,
      userIpAddress: '2001:db8::7',
    };
    expect(parseSyncRequested(event, defaults)).toEqual({ ...event, queuedEpochMs: null });
    const queued = parseSyncRequested({ ...event, queuedEpochMs: 7 }, { ...defaults, queuedEpochMs: 8 });
    expect(queued).toMatchObject({ queuedEpochMs: 8 }); // the queue's word, never the message's
  });

  it('counts the age of a wish from its request where the sender says no more', () => {
    const { firstRequestedEpochMs } = parseSyncRequested({ connectionId: 'conn-1', requestedEpochMs: 5 }, defaults);
    expect(firstRequestedEpochMs).toBe(5);
  });

  it.each([
    ['event', 'text'],
    ['event', []],
    ['type', { type: 'Other', connectionId: 'conn-1' }],
    ['connectionId', {}],
    ['connectionId', { connectionId: 'CONN#1' }],
    ['userIpAddress', { connectionId: 'conn-1', userIpAddress: '203.0.113' }],
    ['userIpAddress', { connectionId: 'conn-1', userIpAddress: 7 }],
    ['connectionId', { connectionId: 'x'.repeat(129) }],
    ['correlationId', { connectionId: 'conn-1', correlationId: 'a b' }],
    ['correlationId', { connectionId: 'conn-1', correlationId: 3 }],
    ['requestedEpochMs', { connectionId: 'conn-1', requestedEpochMs: '5' }],
    ['requestedEpochMs', { connectionId: 'conn-1', requestedEpochMs: -1 }],
    ['reason', { connectionId: 'conn-1', reason: 'boredom' }],
    ['restarts', { connectionId: 'conn-1', restarts: 1.5 }],
    ['attempts', { connectionId: 'conn-1', attempts: -1 }],
    ['firstRequestedEpochMs', { connectionId: 'conn-1', firstRequestedEpochMs: null }],
    ['fullRead', { connectionId: 'conn-1', fullRead: 1 }],
    ['readAccounts', { connectionId: 'conn-1', readAccounts: 1 }],
    ['consentExpiresEpochMs', { connectionId: 'conn-1', consentExpiresEpochMs: '5' }],
    ['retakeAside', { connectionId: 'conn-1', retakeAside: 'yes' }],
    ['wakeEpochMs', { connectionId: 'conn-1', wakeEpochMs: 'soon' }],
  ])('names the member that is wrong: %s', (member, value) => {
    expect(() => parseSyncRequested(value, defaults)).toThrow(
      expect.objectContaining({ code: 'EVENT_MALFORMED', facts: expect.objectContaining({ member }) }),
    );
  });
});
