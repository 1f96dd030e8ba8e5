/**
 * A labelled household as the system comes to know it: Plaid's pages, validated and normalised by the code that does so in
 * production, taken into a state change by change, and looked at day after day.
 */
import {
  type AccountFacts,
  applyChanges,
  type BalanceReadings,
  type ConnectionPart,
  type ConnectionState,
  emptyState,
  minorOf,
  readingsWith,
  settledReadings,
  stateOf,
  type View,
  viewOf,
} from '@quartersec/insights';
import { normalisePlaidPage, validatePlaidPage } from '@quartersec/providers';
import { householdPageJson, type LabelledHousehold } from '@quartersec/sandbox-providers';
import type { Account, Transaction } from '@quartersec/validation';
import { dateText } from './day-text.ts';

export interface Look {
  readonly today: number;
  readonly parts: readonly ConnectionPart[];
  readonly view: View;
}

interface Known {
  state: ConnectionState;
  readonly standing: Map<string, Transaction>;
  accounts: readonly Account[];
  /** By account, as production keeps them. */
  readonly readings: Map<string, BalanceReadings>;
  consentEndsDay: number | null;
}

export class HouseholdFeed {
  readonly household: LabelledHousehold;
  readonly #known: readonly Known[];
  /** Our account id, by the account's place in the household. */
  readonly accountIds = new Map<number, string>();
  /** States that had to be made again from everything. */
  rebuilt = 0;
  #told: number;

  constructor(household: LabelledHousehold) {
    this.household = household;
    this.#told = household.firstDay - 1;
    this.#known = household.connections.map(() => ({
      state: emptyState,
      standing: new Map(),
      accounts: [],
      readings: new Map(),
      consentEndsDay: null,
    }));
  }

  /** Takes in what the banks told since the last call, up to the end of `today`. */
  lookAt(today: number): Look {
    const parts = this.#known.map((known, connection) => this.#read(known, connection, today));
    this.#told = today;
    return { today, parts, view: viewOf(parts, today) };
  }

  #read(known: Known, connection: number, today: number): ConnectionPart {
    const { household } = this;
    const { institutionId, consentEndDays } = household.connections[connection] ?? {
      institutionId: '',
      consentEndDays: [],
    };
    const connectionId = `connection-${connection}`;
    const text = householdPageJson(household, connection, this.#told, today);
    const page = normalisePlaidPage(validatePlaidPage({ text, requestId: null }), {
      connectionId,
      institutionId,
      knownAccounts: known.accounts,
      today: dateText(today),
    });
    if (page.quarantined.length > 0)
      throw new Error(`household ${household.seed}: ${page.quarantined[0]?.path} is not valid`);
    for (const account of page.accounts) {
      const { accountId } = account;
      const minor = balanceMinor(account);
      if (minor === null) known.readings.delete(accountId);
      else known.readings.set(accountId, readingsWith(known.readings.get(accountId), { minor, day: today }));
    }
    known.accounts = page.accounts;
    household.accounts.forEach((account, place) => {
      const found = page.accounts.find(({ providerAccountId }) => providerAccountId === account.id);
      if (found !== undefined) this.accountIds.set(place, found.accountId);
    });
    for (const transaction of [...page.added, ...page.modified]) {
      if (transaction.supersedes !== null) known.standing.delete(transaction.supersedes);
      known.standing.set(transaction.transactionId, transaction);
    }
    for (const id of page.removed) known.standing.delete(id);
    const next = applyChanges(known.state, page);
    if (next === undefined) this.rebuilt += 1;
    known.state = next ?? stateOf(known.standing.values());
    const accounts: AccountFacts[] = page.accounts.map((account) => {
      const { earlier, settled } = settledReadings(known.readings.get(account.accountId) ?? []);
      return { ...account, readDay: today, earlierBalance: earlier, settledBalance: earlier && settled };
    });
    // A consent is renewed two days before its end.
    const consentEndsDay = consentEndDays.find((day) => today < day - 2) ?? null;
    return {
      facts: { connectionId, institutionId, consentEndsDay, syncedDay: today, isHistoryComplete: true, accounts },
      state: known.state,
    };
  }
}

function balanceMinor(account: Account): number | null {
  const balance = account.balances.find(({ balanceType }) => balanceType === 'ITBD');
  return balance === undefined ? null : (minorOf(balance.amount) ?? null);
}
