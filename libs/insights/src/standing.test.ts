import { describe, expect, it } from 'vitest';
import { seriesOf } from './series.ts';
import { cameEarly, knownDay, missedPeriods } from './standing.ts';
import { monthly, sampleDay, sampleView } from './testing/sample-view.ts';

const rent = monthly('2026-01-05', 4, -95_000);

function seriesIn(today: string, syncedDate: string | null) {
  const view = sampleView(today, [{ of: rent, category: 'housing' }], syncedDate);
  const [series] = seriesOf(view);
  if (series === undefined) throw new Error('no series');
  return { series, view };
}

describe('what is known of a series', () => {
  it('is known up to the last read of the bank that it was paid from, and never beyond today', () => {
    const known = (today: string, syncedDate: string | null) => {
      const { series, view } = seriesIn(today, syncedDate);
      return knownDay(series, view);
    };
    expect(known('2026-05-20', '2026-05-11')).toBe(sampleDay('2026-05-11'));
    expect(known('2026-05-20', '2026-05-21')).toBe(sampleDay('2026-05-20'));
    expect(known('2026-05-20', null)).toBeNull();
  });

  it('is missed once its band is over, and once more with each period behind it', () => {
    const { series } = seriesIn('2026-05-20', '2026-05-20');
    const missed = (days: number) => missedPeriods(series, series.next.to + days);
    expect([missed(-1), missed(0), missed(1), missed(30), missed(31), missed(61)]).toEqual([0, 0, 1, 1, 2, 3]);
    expect(missedPeriods(series, null)).toBe(0);
  });
});

describe('one that came long before its band', () => {
  const usual = { cadence: 'monthly', lowMinor: 1_000, highMinor: 1_200 } as const;
  const came = (afterDays: number, minor: number) => cameEarly({ day: 100 + afterDays, minor }, 100, usual);

  it('is later than half a period behind the last one', () => {
    expect([came(15, -1_000), came(16, -1_000)]).toEqual([false, true]);
  });

  it('is as large as those before, but for what rounds it', () => {
    expect([came(20, -949), came(20, -950), came(20, -1_260), came(20, -1_261)]).toEqual([false, true, true, false]);
  });

  it('may be twice as much where it is money in: a wage of December', () => {
    expect([came(20, 2_400), came(20, 2_401), came(20, 949)]).toEqual([true, false, false]);
  });
});
