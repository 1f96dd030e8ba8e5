/** A connection as an app sees it: what stands, and what its user can do. Pure. */
import { userActionOf } from '@quartersec/providers/rules';
import type { Head } from '@quartersec/storage';
import type { Connection, ConnectionState } from './contract.ts';

export function connectionState(head: Head): ConnectionState {
  return {
    connectionId: head.connectionId,
    version: head.version,
    status: head.status,
    userAction: userActionOf(head.statusReason),
    history: head.history,
    syncedEpochMs: head.lastSync?.completedEpochMs ?? null,
  };
}

export function connectionView(head: Head): Connection {
  return {
    ...connectionState(head),
    provider: head.provider,
    institutionId: head.institutionId,
    consentExpiresEpochMs: head.consentExpiresEpochMs ?? null,
    accounts: head.accounts.filter(({ state }) => state === 'open').length,
  };
}
