import { describe, expect, it } from 'vitest';
import { areMonthsKnown, firstDays, isKnown, isWholeFrom, knownUntil } from './known-days.ts';
import { type AccountRow, buildView, day, monthly } from './testing/build-view.ts';

const accounts: readonly AccountRow[] = [{ id: 'current' }, { id: 'second', connection: 'c2' }];
const movements = monthly('2026-02-02', 5, { minor: -10_00, who: 'Shop' });
const view = buildView({ today: '2026-06-15', accounts, movements });
const known = (
  from: string,
  to: string,
  places: readonly { connectionId: string; accountId: string }[] = view.accounts,
) => isKnown(view, places, day(from), day(to));

describe('isKnown', () => {
  it('reaches from the first movement, or a few quiet days before it, to the last sync', () => {
    expect(known('2026-01-30', '2026-06-15')).toBe(true);
    expect(known('2026-01-29', '2026-06-15')).toBe(false);
    expect(known('2026-01-31', '2026-06-16')).toBe(false);
  });

  it('is not so of a connection that is not there', () => {
    expect(known('2026-03-01', '2026-06-15', [{ connectionId: 'gone', accountId: 'x' }])).toBe(false);
  });

  it('is not so before the first complete read', () => {
    const unread = buildView({ today: '2026-06-15', accounts, movements, connections: { c2: { syncedDay: null } } });
    expect(isKnown(unread, unread.accounts, day('2026-03-01'), day('2026-06-15'))).toBe(false);
    expect(knownUntil(unread, unread.accounts)).toBeNull();
    expect(knownUntil(unread, [{ connectionId: 'gone', accountId: 'x' }])).toBeNull();
  });

  it('asks the ledgers of these accounts alone', () => {
    const cut = buildView({ today: '2026-06-15', accounts, movements, cut: ['current|shop|out'] });
    expect(isKnown(cut, cut.accounts, day('2026-02-02'), day('2026-06-15'))).toBe(false);
    expect(isKnown(cut, cut.accounts, day('2026-02-03'), day('2026-06-15'))).toBe(true);
    expect(isKnown(cut, cut.accounts.slice(1), day('2026-02-02'), day('2026-06-15'))).toBe(true);
  });
});

describe('areMonthsKnown', () => {
  const months = (given: typeof view, first: number) => areMonthsKnown(given, given.accounts, first, 2026 * 12 + 4);

  it('needs no single movements, as far back as sums are kept', () => {
    const cut = buildView({ today: '2026-06-15', accounts, movements, cut: ['current|shop|out'] });
    expect(months(cut, 2026 * 12 + 1)).toBe(true);
    // The first movement is of February.
    expect(months(cut, 2026 * 12)).toBe(false);
    const sums = { earnedMinor: 0, spentMinor: 1, returnedMinor: 0, unclearInMinor: 0, unclearOutMinor: 0 };
    const older = { connectionId: 'c1', accountId: 'current', currency: 'EUR', month: 2025 * 12 + 9, ...sums };
    const longer = { ...cut, droppedMonths: [older] };
    expect(months(longer, 2025 * 12 + 11)).toBe(true);
    expect(months(longer, 2025 * 12 + 10)).toBe(true);
    // The newest movement is of June: seven months before it is November.
    expect(months(longer, 2025 * 12 + 9)).toBe(false);
  });
});

describe('a ledger without movements', () => {
  const [ledger] = view.ledgers;
  if (ledger === undefined) throw new RangeError('no ledger');
  const empty = { ...ledger, movements: [] };

  it('says nothing of when it began', () => {
    expect(firstDays({ ...view, ledgers: [empty] }).size).toBe(0);
    expect(isWholeFrom(empty, 0)).toBe(true);
    expect(isWholeFrom({ ...empty, isCut: true, cutDay: 5 }, 5)).toBe(false);
    expect(isWholeFrom({ ...empty, isCut: true, cutDay: 5 }, 6)).toBe(true);
  });
});

describe('knownUntil', () => {
  it('is the day of the sync that is longest ago, and never after today', () => {
    const late = buildView({ today: '2026-06-15', accounts, connections: { c2: { syncedDay: day('2026-06-10') } } });
    expect(knownUntil(late, late.accounts)).toBe(day('2026-06-10'));
    const ahead = buildView({ today: '2026-06-15', connections: { c1: { syncedDay: day('2026-06-20') } } });
    expect(knownUntil(ahead, ahead.accounts)).toBe(day('2026-06-15'));
  });
});
