/** The simulator's bank behind a connector that reads by lists and windows, and the real HTTP client: it may change while it is read. */
import assert from 'node:assert/strict';
import { packDerived, readDerived, readWhole } from '@quartersec/processor/insights';
import type { Connector, Transport } from '@quartersec/providers';
import { type ChangeKind, tellBadDays } from '@quartersec/sandbox-providers';
import { auditTable, type Head, readEntries } from '@quartersec/storage';
import { type BankAtWork, type ConnectionAtWork, connectionId } from './connection-at-work.ts';
import type { Fault } from './fault.ts';
import { heldLines, lineDifferences, ofStandard, standingLines } from './held-lines.ts';
import { oneAfterAnother } from './one-after-another.ts';
import type { watchBank } from './watched-bank.ts';

/** The only connection. */
export const item = 0;
const dayMs = 86_400_000;

const passingFaults: readonly Fault[] = [
  { kind: 'status', options: { status: 503 } },
  { kind: 'status', options: { status: 429 } },
  { kind: 'connect-reset' },
  { kind: 'reset-mid-body' },
  { kind: 'truncated' },
  { kind: 'html-200' },
  { kind: 'empty-200' },
];

export interface WatchedListBank extends BankAtWork {
  readonly changes: ReadonlySet<ChangeKind>;
  /** Local date, by the bank. */
  today(): string;
}

/** What differs between standards. */
export interface WatchedStandard {
  readonly token: string;
  /** Says for good that an account of the read that is under way is gone. */
  readonly accountGone: Fault;
  connect(url: string, transport: Transport, nowEpochMs: () => number): Connector;
}

export function watchListBank(standard: WatchedStandard) {
  return (...[providers, { dice, onCall }]: Parameters<typeof watchBank>): WatchedListBank => {
    const { bank, url, transport } = providers;
    const changes = new Set<ChangeKind>();
    let changesDue = 0;
    const inTurn = oneAfterAnother(onCall);
    const { token } = standard;
    const nowEpochMs = () => bank.bank(item).today * dayMs;
    const tellDays = (days: number) => {
      for (const { change } of tellBadDays(bank, item, { days, seed: dice.roll(1_000_000) })) changes.add(change);
    };
    const connector = standard.connect(url, transport, nowEpochMs);
    return {
      token,
      changes,
      today: () => new Date(nowEpochMs()).toISOString().slice(0, 10),
      holds: () => bank.holds(item),
      tellDays,
      changeWhileRead(times) {
        changesDue = times;
      },
      refuseCursor() {
        providers.plant(token, { ...standard.accountGone, times: 2 });
      },
      passingFaults,
      loggedOut: { kind: 'status', options: { status: 401 } },
      plant: (fault) => providers.plant(token, fault),
      mend: () => providers.mend(),
      connector: {
        ...connector,
        fetchAccounts: (request, limits) => inTurn(() => connector.fetchAccounts(request, limits)),
        fetchPage: (request, limits) =>
          inTurn(() => {
            if (changesDue > 0) {
              changesDue -= 1;
              tellDays(1);
            }
            return connector.fetchPage(request, limits);
          }),
      },
    };
  };
}

/**
 * What stands is what the bank holds, within the days that each read looks back; every hash holds; insights that were taken on entry by entry
 * are those of all entries.
 * @returns whether there were such insights; without them the state says itself that it has to be made again
 */
export async function compareWithLists(at: ConnectionAtWork<WatchedListBank>, overlapDays: number): Promise<boolean> {
  const { bank, journal, table, unforeseen, within } = at;
  const head = (await journal.readHead(connectionId, within())) as Head;
  const entries = await readEntries(table, connectionId, { fromVersion: 1, toVersion: head.version }, within());
  const from = new Date(Date.parse(bank.today()) - (overlapDays - 1) * dayMs).toISOString().slice(0, 10);
  const listed = ofStandard(bank.holds());
  // A list of no account at all is no word on any of them: it closes none, and what stood stands.
  if (listed.accounts.some(({ state }) => state === 'open'))
    assert.deepEqual(lineDifferences(standingLines(head, entries, from), heldLines(listed, from)), []);
  assert.deepEqual((await auditTable(table, within())).findings, []);
  const { deadline } = within();
  const taken = await readDerived({ cache: table, entries: table }, head, deadline);
  if (taken !== undefined) {
    const whole = (await readWhole(table, head, deadline)).derived();
    assert(Buffer.from(packDerived(taken.derived)).equals(packDerived(whole)), 'insights');
  }
  assert.deepEqual(unforeseen, []);
  return taken !== undefined;
}
