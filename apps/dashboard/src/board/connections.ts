/** The connections of a system in words: how many are in which state, and the rows that somebody should see. Pure. */
import { age, plural, quantity } from './figures.ts';
import type { ConnectionCount, ConnectionLine, ConnectionsState, ConnectionTone } from './snapshot.ts';

/** As many as the system gives; another one may give what it likes. */
const rowsAtMost = 20;
const textAtMost = 100;
/** The last moment that a `Date` can be. */
const lastEpochMs = 8_640_000_000_000_000;

type Members = Readonly<Record<string, unknown>>;

interface StatusWords {
  readonly state: string;
  /** Behind their number: "3 need a login". */
  readonly one: string;
  readonly many: string;
  readonly tone: ConnectionTone;
}

/** In the order in which they are told. */
const statusWords: Readonly<Record<string, StatusWords>> = {
  active: { state: 'Active', one: 'active', many: 'active', tone: 'good' },
  waiting: { state: 'Waiting', one: 'waits for its next try', many: 'wait for their next try', tone: 'still' },
  'login-required': { state: 'Login required', one: 'needs a login', many: 'need a login', tone: 'user' },
  'consent-required': { state: 'Consent required', one: 'needs consent', many: 'need consent', tone: 'user' },
  'consent-expired': {
    state: 'Consent expired',
    one: 'has an expired consent',
    many: 'have an expired consent',
    tone: 'user',
  },
  'relink-required': { state: 'Relink required', one: 'needs a new link', many: 'need a new link', tone: 'user' },
  revoked: { state: 'Revoked', one: 'revoked', many: 'revoked', tone: 'ended' },
};

const actionWords: Readonly<Record<string, string>> = {
  'update-mode': 'Log in at the bank again',
  're-consent': 'Give consent at the bank again',
  relink: 'Link the bank anew',
};

const historyWords: Readonly<Record<string, string>> = { none: 'none yet', recent: 'recent', complete: 'complete' };

/**
 * @param answer of the system's `GET /connections`, which is not trusted with sizes or shapes
 * @returns `undefined` for what is none
 */
export function connectionsOf(answer: unknown): ConnectionsState | undefined {
  const facts = (answer ?? {}) as Members;
  const { readEpochMs, linked, freshWithinMs, byStatus, rows } = facts;
  if (!isEpoch(readEpochMs) || !isCount(linked) || !isCount(freshWithinMs)) return undefined;
  if (typeof byStatus !== 'object' || byStatus === null || !Array.isArray(rows)) return undefined;
  return {
    readEpochMs,
    linked,
    counts: countsOf(byStatus as Members),
    says: linked === 0 ? [] : sentences(facts, linked, freshWithinMs),
    rows: rows.slice(0, rowsAtMost).flatMap((row: unknown) => lineOf(row, readEpochMs - freshWithinMs) ?? []),
  };
}

function countsOf(byStatus: Members): readonly ConnectionCount[] {
  return Object.entries(statusWords).flatMap(([status, { one, many, tone }]) => {
    const count = Object.hasOwn(byStatus, status) ? byStatus[status] : 0;
    return isCount(count) && count > 0
      ? [{ status, count, tone, text: `${quantity(count)} ${count === 1 ? one : many}` }]
      : [];
  });
}

function sentences(facts: Members, linked: number, freshWithinMs: number): readonly string[] {
  const { fresh, neverRead, unseen, unreadable } = facts;
  const [isFresh, isNew, isUnseen, isBroken] = [fresh, neverRead, unseen, unreadable].map((count) =>
    isCount(count) ? count : 0,
  ) as [number, number, number, number];
  const old = Math.max(0, linked - isFresh - isNew - isUnseen - isBroken);
  return [
    [
      `${quantity(isFresh)} of ${quantity(linked)} read within the last ${age(freshWithinMs)}`,
      ...(old > 0 ? [`${quantity(old)} longer ago`] : []),
      ...(isNew > 0 ? [`${quantity(isNew)} not read yet`] : []),
    ].join(', '),
    ...(isUnseen > 0 ? [`${quantity(isUnseen)} not looked at yet`] : []),
    ...(isBroken > 0 ? [`stored data of ${plural(isBroken, 'connection')} do not verify: npm run audit`] : []),
  ];
}

function lineOf(row: unknown, freshFromEpochMs: number): ConnectionLine | undefined {
  const members = (row ?? {}) as Members;
  const status = text(members.status);
  const connectionId = text(members.connectionId);
  if (connectionId === '') return undefined;
  const syncedEpochMs = isEpoch(members.syncedEpochMs) ? members.syncedEpochMs : null;
  const stale = syncedEpochMs !== null && syncedEpochMs < freshFromEpochMs;
  const action = text(members.userAction);
  const { state = status, tone = 'still' } = wordsFor(statusWords, status) ?? {};
  const history = text(members.history);
  return {
    connectionId,
    userId: text(members.userId),
    institutionId: text(members.institutionId),
    status,
    stateText: stale && tone === 'good' ? `${state}, but stale` : state,
    tone: tone === 'good' ? toneOfWorking(syncedEpochMs, stale) : tone,
    todo: wordsFor(actionWords, action) ?? null,
    history: wordsFor(historyWords, history) ?? history,
    accounts: isCount(members.accounts) ? members.accounts : 0,
    syncedEpochMs,
    byHand: members.byHand === true,
  };
}

function toneOfWorking(syncedEpochMs: number | null, stale: boolean): ConnectionTone {
  if (syncedEpochMs === null) return 'still';
  return stale ? 'stale' : 'good';
}

function wordsFor<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isEpoch(value: unknown): value is number {
  return isCount(value) && value <= lastEpochMs;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, textAtMost) : '';
}
