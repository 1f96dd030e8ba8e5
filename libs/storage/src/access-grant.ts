/**
 * The tokens of a connection whose access is renewed with a refresh token, in an item of their own beside the journal: they change each
 * hour, and nobody needs those of before. Their first set is in the connection's `linked` entry. An invocation takes the lease
 * before it renews them: a refresh token is valid once, and two invocations that use it at the same time lose the user's consent.
 */
import { connectionPk } from './model.ts';
import { putRounds } from './settled-put.ts';
import { StorageError } from './storage-error.ts';
import type { CallOptions, PutCondition, StoredValue, Table, TableItem, TableKey } from './table.ts';

export const grantSk = 'GRANT';

export interface StoredGrant {
  /** Grows with each write. */
  readonly revision: number;
  /** The consent that the tokens are of: those of another one are void. */
  readonly consentId: string;
  /** Sealed for the connection, as `LinkedEntry.sealedToken`. */
  readonly sealedTokens: string;
  /** Who is renewing them, and until when nobody else may; 0: nobody. */
  readonly leaseUntilEpochMs: number;
}

type Within = Pick<CallOptions, 'deadline'>;

export interface GrantRecords {
  /** Past any cache. @returns `undefined` where nothing has been renewed yet */
  read(connectionId: string, within: Within): Promise<StoredGrant | undefined>;
  /**
   * Writes what follows `before`, and nothing where another has written since.
   * @returns the grant as stored, `undefined` where another was faster
   * @throws {StorageError} `TABLE_UNREACHABLE` when every answer got lost; and as `Table.put`
   */
  follow(
    connectionId: string,
    before: StoredGrant | undefined,
    next: Omit<StoredGrant, 'revision'>,
    within: Within,
  ): Promise<StoredGrant | undefined>;
}

export function createGrantRecords(table: Table, { newId }: { readonly newId: () => string }): GrantRecords {
  return {
    async read(connectionId, within) {
      const stored = await table.get(grantKey(connectionId), { ...within, fresh: true });
      return stored && grantOf(stored);
    },
    async follow(connectionId, before, next, within) {
      const grant = { ...next, revision: (before?.revision ?? 0) + 1 };
      const runId = newId();
      const item: TableItem = { ...grantKey(connectionId), ...grant, runId };
      const condition: PutCondition =
        before === undefined
          ? { kind: 'absent' }
          : { kind: 'same', attribute: 'revision', value: before.revision as StoredValue };
      for (let round = 0; round < putRounds; round += 1) {
        const answer = await table.put(item, condition, { ...within, lostBefore: round });
        if (answer === 'written') return grant;
        const stored = await table.get(grantKey(connectionId), { ...within, fresh: true });
        if (stored?.runId === runId) return grant; // the answer was lost, not the record
        if (answer === 'refused') return undefined;
      }
      throw new StorageError('TABLE_UNREACHABLE', { connectionId, puts: putRounds });
    },
  };
}

export function grantKey(connectionId: string): TableKey {
  return { pk: connectionPk(connectionId), sk: grantSk };
}

/** A damaged one counts as none: then the tokens of the link are tried. */
export function grantOf({ revision, consentId, sealedTokens, leaseUntilEpochMs }: TableItem): StoredGrant | undefined {
  const isGrant =
    typeof revision === 'number' &&
    typeof consentId === 'string' &&
    typeof sealedTokens === 'string' &&
    typeof leaseUntilEpochMs === 'number';
  return isGrant ? { revision, consentId, sealedTokens, leaseUntilEpochMs } : undefined;
}
