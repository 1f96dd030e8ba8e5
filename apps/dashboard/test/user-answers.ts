/** What the API answers for a user, with whatever a test needs to be different. Today is Thursday, 26 November 2026. */
import type {
  UserAccount,
  UserConnection,
  UserData,
  UserForecast,
  UserInsight,
  UserRecommendation,
  UserRecurring,
  UserTransaction,
} from '../src/user-page/answers.ts';
import { dateOf } from '../src/user-page/local-day.ts';

export const today = 20_783;
export const todayDate = '2026-11-26';
export const place = { connectionId: 'conn-a', accountId: 'checking' };
export const cardPlace = { connectionId: 'conn-a', accountId: 'card' };

export const usd = (minor: string, exponent = 2) => ({ minor, exponent, currency: 'USD', unofficialCurrency: null });

export function connection(more: Partial<UserConnection> = {}): UserConnection {
  const state = {
    status: 'active',
    userAction: 'none',
    history: 'complete',
    syncedEpochMs: 1_795_000_000_000,
  } as const;
  return { connectionId: 'conn-a', institutionId: 'ins_1', ...state, ...more };
}

export function account(minor: string, more: Partial<UserAccount> = {}): UserAccount {
  return {
    ...place,
    identityBasis: 'providerId',
    providerAccountId: 'p',
    currency: 'USD',
    type: 'CACC',
    nature: 'asset',
    name: 'Everyday',
    mask: '0911',
    balances: [
      {
        balanceType: 'ITBD',
        sourceType: 'current',
        amount: usd(minor),
        creditLine: null,
        creditIncluded: false,
        asOf: null,
        asOfBasis: 'fetch',
      },
    ],
    state: 'open',
    readEpochMs: 0,
    ...more,
  };
}

export function transaction(date: string, minor: string, more: Partial<UserTransaction> = {}): UserTransaction {
  return {
    ...place,
    transactionId: `${date} ${minor}`,
    providerTransactionId: null,
    idBasis: 'provider',
    status: 'BOOK',
    amount: usd(minor),
    direction: minor.startsWith('-') ? 'DBIT' : 'CRDT',
    bookingDate: date,
    valueDate: null,
    executionDate: null,
    bookingDateTime: null,
    executionDateTime: null,
    counterpartyName: null,
    merchantName: null,
    description: null,
    remittance: [],
    category: null,
    channel: null,
    bankTransactionCode: null,
    supersedes: null,
    contentHash: 'h',
    flags: [],
    ...more,
  };
}

const base = {
  currency: 'USD',
  exponent: 2,
  confidencePercent: 90,
  date: todayDate,
  counterparty: 'Reelhouse',
  evidence: [{ ...place, date: '2026-11-17', minor: -1599 }],
  isConfirmed: false,
} as const;

type Kind = UserInsight['kind'];
type OfKind<K extends Kind> = Extract<UserInsight, { readonly kind: K }>;

/** What every insight has is filled in. */
export function insight<K extends Kind>(
  kind: K,
  own: Omit<OfKind<K>, 'kind' | keyof typeof base | 'fingerprint'> & Partial<OfKind<K>>,
): UserInsight {
  return { ...base, kind, fingerprint: `f-${kind}`, ...own } as unknown as UserInsight;
}

export function recurring(more: Partial<UserRecurring> = {}): UserRecurring {
  return {
    ...base,
    kind: 'recurring',
    fingerprint: 'f-reelhouse',
    direction: 'out',
    cadence: 'monthly',
    status: 'mature',
    category: 'entertainment',
    amountKind: 'fixed',
    nextDate: '2026-12-17',
    nextFromDate: '2026-12-15',
    nextToDate: '2026-12-19',
    typicalMinor: 1599,
    lowMinor: 1599,
    highMinor: 1599,
    lastDate: '2026-11-17',
    lastMinor: 1599,
    occurrences: 12,
    ...more,
  };
}

export const duplicate = insight('duplicate-charge', {
  minor: -6450,
  times: 2,
  counterparty: 'Lanternfish Books',
  date: '2026-11-23',
});

/** A balance that falls by `dailyMinor` a day, within 100.00 to each side. */
export function forecast(startMinor: number, dailyMinor: number, more: Partial<UserForecast> = {}): UserForecast {
  return {
    ...place,
    currency: 'USD',
    exponent: 2,
    startMinor,
    days: Array.from({ length: 45 }, (_, index) => {
      const likelyMinor = startMinor - dailyMinor * (index + 1);
      return {
        date: dateOf(today + 1 + index),
        lowMinor: likelyMinor - 10_000,
        likelyMinor,
        highMinor: likelyMinor + 10_000,
      };
    }),
    due: [{ date: '2026-12-17', minor: -1599, fingerprint: 'f-reelhouse', counterparty: 'Reelhouse' }],
    nextIncomeDate: null,
    reliableDays: 45,
    ...more,
  };
}

export function recommendation(more: Partial<UserRecommendation> = {}): UserRecommendation {
  return {
    fingerprint: 'r-duplicate',
    action: 'dispute-charge',
    insights: ['f-duplicate-charge'],
    currency: 'USD',
    exponent: 2,
    amountMinor: 6450,
    account: null,
    benefitMinor: 6450,
    benefitPeriod: 'once',
    confidencePercent: 65,
    counterparty: 'Lanternfish Books',
    evidence: [{ ...place, date: '2026-11-23', minor: -6450 }],
    isConfirmed: false,
    ...more,
  };
}

export function userData(more: Partial<UserData> = {}): UserData {
  return {
    connections: [connection()],
    unreadable: [],
    accounts: [account('250000')],
    insights: [],
    recommendations: [],
    forecasts: [forecast(250_000, 1_000)],
    transactions: [],
    isCut: false,
    ...more,
  };
}
