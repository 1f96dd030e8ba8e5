/** What a running system answers to `GET /connections`, with whatever a test needs to be different. */
const READ_EPOCH_MS = Date.parse('2026-01-05T10:00:00Z');

export function connectionRow(connectionId: string, more: object = {}): object {
  return {
    connectionId,
    userId: 'user-0',
    institutionId: 'ins_sandbox',
    status: 'active',
    userAction: 'none',
    history: 'complete',
    accounts: 3,
    syncedEpochMs: READ_EPOCH_MS - 12_000,
    byHand: false,
    ...more,
  };
}

export function connectionsAnswer(more: object = {}) {
  return {
    readEpochMs: READ_EPOCH_MS,
    linked: 1,
    unseen: 0,
    unreadable: 0,
    byStatus: { active: 1 },
    userNeeded: 0,
    fresh: 1,
    neverRead: 0,
    freshWithinMs: 93_600_000,
    rows: [connectionRow('conn-0')],
    ...more,
  };
}
