/** A connection as an app sees it: what stands, and what its user can do. Pure. */
import { userActionOf } from '@quartersec/providers/rules';
import type { Head } from '@quartersec/storage';

export function connectionView(head: Head) {
  return {
    connectionId: head.connectionId,
    provider: head.provider,
    institutionId: head.institutionId,
    status: head.status,
    userAction: userActionOf(head.statusReason),
    history: head.history,
    syncedEpochMs: head.lastSync?.completedEpochMs ?? null,
    /** `null` where nobody has said that it ends. */
    consentExpiresEpochMs: head.consentExpiresEpochMs ?? null,
    accounts: head.accounts.filter(({ state }) => state === 'open').length,
    version: head.version,
  };
}
export type ConnectionView = ReturnType<typeof connectionView>;
