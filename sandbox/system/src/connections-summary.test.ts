import { describe, expect, it } from 'vitest';
import { type ConnectionRow, newestRead, summariseConnections } from './connections-summary.ts';

const NOW_EPOCH_MS = 1_767_607_200_000;
const HOUR_MS = 3_600_000;

function row(connectionId: string, more: Partial<ConnectionRow> = {}): ConnectionRow {
  return {
    connectionId,
    userId: 'user-0',
    institutionId: 'ins_1',
    status: 'active',
    userAction: 'none',
    history: 'complete',
    accounts: 2,
    syncedEpochMs: NOW_EPOCH_MS - 60_000,
    byHand: false,
    ...more,
  };
}

const many = (count: number, prefix: string, more: Partial<ConnectionRow> = {}) =>
  Array.from({ length: count }, (_, index) => row(`${prefix}-${index}`, more));
const summaryOf = (looked: Parameters<typeof summariseConnections>[0], healthy: readonly string[] = []) =>
  summariseConnections(looked, { linked: looked.length, healthy, readEpochMs: NOW_EPOCH_MS });
const shownIds = (looked: readonly ConnectionRow[], healthy?: readonly string[]) =>
  summaryOf(looked, healthy).rows.map(({ connectionId }) => connectionId);

describe('summariseConnections', () => {
  it('counts by status, by freshness and by who has to act', () => {
    const looked = [
      row('a'),
      row('b', { syncedEpochMs: NOW_EPOCH_MS - 26 * HOUR_MS }),
      row('c', { syncedEpochMs: NOW_EPOCH_MS - 26 * HOUR_MS - 1 }),
      row('d', { syncedEpochMs: null, history: 'none' }),
      row('e', { status: 'login-required', userAction: 'update-mode' }),
      row('f', { status: 'revoked', userAction: 'relink' }),
      'unreadable' as const,
    ];
    const summary = summariseConnections(looked, { linked: 9, healthy: [], readEpochMs: NOW_EPOCH_MS });
    expect(summary).toMatchObject({
      readEpochMs: NOW_EPOCH_MS,
      linked: 9,
      unseen: 2,
      unreadable: 1,
      byStatus: { active: 4, 'login-required': 1, revoked: 1 },
      userNeeded: 2,
      fresh: 4,
      neverRead: 1,
      freshWithinMs: 93_600_000,
    });
  });

  it('is empty where nothing is linked', () => {
    expect(summaryOf([])).toMatchObject({ linked: 0, byStatus: {}, fresh: 0, neverRead: 0, rows: [] });
  });

  it('shows those in trouble first, of these and after them the ones that somebody linked, then some that work', () => {
    const looked = [
      row('conn-10'),
      row('conn-9', { status: 'login-required', userAction: 'update-mode' }),
      row('conn-8', { syncedEpochMs: 0 }),
      row('mine-2', { byHand: true }),
      row('mine-1', { byHand: true, status: 'consent-expired', userAction: 're-consent' }),
      row('conn-7'),
    ];
    expect(shownIds(looked, ['conn-10', 'gone'])).toEqual(['mine-1', 'conn-8', 'conn-9', 'mine-2', 'conn-10']);
  });

  it('does not call a connection stale that was never read', () => {
    expect(shownIds([row('new', { syncedEpochMs: null })])).toEqual([]);
  });

  it('lets neither an outage crowd out what somebody links, nor the other way round', () => {
    const troubled = many(40, 'conn', { status: 'login-required', userAction: 'update-mode' });
    const byHand = many(40, 'mine', { byHand: true });
    const ids = shownIds([...troubled, ...byHand]);
    expect(ids).toHaveLength(20);
    expect(ids.filter((id) => id.startsWith('mine'))).toHaveLength(10);
    expect(ids[0]).toBe('conn-0');
  });

  it('shows twenty at most', () => {
    const looked = many(1_000, 'conn');
    expect(
      shownIds(
        looked,
        looked.map(({ connectionId }) => connectionId),
      ),
    ).toHaveLength(20);
  });
});

describe('newestRead', () => {
  it('names those read last, the newest first, and those never read at the end', () => {
    const at = (agoMs: number) => ({ syncedEpochMs: NOW_EPOCH_MS - agoMs });
    const looked = [row('old', at(9_000)), row('never', { syncedEpochMs: null }), row('b', at(1)), row('a', at(1))];
    expect(newestRead([...looked, 'unreadable'])).toEqual(['a', 'b', 'old', 'never']);
    expect(newestRead(many(30, 'conn'))).toHaveLength(20);
  });
});
