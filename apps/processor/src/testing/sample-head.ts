/** For tests: the head of a connection that works and has read nothing yet. */
import type { Head } from '@quartersec/storage';

export function sampleHead(members: Partial<Head> = {}): Head {
  return {
    connectionId: 'conn-1',
    version: 1,
    hash: 'h',
    userId: 'u',
    provider: 'plaid',
    institutionId: 'i',
    sealedToken: 's',
    status: 'active',
    statusReason: null,
    nextAttemptEpochMs: null,
    cursor: 'c',
    history: 'complete',
    loop: null,
    lastSync: null,
    accounts: [],
    accountsReadEpochMs: null,
    accountsListVersion: 0,
    openList: null,
    aside: 0,
    ...members,
  };
}
