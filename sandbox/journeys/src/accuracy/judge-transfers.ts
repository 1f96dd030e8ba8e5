/**
 * Judges what is taken for money between own accounts, on some days of the history, over the 120 days before each. Rules:
 * - found: both records of a transfer left spending and income, or were of no side that counts (category `transfer`).
 * - wrong: a record that is none left them: a wage, a bill, a friend's money.
 * Records that cannot be told apart (account, day, amount) count once, as the true one.
 */
import { type CounterpartyLedger, type OwnTransfers, ownTransfers, type View } from '@quartersec/insights';
import type { HouseholdTransaction } from '@quartersec/sandbox-providers';
import { dateText } from './day-text.ts';
import type { Tellings } from './telling.ts';
import { daysOf, type Truth } from './truth.ts';
import type { Wrong } from './verdict.ts';

export interface TransferVerdict {
  planted: number;
  paired: number;
  /** Not paired, and a side of it counts as spending or income. */
  counted: number;
  persons: number;
  swallowed: number;
  /** Records that left, and those of them that are none of one's own transfers. */
  leaving: number;
  wrong: number;
  readonly examples: Wrong[];
}

export const noTransfers = (): TransferVerdict => ({
  planted: 0,
  paired: 0,
  counted: 0,
  persons: 0,
  swallowed: 0,
  leaving: 0,
  wrong: 0,
  examples: [],
});

const lookBackDays = 120;

export function judgeTransfers(truth: Truth, view: View, tellings: Tellings, verdict: TransferVerdict): void {
  const own: OwnTransfers = ownTransfers(view);
  const left = new Set<string>();
  const unclear = new Set<string>();
  const since = view.today - lookBackDays;
  const recordsAt = (ledger: CounterpartyLedger, index: number): readonly HouseholdTransaction[] => {
    const movement = ledger.movements[index];
    if (movement === undefined || movement.day < since) return [];
    return tellings.recordsOf({ accountId: ledger.accountId, date: dateText(movement.day), minor: movement.minor });
  };
  const ownIds = new Set(truth.labels('own-transfer').flatMap(({ ids }) => ids));
  for (const ledger of view.ledgers) {
    for (const [index, { category }] of ledger.movements.entries()) {
      const records = recordsAt(ledger, index);
      const isLeaving = own.leaving.get(ledger)?.has(index) === true;
      for (const { id } of records) (isLeaving ? left : category === 'transfer' ? unclear : new Set()).add(id);
      if (!isLeaving || records.length === 0) continue;
      verdict.leaving += 1;
      if (records.some(({ id }) => ownIds.has(id))) continue;
      verdict.wrong += 1;
      const [record] = records;
      verdict.examples.push({
        why: `taken for own: ${record?.purpose}`,
        facts: { statement: record?.statement, day: record?.day },
      });
    }
  }
  for (const label of truth.labels('own-transfer')) {
    const { from, until } = daysOf(label);
    if (from < since || until > view.today - 3) continue;
    verdict.planted += 1;
    if (label.ids.every((id) => left.has(id))) verdict.paired += 1;
    else if (!label.ids.every((id) => left.has(id) || unclear.has(id))) {
      verdict.counted += 1;
      verdict.examples.push({ why: `counted: ${label.of}${label.hasHint ? '' : ', no hint'}`, label });
    }
  }
  for (const label of truth.labels('person')) {
    const { from } = daysOf(label);
    if (from < since || from > view.today - 3) continue;
    verdict.persons += 1;
    const isOwnToo = label.ids.every((id) => ambiguous(truth, id, ownIds));
    if (label.ids.some((id) => left.has(id)) && !isOwnToo) {
      verdict.swallowed += 1;
      verdict.examples.push({ why: `swallowed: ${label.of}`, label });
    }
  }
}

/** Another record of the same account, day and amount is an own transfer. */
function ambiguous(truth: Truth, id: string, ownIds: ReadonlySet<string>): boolean {
  const record = truth.byId.get(id);
  return truth.household.transactions.some(
    (each) =>
      each.account === record?.account &&
      each.day === record.day &&
      each.outMinor === record.outMinor &&
      ownIds.has(each.id),
  );
}
