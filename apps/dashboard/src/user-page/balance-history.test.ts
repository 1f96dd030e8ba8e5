import { describe, expect, it } from 'vitest';
import { account, cardPlace, today, transaction, usd } from '../../test/user-answers.ts';
import { balanceHistories, historyFrom } from './balance-history.ts';
import { balanceWords, monthWords } from './balance-words.ts';
import { dateOf } from './local-day.ts';

const historyOf = (transactions: Parameters<typeof balanceHistories>[0]['transactions'], isCut = false) => {
  const [history] = balanceHistories({ accounts: [account('100000')], transactions, isCut }, today);
  if (history === undefined) throw new Error('no history');
  return history;
};
const at = (history: ReturnType<typeof historyOf>, date: string) =>
  history.points.find(({ day }) => dateOf(day) === date)?.minor;

describe('a balance over time', () => {
  it('is the present one without what was booked since', () => {
    const history = historyOf([
      transaction('2026-11-26', '-2000'),
      transaction('2026-11-24', '50000'),
      transaction('2026-11-20', '-100'),
    ]);
    expect([
      at(history, '2026-11-26'),
      at(history, '2026-11-25'),
      at(history, '2026-11-24'),
      at(history, '2026-11-23'),
    ]).toEqual([100_000, 102_000, 102_000, 52_000]);
    expect(dateOf(history.points[0]?.day ?? 0)).toBe('2026-11-20');
    expect(history.monthMinor).toBeNull();
  });

  it('is moved by what is booked in its currency on this account alone', () => {
    const history = historyOf([
      transaction('2026-11-25', '-1', { status: 'PDNG' }),
      transaction('2026-11-25', '-2', { amount: { ...usd('-2'), currency: 'EUR' } }),
      transaction('2026-11-25', '-3', cardPlace),
      transaction('2026-11-25', '-4', { bookingDate: null }),
      transaction('2026-11-25', '-5', { bookingDate: null, executionDate: '2026-11-25' }),
      transaction('2026-11-25', '-7', { bookingDate: null, valueDate: '2026-11-25' }),
      transaction('2026-11-01', '-900'),
    ]);
    expect(at(history, '2026-11-24')).toBe(100_012);
  });

  it('counts amounts of other decimals as what they are, and what is dated ahead as of today', () => {
    const history = historyOf([
      transaction('2026-11-28', '-500'),
      transaction('2026-11-25', '-1', { amount: usd('-1', 0) }),
      transaction('2026-11-25', '-1', { amount: usd('-12000', 4) }),
      transaction('2026-11-20', '-1'),
    ]);
    expect([at(history, '2026-11-25'), at(history, '2026-11-24')]).toEqual([100_500, 100_720]);
  });

  it('reaches back half a year, and no further than all is known', () => {
    const old = historyOf([transaction('2025-01-01', '-1')]);
    expect([old.points.length, historyFrom(today)]).toEqual([181, '2026-05-30']);
    const cut = historyOf([transaction('2026-11-20', '-1', cardPlace)], true);
    expect(dateOf(cut.points[0]?.day ?? 0)).toBe('2026-11-21');
    expect(historyOf([]).points).toEqual([{ day: today, minor: 100_000 }]);
  });

  it('is told of open accounts with a booked balance, current accounts first', () => {
    const [balance] = account('1').balances;
    const accounts = [
      account('-5', { accountId: 'card', type: 'CARD' }),
      account('7', { accountId: 'closed', state: 'closed' }),
      account('9', { accountId: 'bare', balances: [] }),
      account('9', { accountId: 'available', balances: balance ? [{ ...balance, balanceType: 'ITAV' }] : [] }),
      account('3', { accountId: 'savings', type: 'SVGS' }),
      account('1'),
    ];
    const histories = balanceHistories({ accounts, transactions: [], isCut: false }, today);
    expect(histories.map(({ account: { accountId }, nowMinor }) => [accountId, nowMinor])).toEqual([
      ['checking', 1],
      ['savings', 3],
      ['card', -5],
    ]);
  });
});

describe('its words', () => {
  it('name beginning, end and the lowest day', () => {
    const history = historyOf([transaction('2026-11-20', '70000'), transaction('2026-10-01', '-30000')]);
    expect(balanceWords(history)).toBe('From $300 on 1 Oct to $1,000 today; lowest $300 on 1 Oct.');
    expect(monthWords(history)).toBe('+$700 in 30 days');
  });

  it('say when nothing is known of before', () => {
    expect(balanceWords(historyOf([]))).toBe('What it was before is not known yet.');
    expect(monthWords(historyOf([]))).toBe('');
  });
});
