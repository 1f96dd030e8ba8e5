import { describe, expect, it } from 'vitest';
import { dayOf } from '../story/calendar.ts';
import { householdAsOf } from './as-of.ts';
import { createLabelledHousehold } from './household.ts';

const household = createLabelledHousehold(52);
const today = dayOf('2026-11-26');

describe('a household as of a day', () => {
  it('ends on that day, years after its own time, with every record that its bank had told by then', () => {
    const holding = householdAsOf(household, 0, today);
    const dates = holding?.transactions.map(({ date }) => date).sort() ?? [];
    expect(dates.at(-1)?.slice(0, 7)).toBe('2026-11');
    expect(dates.every((date) => date <= '2026-11-26')).toBe(true);
    expect(dates.length).toBeGreaterThan(100);
    expect(holding?.accounts.map(({ subtype }) => subtype)).toEqual(['checking']);
    const week = householdAsOf(household, 0, today + 7);
    const ids = new Set(week?.transactions.map(({ id }) => id));
    const stays = holding?.transactions.filter(({ pending }) => !pending) ?? [];
    expect(stays.every(({ id }) => ids.has(id))).toBe(true);
  });

  it('keeps the days of the month, so that what comes on the first still does', () => {
    const own = new Map(household.transactions.map(({ id, day }) => [id, new Date(day * 86_400_000).getUTCDate()]));
    const moved = householdAsOf(household, 0, today)?.transactions.filter(({ pending }) => !pending) ?? [];
    const differ = moved.filter(({ id, date }) => own.get(id) !== Number(date.slice(8)));
    expect(differ.every(({ date }) => date.endsWith('-02-28'))).toBe(true);
  });

  it('has balances of that day', () => {
    const [account] = householdAsOf(household, 0, today)?.accounts ?? [];
    const [earlier] = householdAsOf(household, 0, today - 40)?.accounts ?? [];
    expect(account?.currentMinor).not.toBe(earlier?.currentMinor);
    expect(account?.availableMinor).toBe(account?.currentMinor);
  });

  it('is none at a bank that it does not have', () => {
    expect(householdAsOf(household, 7, today)).toBeUndefined();
  });
});
