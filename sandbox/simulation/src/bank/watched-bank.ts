/** The simulator's bank behind the real connector and HTTP client: it may change while it is read, and what it was asked is noted. */
import { type Connector, createHttpClient, createPlaidConnector } from '@quartersec/providers';
import { accessToken, type BankHolding, type ChangeKind, tellBadDays } from '@quartersec/sandbox-providers';
import { type FullRead, fullReadOf } from './bank-reads.ts';
import type { Dice } from './dice.ts';
import type { Fault } from './fault.ts';
import { oneAfterAnother } from './one-after-another.ts';
import type { SimulatorAtHand } from './simulator-at-hand.ts';

/** The only connection. */
const item = 0;
const pageRecords = 25;

const passingFaults: readonly Fault[] = [
  { kind: 'status', options: { status: 503 } },
  { kind: 'error-500-plaid' },
  { kind: 'too-many', options: { retryAfterSeconds: 90 } },
  { kind: 'too-many', options: { form: 'none' } },
  { kind: 'institution-down' },
  { kind: 'wrong-environment' },
  { kind: 'connect-reset' },
  { kind: 'reset-mid-body' },
  { kind: 'truncated' },
  { kind: 'html-200' },
  { kind: 'empty-200' },
  { kind: 'mutation' },
  { kind: 'mutation-at-cursor' },
  { kind: 'cursor-lost' },
  { kind: 'cursor-unknown' },
  { kind: 'cursor-stuck' },
  { kind: 'cursor-cycle' },
  { kind: 'not-ready' },
  { kind: 'null-list', options: { list: 'every' } },
  { kind: 'removed-without-account' },
  { kind: 'duplicate-page' },
  { kind: 'reordered' },
  { kind: 'unknown-enum' },
  { kind: 'extra-field' },
];
/** What happened at the bank, and what of it was asked for. */
export interface Seen {
  readonly changes: ReadonlySet<ChangeKind>;
  /** Reads from the empty cursor, the first one included. */
  readonly fullReads: readonly FullRead[];
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
  refuseCursor(): void;
  /** What passes, and leaves nothing behind. */
  readonly passingFaults: readonly Fault[];
  /** Until the user has logged in again. */
  readonly loggedOut: Fault;
  /** Its next calls meet this. */
  plant(fault: Fault): void;
  /** Nothing that was planted is met any more. */
  mend(): void;
}

/** @param onCall before each call: they follow one another */
export function watchBank(
  providers: SimulatorAtHand,
  { dice, onCall, nowEpochMs }: { readonly dice: Dice; readonly onCall: () => void; readonly nowEpochMs: () => number },
): WatchedBank {
  const { bank, url, transport } = providers;
  const changes = new Set<ChangeKind>();
  const fullReads: FullRead[] = [];
  let changesDue = 0;
  const inTurn = oneAfterAnother(onCall);
  const holds = () => bank.holds(item);
  const tellDays = (days: number) => {
    for (const { change } of tellBadDays(bank, item, { days, seed: dice.roll(1_000_000) })) changes.add(change);
  };
  const http = createHttpClient({ provider: 'plaid', allowedOrigins: [url], nowEpochMs, transport });
  const keys = { clientId: 'client-sandbox', secret: 'secret-sandbox' };
  const connector = createPlaidConnector({ baseUrl: url, ...keys, http, count: pageRecords }) as Connector;
  return {
    token: accessToken(item),
    seen: { changes, fullReads },
    holds,
    tellDays,
    changeWhileRead(times) {
      changesDue = times;
    },
    refuseCursor() {
      const options = { code: 'TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION' };
      providers.plant(accessToken(item), { kind: 'plaid-error', times: 2, options });
    },
    passingFaults,
    loggedOut: { kind: 'login-required' },
    plant: (fault) => providers.plant(accessToken(item), fault),
    mend: () => providers.mend(),
    connector: {
      ...connector,
      fetchAccounts: (request, limits) => inTurn(() => connector.fetchAccounts(request, limits)),
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
