/** The simulator's bank behind the Open Banking connector, over HTTP: it may change while it is read. */
import { type Connector, createHttpClient, createObukConnector } from '@quartersec/providers';
import { type ChangeKind, obukToken, type Providers, tellBadDays } from '@quartersec/sandbox-providers';
import { clearFaults, type Fault, plantFault } from '../provider-control.ts';
import type { BankAtWork } from './connection-at-work.ts';
import type { Dice } from './dice.ts';
import { oneAfterAnother } from './one-after-another.ts';

/** The only connection. */
const item = 0;
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

export interface WatchedObukBank extends BankAtWork {
  readonly changes: ReadonlySet<ChangeKind>;
  /** Local date, by the bank. */
  today(): string;
}

/** @param overlapDays that each read looks back */
export function watchObukBank(overlapDays: number, version: 'v3.1' | 'v4.0') {
  return ({ bank, url, controlUrl }: Providers, dice: Dice, onCall: () => void): WatchedObukBank => {
    const changes = new Set<ChangeKind>();
    let changesDue = 0;
    let calls = 0;
    const inTurn = oneAfterAnother(onCall);
    const nowEpochMs = () => bank.bank(item).today * dayMs;
    const tellDays = (days: number) => {
      for (const { change } of tellBadDays(bank, item, { days, seed: dice.roll(1_000_000) })) changes.add(change);
    };
    const http = createHttpClient({ provider: 'openbanking-uk', allowedOrigins: [url], nowEpochMs, transport: 'wire' });
    const newId = () => `call-${++calls}`;
    const baseUrl = `${url}/open-banking/${version}/aisp`;
    const connector = createObukConnector({ baseUrl, http, newId, nowEpochMs, overlapDays }) as Connector;
    return {
      token: obukToken(item),
      changes,
      today: () => new Date(nowEpochMs()).toISOString().slice(0, 10),
      holds: () => bank.holds(item),
      tellDays,
      changeWhileRead(times) {
        changesDue = times;
      },
      /** What the read began with is refused for good: an account of it is gone. */
      async refuseCursor() {
        const options = { code: 'UK.OBIE.Resource.NotFound', status: 400 };
        await plantFault(controlUrl, obukToken(item), { kind: 'obie-error', times: 2, options });
      },
      passingFaults,
      loggedOut: { kind: 'status', options: { status: 401 } },
      plant: (fault) => plantFault(controlUrl, obukToken(item), fault),
      mend: () => clearFaults(controlUrl),
      close: () => http.close(),
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
