/** Which movements of small made-up ledgers are taken for one's own, pair by pair, as somebody approved it: see `approved.test.ts`. */
import { describe, expect, it } from 'vitest';
import { dateOf, dayOf } from './day.ts';
import { ownTransfers } from './own-transfers.ts';
import { accountsOfEachSort as accounts, buildView, type MovementRow } from './testing/build-view.ts';
import { pickWith, randomFrom } from './testing/sample-ledger.ts';
import type { TransferLeg } from './transfer-legs.ts';

const names = [
  null,
  'Maria Garcia',
  'GARCIA LOPEZ MARIA',
  'Betalning Maria Garcia',
  'Anna Muster',
  'Zelle Anna Muster',
  'Revolut',
  'Transfer to savings',
  'Rainy Day',
  'Spar',
] as const;
const categories = ['transfer', 'transfer', 'other', 'other', 'dining', 'loan', 'housing', 'income'] as const;

function ledgerOf(seed: number): readonly MovementRow[] {
  const random = randomFrom(seed);
  const pick = pickWith(random);
  const rows: MovementRow[] = [];
  const add = (days: number, row: Omit<MovementRow, 'on'>) =>
    rows.push({ ...row, on: dateOf((dayOf('2026-03-02') ?? 0) + days) });
  for (let each = 0; each < 9; each++) {
    const minor = pick([50_00, 50_00, 80_00, 123_45]);
    const [from, to] = [pick(accounts).id, pick(accounts).id];
    const [paid, got] = [
      { who: pick(names), category: pick(categories) },
      { who: pick(names), category: pick(categories) },
    ];
    const times = pick([1, 1, 1, 3, 4]);
    const changes = random() < 0.4;
    for (let time = 0; time < times; time++) {
      const sum = changes ? minor + 1_00 * time : minor;
      const day = 28 * time + pick([0, 0, 1, 2]);
      const came = to === 'dollars' && from !== to ? Math.round(sum * pick([1.1, 1.15, 1.5])) : sum;
      add(day, { account: from, minor: -sum, ...paid, transferLike: paid.category === 'transfer' && random() < 0.8 });
      if (random() < 0.9)
        add(day + pick([-3, -2, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7]), {
          account: to,
          minor: came,
          ...got,
          transferLike: got.category === 'transfer' && random() < 0.8,
        });
    }
  }
  return rows;
}

function pairsOf(seed: number): readonly string[] {
  const { pairs, leaving } = ownTransfers(buildView({ today: '2026-06-30', accounts, movements: ledgerOf(seed) }));
  const leg = ({ ledger, index }: TransferLeg) => {
    const { day, minor, category, isTransferLike } = ledger.movements[index] ?? { day: 0, minor: 0 };
    return `${ledger.accountId} ${dateOf(day)} ${minor} ${ledger.label} ${category}${isTransferLike ? '*' : ''}`;
  };
  const left = [...leaving.values()].reduce((sum, indexes) => sum + indexes.size, 0);
  return [...pairs.map((pair) => `${pair.kind}: ${leg(pair.out)} -> ${leg(pair.in)}`).sort(), `left: ${left}`];
}

describe('what is taken for one’s own', () => {
  it('of 100 ledgers', async () => {
    const lines = Array.from({ length: 100 }, (_, seed) => [`# ${seed}`, ...pairsOf(seed)]).flat();
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('./approved/own-transfers.txt');
  });
});
