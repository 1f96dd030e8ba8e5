/** The simulator's bank behind the real connector, over HTTP: it may change while it is read, and what it was asked is noted. */
import { type Connector, createHttpClient, createPlaidConnector } from '@quartersec/providers';
import {
  accessToken,
  type BankHolding,
  type ChangeKind,
  type Providers,
  tellBadDays,
} from '@quartersec/sandbox-providers';
import { plantFault } from '../provider-control.ts';
import { type FullRead, fullReadOf } from './bank-reads.ts';
import type { Dice } from './dice.ts';

/** The only connection. */
const item = 0;
const pageRecords = 25;

/** What happened at the bank, and what of it was asked for. */
export interface Seen {
  readonly changes: ReadonlySet<ChangeKind>;
  /** Reads from the empty cursor, the first one included. */
  readonly fullReads: readonly FullRead[];
  /** Accounts that were ever in a list. */
  readonly listed: ReadonlySet<string>;
}

export interface WatchedBank {
  readonly connector: Connector;
  readonly token: string;
  readonly seen: Seen;
  holds(): BankHolding;
  tellDays(days: number): void;
  /** A bad day before each of so many pages. */
  changeWhileRead(times: number): void;
  /** The stored cursor is refused for good: its first page sits on a mutation. */
  refuseCursor(): Promise<void>;
  close(): void;
}

/** @param onCall before each call: they follow one another, so that a history does not depend on the network's order */
export function watchBank(providers: Providers, dice: Dice, onCall: () => void): WatchedBank {
  const { bank, url } = providers;
  const changes = new Set<ChangeKind>();
  const fullReads: FullRead[] = [];
  const listed = new Set<string>();
  let changesDue = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(call: () => Promise<T>): Promise<T> => {
    const mine = turn.then(() => {
      onCall();
      return call();
    });
    turn = mine.catch(() => {});
    return mine;
  };
  const holds = () => bank.holds(item);
  const tellDays = (days: number) => {
    for (const { change } of tellBadDays(bank, item, { days, seed: dice.roll(1_000_000) })) changes.add(change);
  };
  const http = createHttpClient({ provider: 'plaid', allowedOrigins: [url], nowEpochMs: Date.now });
  const keys = { clientId: 'client-sandbox', secret: 'secret-sandbox' };
  const connector = createPlaidConnector({ baseUrl: url, ...keys, http, count: pageRecords }) as Connector;
  return {
    token: accessToken(item),
    seen: { changes, fullReads, listed },
    holds,
    tellDays,
    changeWhileRead(times) {
      changesDue = times;
    },
    async refuseCursor() {
      const options = { code: 'TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION' };
      await plantFault(providers.controlUrl, accessToken(item), { kind: 'plaid-error', times: 2, options });
    },
    close: () => http.close(),
    connector: {
      ...connector,
      fetchAccounts: (request, limits) =>
        inTurn(() => {
          for (const { account_id: id, state } of holds().accounts) if (state === 'open') listed.add(id);
          return connector.fetchAccounts(request, limits);
        }),
      fetchPage: (request, limits) =>
        inTurn(async () => {
          if (changesDue > 0) {
            changesDue -= 1;
            tellDays(1);
          }
          const page = await connector.fetchPage(request, limits);
          if (request.cursor === null) fullReads.push(fullReadOf(holds()));
          return page;
        }),
    },
  };
}
