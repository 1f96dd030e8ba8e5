/** An app's own copy of a user's data, kept by `GET /v1/changes` alone: each page is taken whole or, where no answer came, asked for again. */
import assert from 'node:assert/strict';
import { canonical } from './canonical.ts';
import { shortHash } from './trace.ts';

/** As the API gives them; only what a copy needs is named. */
interface Change {
  readonly id: string;
  readonly kind: string;
  readonly connectionId: string;
  readonly version: number;
  readonly connection?: { readonly connectionId: string };
  readonly account?: { readonly accountId: string };
  readonly transaction?: { readonly transactionId: string };
  readonly transactionId?: string;
  readonly insight?: { readonly fingerprint: string };
  readonly fingerprint?: string;
}

export interface CopiedConnection {
  connection: object | undefined;
  readonly accounts: Map<string, object>;
  readonly transactions: Map<string, object>;
  readonly insights: Map<string, object>;
  version: number;
}

export interface Follower {
  readonly copy: ReadonlyMap<string, CopiedConnection>;
  cursor: string | undefined;
  take(page: { readonly changes: readonly Change[]; readonly nextCursor: string }): void;
}

export function createFollower(): Follower {
  const copy = new Map<string, CopiedConnection>();
  /** What each id has said. */
  const told = new Map<string, string>();

  function apply(change: Change): void {
    const { id, kind, connectionId, version } = change;
    const content = shortHash(canonical(change));
    const before = told.get(id);
    assert(before === undefined || before === content, `change ${id} (${kind}) is told twice, differently`);
    told.set(id, content);
    if (kind === 'connection.removed') {
      copy.delete(connectionId);
      return;
    }
    const known = copy.get(connectionId) ?? {
      ...{ connection: undefined, version: 0 },
      ...{ accounts: new Map(), transactions: new Map(), insights: new Map() },
    };
    copy.set(connectionId, known);
    assert(version >= known.version, `${connectionId}: change of version ${version} behind ${known.version}`);
    known.version = version;
    if (change.connection !== undefined) known.connection = change.connection;
    if (change.account !== undefined) known.accounts.set(change.account.accountId, change.account);
    if (change.transaction !== undefined) known.transactions.set(change.transaction.transactionId, change.transaction);
    if (change.insight !== undefined) known.insights.set(change.insight.fingerprint, change.insight);
    if (kind === 'transaction.removed') known.transactions.delete(change.transactionId ?? '');
    if (kind === 'insight.cleared') known.insights.delete(change.fingerprint ?? '');
  }

  return {
    copy,
    cursor: undefined,
    take({ changes, nextCursor }) {
      for (const change of changes) apply(change);
      this.cursor = nextCursor;
    },
  };
}
