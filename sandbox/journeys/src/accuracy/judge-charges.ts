/**
 * Judges what is told of single charges. Rules:
 * - duplicate-charge: right when its evidence holds both records of a planted double charge. Equal tickets for two are open: nobody
 *   can tell. Found within 7 days of the second.
 * - unusual-spend: right when the charge was planted, or is above everything paid at the same place in the year before, of which there
 *   were six or more, and 1.5 times above or three times their median. Found within 7 days.
 */
import type { HouseholdTransaction } from '@quartersec/sandbox-providers';
import type { Telling } from './telling.ts';
import type { Truth } from './truth.ts';
import { type Verdict, VerdictBuilder } from './verdict.ts';

export function judgeDuplicates(truth: Truth, tellings: readonly Telling[]): Verdict {
  const verdict = new VerdictBuilder('duplicate-charge');
  const labels = truth.labels('duplicate-charge');
  const found = new Set<unknown>();
  for (const telling of tellings) {
    if (telling.first.kind !== 'duplicate-charge') continue;
    const ids = new Set([...telling.transactions].map(({ id }) => id));
    const match = labels.find((label) => label.ids.every((id) => ids.has(id)));
    if (match !== undefined) {
      verdict.told(telling, null);
      const toldDay = Math.max(...match.ids.map((id) => truth.byId.get(id)?.toldDay ?? 0));
      if (telling.firstDay <= toldDay + 7) found.add(match);
      continue;
    }
    const innocents = truth.innocents(telling.transactions);
    if (innocents.some(({ reason, isDemanded }) => reason === 'equal-tickets' && !isDemanded))
      verdict.told(telling, null);
    else verdict.told(telling, innocents[0]?.reason ?? [...telling.transactions][0]?.purpose ?? 'no record');
  }
  for (const label of labels) {
    const purpose = truth.byId.get(label.ids[0] ?? '')?.purpose;
    if (label.isDemanded) verdict.demanded(label, found.has(label) ? null : `not told in time: ${purpose}`);
  }
  return verdict.done();
}

export function judgeUnusual(truth: Truth, tellings: readonly Telling[]): Verdict {
  const verdict = new VerdictBuilder('unusual-spend');
  const labels = truth.labels('unusual-spend');
  const found = new Set<unknown>();
  for (const telling of tellings) {
    const { first } = telling;
    if (first.kind !== 'unusual-spend') continue;
    const charge = [...telling.transactions].find(({ outMinor }) => outMinor === Math.abs(first.minor));
    const match = labels.find((label) => label.ids.includes(charge?.id ?? ''));
    if (match !== undefined) {
      verdict.told(telling, null);
      if (telling.firstDay <= (charge?.toldDay ?? 0) + 7) found.add(match);
    } else if (charge === undefined) verdict.told(telling, 'no record');
    else
      verdict.told(telling, isUnusual(truth, charge) ? null : `usual: ${charge.purpose}`, { minor: charge.outMinor });
  }
  for (const label of labels) {
    const purpose = truth.byId.get(label.ids[0] ?? '')?.purpose;
    if (label.isDemanded) verdict.demanded(label, found.has(label) ? null : `not told in time: ${purpose}`);
  }
  return verdict.done();
}

function isUnusual(truth: Truth, charge: HouseholdTransaction): boolean {
  const before = truth.household.transactions
    .filter(
      (each) =>
        each.counterparty === charge.counterparty &&
        each.outMinor > 0 &&
        each.day < charge.day &&
        each.day >= charge.day - 365,
    )
    .map(({ outMinor }) => outMinor)
    .sort((one, other) => one - other);
  const most = before.at(-1) ?? 0;
  const median = before[Math.floor(before.length / 2)] ?? 0;
  return (
    before.length >= 6 && (charge.outMinor > 1.5 * most || (charge.outMinor > most && charge.outMinor > 3 * median))
  );
}
