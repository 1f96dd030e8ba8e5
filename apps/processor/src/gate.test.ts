import type { Head } from '@quartersec/storage';
import { describe, expect, it } from 'vitest';
import { decideGate, probeIntervalMs } from './gate.ts';
import type { SyncRequested } from './sync-event.ts';
import { sampleHead } from './testing/sample-head.ts';

const now = 1_800_000_000_000;

function event(members: Partial<SyncRequested> = {}): SyncRequested {
  return {
    type: 'SyncRequested',
    connectionId: 'conn-1',
    correlationId: 'corr-1',
    requestedEpochMs: now,
    reason: 'schedule',
    restarts: 0,
    attempts: 0,
    firstRequestedEpochMs: now,
    wakeEpochMs: null,
    timeouts: 0,
    fullRead: false,
    retakeAside: false,
    isSecondRead: false,
    queuedEpochMs: null,
    ...members,
  };
}

const open = { open: true };

const loopUnderWay: NonNullable<Head['loop']> = {
  id: 'l',
  kind: 'delta',
  cursor: 'c',
  pages: 1,
  checkpoint: null,
  startedEpochMs: now,
  queuedEpochMs: null,
  accounts: [],
  accountsSeen: [],
};

describe('a connection that works', () => {
  const synced = (queuedEpochMs: number | null) =>
    sampleHead({ lastSync: { startedEpochMs: now - 10, completedEpochMs: now - 5, queuedEpochMs } });
  const queued = event({ queuedEpochMs: now - 1_000 });

  it('is not asked for an event that the queue had before a complete sync began', () => {
    expect(decideGate(synced(now - 999), queued, now)).toEqual({ open: false, because: 'covered' });
  });

  it.each<[string, Head, SyncRequested]>([
    ['by a sync whose event came at the same time', synced(now - 1_000), queued],
    ['by a sync that no queue handed out', synced(null), queued],
    ['where none has been', sampleHead(), queued],
    ['as a call, which never waited', synced(now), event()],
    ['in the middle of a loop', { ...synced(now), loop: loopUnderWay }, queued],
    ['where everything is to be read', synced(now), { ...queued, fullRead: true }],
    ['where records are to be taken back', synced(now), { ...queued, retakeAside: true }],
    ['where accounts are to be read', synced(now), { ...queued, readAccounts: true }],
  ])('is asked for one that is not covered: %s', (_why, of, given) => {
    expect(decideGate(of, given, now)).toEqual(open);
  });
});

describe('a connection that is told to wait', () => {
  const until = now + 5_000;
  const waiting = sampleHead({ status: 'waiting', statusReason: 'THROTTLED', nextAttemptEpochMs: until });

  it('waits until then, whatever the event, and only the message that was sent for the end of the wait keeps it', () => {
    const wait = { open: false, because: 'waiting', waitMs: 5_000, code: 'THROTTLED' };
    expect(decideGate(waiting, event({ reason: 'user' }), now)).toEqual({ ...wait, keepsWaiting: false });
    expect(decideGate(waiting, event({ wakeEpochMs: until }), now)).toEqual({ ...wait, keepsWaiting: true });
    expect(decideGate(waiting, event({ wakeEpochMs: until - 1 }), now)).toEqual({ ...wait, keepsWaiting: false });
  });

  it('is asked at that moment', () => {
    expect(decideGate(waiting, event(), until)).toEqual(open);
    expect(decideGate(waiting, event(), until - 1)).toMatchObject({ open: false, waitMs: 1 });
  });

  it('is asked at once by its user or a webhook where its data were in the making, and by nobody else', () => {
    const notReady = { ...waiting, statusReason: 'NOT_READY' };
    const reasons = ['user', 'webhook', 'schedule'] as const;
    expect(reasons.map((reason) => decideGate(notReady, event({ reason }), now).open)).toEqual([true, true, false]);
  });
});

describe('a connection that has stopped', () => {
  const stoppedAt = now - 1_000;
  const stopped = sampleHead({
    status: 'login-required',
    statusReason: 'ITEM_LOGIN_REQUIRED',
    nextAttemptEpochMs: stoppedAt + probeIntervalMs,
  });
  const since = event({ requestedEpochMs: stoppedAt + 1 });

  it.each(['login-required', 'consent-required', 'consent-expired', 'relink-required'] as const)(
    'as %s is asked for what its user or a webhook wants since, and for nothing of before',
    (status) => {
      const of = { ...stopped, status };
      const answers = (given: SyncRequested) =>
        (['user', 'webhook', 'schedule'] as const).map((reason) => decideGate(of, { ...given, reason }, now).open);
      expect(answers(since)).toEqual([true, true, false]);
      expect(answers(event({ requestedEpochMs: stoppedAt }))).toEqual([false, false, false]);
    },
  );

  it('says why, or else as what', () => {
    expect(decideGate(stopped, event(), now)).toEqual({ open: false, because: 'stopped', code: 'ITEM_LOGIN_REQUIRED' });
    expect(decideGate({ ...stopped, statusReason: null }, event(), now)).toMatchObject({ code: 'login-required' });
  });

  it('is probed by any event a day after', () => {
    const probed = (atEpochMs: number) => decideGate(stopped, event(), atEpochMs).open;
    expect([probed(stoppedAt + probeIntervalMs - 1), probed(stoppedAt + probeIntervalMs)]).toEqual([false, true]);
    expect(decideGate({ ...stopped, nextAttemptEpochMs: null }, event(), now)).toEqual(open);
  });

  it('for good, since its access was revoked, is asked for its user alone', () => {
    const revoked: Head = { ...stopped, status: 'revoked', statusReason: null, nextAttemptEpochMs: null };
    const answers = (['user', 'webhook', 'schedule'] as const).map(
      (reason) => decideGate(revoked, { ...since, reason }, now).open,
    );
    expect(answers).toEqual([true, false, false]);
  });
});
