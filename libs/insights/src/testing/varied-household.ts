/**
 * A user with two connections and every sort of movement that a detector looks at, from a seed. Sums and days lie on a coarse grid, so
 * that they meet the bounds of rules often.
 */
import type { Transaction } from '@quartersec/validation';
import { addMonths, calendarOf, dateOf } from '../day.ts';
import { applyChanges, emptyState, stateOf } from '../state.ts';
import type { Day } from '../view.ts';
import type { AccountFacts, ConnectionPart } from '../view-of.ts';
import { randomFrom, sampleLedger } from './sample-ledger.ts';
import { sampleTransaction } from './sample-transaction.ts';

type Given = Parameters<typeof sampleTransaction>[0] & { readonly minor: number };

interface Place {
  readonly connectionId: string;
  readonly accountId: string;
  readonly type: AccountFacts['type'];
  readonly name: string | null;
  readonly currency?: string;
  readonly openingMinor: number;
}

const plaid = (detailed: string): Transaction['category'] => ({
  primary: detailed.split('_', 1)[0] ?? '',
  detailed,
});

export class VariedHousehold {
  readonly lastDay: Day;
  readonly firstDay: Day;
  readonly #places: readonly Place[];
  readonly #booked: readonly { readonly day: Day; readonly toldDay: Day; readonly transaction: Transaction }[];

  constructor(seed: number) {
    const { transactions, lastDay } = sampleLedger(seed, 460);
    const random = randomFrom(seed * 7_919 + 1);
    const between = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
    const pick = <T>(...all: readonly [T, ...T[]]): T => all[between(0, all.length - 1)] ?? all[0];
    this.lastDay = lastDay;
    this.firstDay = lastDay - 460;
    const isTight = seed % 3 === 0;
    const isRich = seed % 3 === 1;
    this.#places = [
      {
        connectionId: 'c1',
        accountId: 'a1',
        type: 'CACC',
        name: 'Everyday',
        openingMinor: isRich ? 4_000_000 : isTight ? 90_000 : 600_000,
      },
      { connectionId: 'c1', accountId: 'card', type: 'CARD', name: null, openingMinor: 0 },
      { connectionId: 'c2', accountId: 'savings', type: 'SVGS', name: 'Rainy Day', openingMinor: 500_000 },
      { connectionId: 'c2', accountId: 'second', type: 'CACC', name: null, openingMinor: 300_000 },
      { connectionId: 'c2', accountId: 'dollars', type: 'CACC', name: 'Travel', currency: 'USD', openingMinor: 20_000 },
      { connectionId: 'c2', accountId: 'mortgage', type: 'MORT', name: null, openingMinor: -9_000_000 },
    ];
    const booked = transactions.map((transaction) => ({ transaction, minor: Number(transaction.amount.minor) }));
    const add = (accountId: string, day: Day, given: Given) => {
      if (day < this.firstDay || day > lastDay) return;
      const transaction = sampleTransaction({
        ...given,
        accountId,
        transactionId: `x${seed}-${booked.length}`,
        bookingDate: dateOf(day),
      });
      booked.push({ transaction, minor: given.minor });
    };
    const firstMonth = this.firstDay - calendarOf(this.firstDay).dayOfMonth + 1;
    for (let month = 0; month < 16; month++) {
      const on = (dayOfMonth: number) => addMonths(firstMonth, month) + dayOfMonth - 1;
      const late = pick(0, 0, 0, 1, 2, 3, 6, 7);
      const saved = month < 9 ? 20_000 : 25_000;
      add('a1', on(4), {
        minor: -saved,
        description: 'STANDING ORDER TO SAVINGS',
        category: plaid('TRANSFER_OUT_SAVINGS'),
      });
      add('savings', on(4) + late, {
        minor: saved,
        description: 'FROM CURRENT',
        category: plaid('TRANSFER_IN_ACCOUNT_TRANSFER'),
      });
      const moved = pick(7_500, 8_000, 9_000);
      add('a1', on(9), { minor: -moved, description: 'Betalning SAM WINTER' });
      add('second', on(9) + pick(0, 0, 1, 2, 4), { minor: moved, description: 'Insättning SAM WINTER' });
      add('a1', on(2), {
        minor: -60_000,
        description: 'MORTGAGE PAYMENT',
        category: plaid('LOAN_PAYMENTS_MORTGAGE_PAYMENT'),
      });
      add('mortgage', on(2) + pick(0, 1), { minor: 60_000, description: 'PAYMENT RECEIVED THANK YOU' });
      const changed = pick(10_000, 20_000);
      add('a1', on(6), {
        minor: -changed,
        description: 'TRANSFER TO DOLLARS',
        category: plaid('TRANSFER_OUT_ACCOUNT_TRANSFER'),
      });
      add('dollars', on(6) + pick(0, 1, 2), {
        minor: Math.round(changed * pick(1.05, 1.1, 1.4)),
        currency: 'USD',
        description: 'TRANSFER FROM EUROS',
        category: plaid('TRANSFER_IN_ACCOUNT_TRANSFER'),
      });
      let owed = 0;
      for (const [name, detailed, ...prices] of cardShops) {
        for (let each = between(0, 3); each > 0; each -= 1) {
          const minor = -pick(prices[0] ?? 1_000, ...prices) * (month === 12 && name === 'Zalando' ? 6 : 1);
          owed += minor;
          const day = on(between(1, 25));
          add('card', day, { minor, merchantName: name, description: name.toUpperCase(), category: plaid(detailed) });
          if (random() < 0.25) {
            const again = day + pick(0, 0, 1, 2, 3);
            add('card', again, {
              minor,
              merchantName: name,
              description: name.toUpperCase(),
              category: plaid(detailed),
            });
            if (random() < 0.4)
              add('card', again + pick(1, 5, 30), {
                minor: -minor,
                merchantName: name,
                description: `REFUND ${name}`,
                category: plaid(detailed),
              });
            else owed += minor;
          }
        }
      }
      if (owed < 0) {
        add('a1', on(27), { minor: owed, description: 'CREDIT CARD PAYMENT' });
        add('card', on(27) + pick(0, 0, 1, 2), { minor: -owed, description: 'PAYMENT RECEIVED - THANK YOU' });
      }
      add('a1', on(28), {
        minor: -pick(500, 500, 1_000),
        description: 'KONTOFÜHRUNGSGEBÜHR',
        ...(random() < 0.5 && { category: plaid('BANK_FEES_OTHER_BANK_FEES') }),
      });
      if (random() < 0.3)
        add('card', on(20), {
          minor: -pick(100, 250),
          description: 'FOREIGN TRANSACTION FEE',
          category: plaid('BANK_FEES_FOREIGN_TRANSACTION_FEES'),
        });
      if (random() < 0.4)
        add('a1', on(29), {
          minor: -pick(99, 100, 1_250),
          description: 'OVERDRAFT INTEREST',
          ...(random() < 0.5 && { category: plaid('BANK_FEES_INTEREST_CHARGE') }),
        });
      if (random() < 0.3)
        add('a1', on(30), { minor: 500, description: 'FEE REFUND', category: plaid('BANK_FEES_OTHER_BANK_FEES') });
      add('second', on(15), {
        minor: month < 8 ? 40_000 : month < 12 ? 44_000 : 38_000,
        description: 'PENSION FUND',
        category: plaid('INCOME_RETIREMENT_PENSION'),
      });
      add('second', on(16), {
        minor: -(1_000 + 250 * Math.floor(month / 5)),
        merchantName: 'Audible',
        description: 'AUDIBLE',
        category: plaid('ENTERTAINMENT_MUSIC_AND_AUDIO'),
      });
      if (month !== 10)
        add('second', on(18) + pick(0, 0, 1, 4), {
          minor: -2_900,
          merchantName: 'Fit Zone',
          description: 'FIT ZONE',
          category: plaid('PERSONAL_CARE_GYMS_AND_FITNESS_CENTERS'),
        });
      if (month < 12)
        add('second', on(21), { minor: month < 3 ? -500 : -1_000, description: 'NEWS DIGITAL SUBSCRIPTION' });
      if (random() < 0.5) {
        const shared = pick(3_000, 4_000, 5_000);
        add('second', on(11), {
          minor: -shared,
          description: 'TRATTORIA',
          category: plaid('FOOD_AND_DRINK_RESTAURANT'),
        });
        add('a1', on(11) + pick(0, 1, 2), {
          minor: shared,
          description: 'ANNA MUSTER',
          category: plaid('TRANSFER_IN_OTHER_TRANSFER_IN'),
        });
      }
      if (random() < 0.15)
        add('second', on(13), {
          minor: -pick(40_000, 80_000, 120_000),
          merchantName: 'Fit Zone',
          description: 'FIT ZONE SHOP',
          category: plaid('GENERAL_MERCHANDISE_SPORTING_GOODS'),
        });
    }
    this.#booked = booked
      .map(({ transaction }) => {
        const day = dayIn(transaction);
        // Some are told late, and a few never: the balance knows of them.
        return {
          day,
          toldDay: random() < 0.004 ? Number.POSITIVE_INFINITY : day + (random() < 0.05 ? 2 : 0),
          transaction,
        };
      })
      .sort((a, b) => a.day - b.day);
  }

  /** @returns what is known on each of these days, oldest first */
  *lookAt(days: readonly Day[]): Generator<{ readonly today: Day; readonly parts: readonly ConnectionPart[] }> {
    let since = Number.NEGATIVE_INFINITY;
    const states = new Map(['c1', 'c2'].map((connectionId) => [connectionId, emptyState]));
    const readings = new Map<string, { minor: number; day: Day }>();
    for (const today of days) {
      const parts = [...states].map(([connectionId, state]): ConnectionPart => {
        const here = this.#places.filter((place) => place.connectionId === connectionId);
        const isHere = ({ accountId }: Transaction) => here.some((place) => place.accountId === accountId);
        const told = (from: Day) =>
          this.#booked
            .filter(({ toldDay, transaction }) => toldDay > from && toldDay <= today && isHere(transaction))
            .map(({ transaction }) => transaction);
        const next =
          applyChanges(state, { added: told(since), modified: [], removed: [] }) ??
          stateOf(told(Number.NEGATIVE_INFINITY));
        states.set(connectionId, next);
        const accounts = here.map((place): AccountFacts => {
          const minor = this.#balanceOf(place, today);
          const earlier = readings.get(place.accountId) ?? null;
          readings.set(place.accountId, { minor, day: today });
          return accountFacts(place, { minor, day: today }, earlier);
        });
        const consentEndsDay = connectionId === 'c2' ? this.lastDay - 60 : null;
        const facts = {
          connectionId,
          institutionId: `bank-${connectionId}`,
          consentEndsDay,
          syncedDay: today,
          isHistoryComplete: true,
          accounts,
        };
        return { facts, state: next };
      });
      since = today;
      yield { today, parts };
    }
  }

  #balanceOf({ accountId, openingMinor }: Place, today: Day): number {
    return this.#booked
      .filter(({ day, transaction }) => day <= today && transaction.accountId === accountId)
      .reduce((sum, { transaction }) => sum + Number(transaction.amount.minor), openingMinor);
  }
}

function dayIn({ bookingDate }: Transaction): Day {
  return Math.round(Date.parse(bookingDate ?? '') / 86_400_000);
}

function accountFacts(
  { accountId, type, name, currency = 'EUR' }: Place,
  { minor, day }: { readonly minor: number; readonly day: Day },
  earlier: { readonly minor: number; readonly day: Day } | null,
): AccountFacts {
  return {
    accountId,
    identityBasis: 'iban',
    providerAccountId: accountId,
    currency,
    type,
    nature: type === 'CARD' || type === 'MORT' ? 'liability' : 'asset',
    name,
    mask: null,
    balances: [
      {
        balanceType: 'ITBD',
        sourceType: 'current',
        amount: { minor: String(minor), exponent: 2, currency, unofficialCurrency: null },
        creditLine: null,
        creditIncluded: false,
        asOf: null,
        asOfBasis: 'fetch',
      },
    ],
    readDay: day,
    earlierBalance: earlier,
    settledBalance: earlier && { minor, day },
  };
}

const cardShops: readonly (readonly [name: string, detailed: string, ...prices: number[]])[] = [
  ['Zalando', 'GENERAL_MERCHANDISE_CLOTHING_AND_ACCESSORIES', 2_500, 4_990, 5_000, 7_500],
  ['Pizzeria', 'FOOD_AND_DRINK_RESTAURANT', 1_200, 2_499, 2_500, 3_000],
  ['Edeka', 'FOOD_AND_DRINK_GROCERIES', 1_000, 2_500, 5_000, 8_000],
  ['Shell', 'TRANSPORTATION_GAS', 4_000, 5_000, 6_000],
  ['Cinema', 'ENTERTAINMENT_TV_AND_MOVIES', 300, 1_200, 2_400],
  ['Apotheke', 'MEDICAL_PHARMACIES_AND_SUPPLEMENTS', 299, 300, 1_500],
  ['Steam', 'ENTERTAINMENT_VIDEO_GAMES', 999, 1_999],
];
