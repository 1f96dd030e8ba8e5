import { describe, expect, it } from 'vitest';
import { ownTransfers } from './own-transfers.ts';
import { buildView, type MovementRow } from './testing/build-view.ts';

function pairsOf(movements: readonly MovementRow[]): string[] {
  const accounts = [{ id: 'current' }, { id: 'second', connection: 'c3' }];
  const { pairs } = ownTransfers(buildView({ today: '2026-06-30', accounts, movements }));
  return pairs
    .map(({ kind, out, in: into }) => {
      const [from, to] = [out.ledger.movements[out.index], into.ledger.movements[into.index]];
      const days = (to?.day ?? 0) - (from?.day ?? 0);
      return `${kind} ${out.ledger.accountId} ${from?.minor} ${into.ledger.accountId} ${to?.minor} +${days}`;
    })
    .sort();
}

describe('a transfer between two banks, each of which names the other', () => {
  it('may be on its way for six days: over Christmas, three working days are', () => {
    const sent: MovementRow = { on: '2025-12-23', minor: -50_00, who: 'Ally Bank P2P', category: 'other' };
    const came: MovementRow = { on: '2025-12-29', minor: 50_00, account: 'second', who: 'Chase', category: 'other' };
    expect(pairsOf([sent, came])).toEqual(['transfer current -5000 second 5000 +6']);
  });

  it('pairs equal sums of each week in the order in which they left, however late one comes', () => {
    const sent = ['2026-04-01', '2026-04-08', '2026-04-15', '2026-04-22'].map(
      (on): MovementRow => ({ on, minor: -30_00, who: 'Wells Fargo P2P' }),
    );
    const came = ['2026-04-06', '2026-04-10', '2026-04-20', '2026-04-23'].map(
      (on): MovementRow => ({ on, minor: 30_00, account: 'second', who: 'Chase' }),
    );
    // Of the fourth two were two days before the next one left: paired with that one, two sums would be left over.
    expect(pairsOf([...sent, ...came])).toEqual(
      [5, 2, 5, 1].map((days) => `transfer current -3000 second 3000 +${days}`).sort(),
    );
  });

  it.each([
    ['ACH TD P2P', 'TD'],
    ['Capital One', 'Navy Federal CU'],
    ['Swedbank AB', 'Handelsbanken'],
    ['Nubank', 'Itau Unibanco'],
    ['HDFC Bank', 'ICICI Bank'],
  ])('knows %s and %s for banks', (from, to) => {
    const sent: MovementRow = { on: '2026-04-01', minor: -610_00, who: from };
    const came: MovementRow = { on: '2026-04-02', minor: 610_00, account: 'second', who: to };
    expect(pairsOf([sent, came])).toHaveLength(1);
    expect(pairsOf([sent, { ...came, account: 'current' }])).toEqual([]);
  });
});
