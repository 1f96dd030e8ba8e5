import { describe, expect, it } from 'vitest';
import { largestEvidence, movementsOf, newestFirst } from './citation.ts';
import { buildView, every } from './testing/build-view.ts';

const rows = every(1, '2026-06-01', 14, { minor: -1_00, who: 'Shop' }).map((row, index) => ({
  ...row,
  minor: -100 - index,
}));
const view = buildView({ today: '2026-06-30', movements: [...rows, { on: '2026-06-14', minor: -1_13, who: 'Twin' }] });

describe('largestEvidence', () => {
  it('cites the largest twelve, newest first', () => {
    const cited = largestEvidence(movementsOf(view, () => true));
    expect(cited.map(({ minor }) => minor)).toEqual([
      -113, -113, -112, -111, -110, -109, -108, -107, -106, -105, -104, -103,
    ]);
    expect(cited[0]).toEqual({ connectionId: 'c1', accountId: 'current', date: '2026-06-14', minor: -113 });
  });

  it('chooses by amount, of equal ones the newest, and orders by day', () => {
    const more = every(1, '2026-05-01', 11, { minor: -9_00, who: 'Older' });
    const cited = largestEvidence(
      movementsOf(buildView({ today: '2026-06-30', movements: [...more, ...rows] }), () => true),
    );
    expect(cited.map(({ date, minor }) => `${date} ${minor}`)).toEqual([
      '2026-06-14 -113',
      ...more.map(({ on, minor }) => `${on} ${minor}`).reverse(),
    ]);
    const equal = every(1, '2026-05-01', 14, { minor: -9_00, who: 'Older' });
    const newest = largestEvidence(movementsOf(buildView({ today: '2026-06-30', movements: equal }), () => true));
    expect(newest.map(({ date }) => date)).toEqual(
      equal
        .slice(2)
        .map(({ on }) => on)
        .reverse(),
    );
    expect(newestFirst(newest.toReversed()).map(({ date }) => date)).toEqual(newest.map(({ date }) => date));
  });

  it('is the same for every order', () => {
    const found = movementsOf(view, () => true);
    expect(largestEvidence([...found].reverse())).toEqual(largestEvidence(found));
    expect(newestFirst([...largestEvidence(found)].reverse())).toEqual(largestEvidence(found));
  });
});
