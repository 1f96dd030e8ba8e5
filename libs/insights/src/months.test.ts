import { expect, it } from 'vitest';
import { dateOf } from './day.ts';
import { firstDayOf, lastDayOf, monthOf, monthText, quarterText } from './months.ts';
import { sampleDay } from './testing/sample-view.ts';

it.each([
  ['2026-01-31', '2026-01-01', '2026-01-31', '2026-01', '2026-Q1'],
  ['2024-02-29', '2024-02-01', '2024-02-29', '2024-02', '2024-Q1'],
  ['2026-04-01', '2026-04-01', '2026-04-30', '2026-04', '2026-Q2'],
  ['2025-12-31', '2025-12-01', '2025-12-31', '2025-12', '2025-Q4'],
])('%s lies from %s to %s, in %s and %s', (date, first, last, month, quarter) => {
  const of = monthOf(sampleDay(date));
  expect([dateOf(firstDayOf(of)), dateOf(lastDayOf(of)), monthText(of), quarterText(sampleDay(date))]).toEqual([
    first,
    last,
    month,
    quarter,
  ]);
});

it('three months before are three less', () => {
  expect(monthText(monthOf(sampleDay('2026-02-10')) - 3)).toBe('2025-11');
});
