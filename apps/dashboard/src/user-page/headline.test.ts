import { describe, expect, it } from 'vitest';
import {
  account,
  connection,
  duplicate,
  forecast,
  insight,
  place,
  recommendation,
  recurring,
  today,
  todayDate,
  userData,
} from '../../test/user-answers.ts';
import type { UserData } from './answers.ts';
import { dueEvents } from './due-calendar.ts';
import { headlineOf } from './headline.ts';
import { keyFigures } from './key-figures.ts';

const wage = recurring({
  fingerprint: 'wage',
  direction: 'in',
  typicalMinor: 251_830,
  nextDate: '2026-11-28',
  nextToDate: '2026-11-28',
  counterparty: 'Work',
});
const told = (data: UserData) =>
  headlineOf(data, dueEvents(data, today), { accounts: data.accounts, today, todayDate });

const low = (likelyMinor: number, date: string) =>
  insight('low-balance', { ...place, lowMinor: -12_000, likelyMinor, highMinor: 9_000, shortMinor: 12_000, date });

describe('the headline', () => {
  it('says what is missing before there are data', () => {
    const none = { accounts: [], forecasts: [] };
    expect(told(userData({ ...none, connections: [] })).text).toBe('No bank is linked yet.');
    expect(told(userData({ ...none, connections: [connection({ history: 'none' })] })).text).toBe(
      'Your bank is being read for the first time.',
    );
    expect(told(userData({ ...none, connections: [connection({ userAction: 'update-mode' })] })).text).toBe(
      'Your bank needs you.',
    );
  });

  it('is the soonest shortage, if there is one, with what comes next', () => {
    const data = userData({ insights: [low(500, '2026-12-20'), low(500, '2026-12-02'), wage, recurring(), duplicate] });
    expect(told(data)).toEqual({
      tone: 'warn',
      text: 'Everyday ·· 0911 may run short by $120.00 around 2 Dec.',
      detail: '1 payment of $15.99 in the next 30 days; next income $2,518.30 on 28 Nov.',
    });
    expect(told(userData({ insights: [low(-500, 'soon')] }))).toEqual({
      tone: 'bad',
      text: 'Everyday ·· 0911 will likely run short by $120.00 around soon.',
      detail: '',
    });
  });

  it('is what cannot wait, unless the user has said that it is right or has put away what to do about it', () => {
    const nothing = 'Nothing is due that is not covered.';
    const recommendations = [recommendation()];
    expect(told(userData({ recommendations, insights: [duplicate] })).text).toBe(
      'Lanternfish Books charged $64.50 twice.',
    );
    expect(told(userData({ recommendations, insights: [{ ...duplicate, isConfirmed: true }] })).text).toBe(nothing);
    expect(told(userData({ insights: [duplicate] })).text).toBe(nothing);
    const late = {
      cadence: 'monthly',
      status: 'late',
      expectedFromDate: '2026-11-20',
      expectedToDate: '2026-11-25',
    } as const;
    const bill = insight('missed', { ...late, direction: 'out', typicalMinor: 1_199, counterparty: 'Cloud' });
    const income = insight('missed', { ...late, direction: 'in', typicalMinor: 99_000, counterparty: 'Work' });
    expect(told(userData({ insights: [bill] })).text).toBe(nothing);
    expect(told(userData({ insights: [income] })).text).toBe('The income from Work has not come.');
    const unusual = insight('unusual-spend', {
      minor: -50_000,
      usualMinor: -8_000,
      category: 'shopping',
      counterparty: 'Shop',
    });
    expect(told(userData({ insights: [unusual] })).text).toBe('Shop: $500.00, far more than usual.');
  });

  it('is a bank that needs the user', () => {
    const connections = [connection(), connection({ userAction: 'relink' })];
    expect(told(userData({ connections })).text).toBe('One of your banks needs you: its data stand still.');
  });

  it('is good news where all is covered, with how low it gets', () => {
    const other = recurring({ fingerprint: 'abroad', currency: 'EUR', typicalMinor: 500 });
    expect(told(userData({ insights: [recurring(), other] }))).toEqual({
      tone: 'good',
      text: 'All bills of the next 30 days are covered.',
      detail:
        '2 payments of $15.99 and €5.00 in the next 30 days. Everyday ·· 0911 does not go below $1,950 in eight of ten cases.',
    });
  });

  it('warns of a balance that may touch zero, and says little where nothing is foreseen', () => {
    expect(told(userData({ forecasts: [forecast(9_000, 0)] })).text).toBe(
      'A balance may come close to zero in the next weeks.',
    );
    expect(told(userData({ forecasts: [] })).text).toBe('Your accounts are up to date.');
  });
});

describe('the figures beside it', () => {
  it('are what is there, what will be, what leaves in a month and what comes next', () => {
    const data = userData({ insights: [wage, recurring()] });
    expect(keyFigures(data, dueEvents(data, today), today)).toEqual([
      { name: 'On current accounts', value: '$2,500', note: 'Everyday ·· 0911' },
      { name: 'Likely on 10 Jan', value: '$2,050', note: '−$450 in 45 days' },
      { name: 'Bills a month', value: '$16', note: 'one that comes back' },
      { name: 'Next income', value: '$2,518', note: '28 Nov, in 2 days' },
    ]);
  });

  it('add up accounts of a currency, and no currencies', () => {
    const forecasts = [
      forecast(100_000, 0),
      forecast(50_000, 0, { accountId: 'b' }),
      forecast(7_000, 0, { accountId: 'c', currency: 'EUR' }),
    ];
    const data = userData({ accounts: [account('1')], forecasts });
    expect(keyFigures(data, [], today)[0]).toEqual({
      name: 'On current accounts',
      value: '$1,500 + €70',
      note: '3 accounts',
    });
  });

  it('are none where nothing is known', () => {
    expect(keyFigures(userData({ forecasts: [] }), [], today)).toEqual([]);
    expect(keyFigures(userData({ forecasts: [forecast(100, 0, { days: [] })] }), [], today)).toHaveLength(1);
  });
});
