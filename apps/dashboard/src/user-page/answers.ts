/**
 * What the API answers, as far as the page reads it: docs/openapi.json has all of it, and `answers.test.ts` holds these types to it.
 * Amounts are integers of minor units.
 */
import type { AccountForecast, Insight, Recommendation, RecurringInsight } from '@quartersec/insights';
import type { Account, Transaction } from '@quartersec/validation';

export interface UserConnection {
  readonly connectionId: string;
  readonly status: string;
  /** `none`, or what only its user can do. */
  readonly userAction: string;
  readonly history: 'none' | 'recent' | 'complete';
  /** `null` before the first complete read. */
  readonly syncedEpochMs: number | null;
  readonly institutionId: string;
}

export interface Unreadable {
  readonly connectionId: string;
  readonly code: string;
}

export interface UserAccount extends Account {
  readonly connectionId: string;
  readonly state: 'open' | 'closed' | 'replaced';
  readonly readEpochMs: number;
}

export interface UserTransaction extends Transaction {
  readonly connectionId: string;
}

interface Told {
  /** Decimals of the currency; `null` where no money is concerned. */
  readonly exponent: number | null;
  readonly isConfirmed: boolean;
}

export type UserInsight = Insight & Told;
export type UserRecurring = RecurringInsight & Told;
export type UserRecommendation = Recommendation & Told;
export type UserForecast = AccountForecast & Pick<Told, 'exponent'>;

/** Everything that the page shows, as it was read last. */
export interface UserData {
  readonly connections: readonly UserConnection[];
  readonly unreadable: readonly Unreadable[];
  readonly accounts: readonly UserAccount[];
  readonly insights: readonly UserInsight[];
  readonly recommendations: readonly UserRecommendation[];
  readonly forecasts: readonly UserForecast[];
  /** Newest first. */
  readonly transactions: readonly UserTransaction[];
  /** Whether there are older ones in the days that were asked for. */
  readonly isCut: boolean;
}

/** Below `/v1`, by the route that answers it. */
export interface Answers {
  readonly '/connections': Pick<UserData, 'connections' | 'unreadable'>;
  readonly '/accounts': Pick<UserData, 'accounts'>;
  readonly '/insights': Pick<UserData, 'insights'>;
  readonly '/recommendations': Pick<UserData, 'recommendations'>;
  readonly '/forecast': { readonly accounts: readonly UserForecast[] };
  readonly '/transactions': Pick<UserData, 'transactions'> & { readonly nextCursor: string | null };
  readonly '/changes': { readonly changes: readonly { readonly kind: string }[]; readonly nextCursor: string };
}

export const isRecurring = (insight: UserInsight): insight is UserRecurring => insight.kind === 'recurring';

export interface Place {
  readonly connectionId: string;
  readonly accountId: string;
}

export function isAt(one: Place, other: Place): boolean {
  return one.accountId === other.accountId && one.connectionId === other.connectionId;
}

/** "Everyday Checking ·· 0911"; the page never shows more of a number. */
export function accountName(accounts: readonly UserAccount[], place: Place | null | undefined): string {
  const account = place && accounts.find((one) => isAt(one, place));
  if (!account) return 'an account';
  const { name, mask } = account;
  return [name ?? 'Account', ...(mask === null ? [] : [`·· ${mask}`])].join(' ');
}
