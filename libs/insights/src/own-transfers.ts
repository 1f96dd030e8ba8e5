/**
 * Money moved between the user's own accounts, also across banks: pairs of an outgoing and an incoming movement. An equal amount alone is
 * a coincidence sooner or later, so a pair needs a hint on at least one side and nothing that speaks against it on either. What stays
 * unpaired stays as it was: a friend who pays back what was paid for them is no transfer of one's own.
 */
import { at } from './at.ts';
import { namesPaymentApp } from './names.ts';
import { rememberedBeside } from './remembered.ts';
import { roughEuros } from './rough-rates.ts';
import {
  hintOf,
  isAllowed,
  isOneName,
  type Mirrors,
  MOST_DAYS,
  MOST_DAYS_BEFORE,
  mirrorKey,
  mirrorsOf,
  ownNamesOf,
  type People,
  peopleOf,
  sideOf,
} from './transfer-hints.ts';
import {
  type ByAmount,
  byAmountOf,
  compareOfDay,
  isDebt,
  type Leg,
  legsOf,
  orderOf,
  personOf,
  spansOf,
  type TransferLeg,
} from './transfer-legs.ts';
import type { AccountView, CounterpartyLedger, View } from './view.ts';

export interface OwnTransfer {
  /** `loan-payment`: towards a loan or mortgage; it is a bill all the same, so its outgoing side stays with the spending. */
  readonly kind: 'transfer' | 'card-payment' | 'loan-payment';
  readonly out: TransferLeg;
  readonly in: TransferLeg;
}

export interface OwnTransfers {
  readonly pairs: readonly OwnTransfer[];
  /** Per ledger the indexes of the movements that are neither spending nor income. */
  readonly leaving: ReadonlyMap<CounterpartyLedger, ReadonlySet<number>>;
}

/** For hints on one side only. */
const MOST_DAYS_WEAK = 3;
/** Where a name on one side may be another person's. */
const MOST_DAYS_UNSURE = 1;
/** Where words take the name that both sides have for a shop's. */
const MOST_DAYS_NAMED = 4;
/** Rates move, and exchanges cost: what arrives is within this share of the rough rate. */
const RATE_BAND = 0.2;

/** What the whole history tells. */
interface Known {
  readonly people: People;
  readonly mirrors: Mirrors;
  readonly ownNames: ReadonlySet<string>;
}

interface Candidate {
  readonly out: Leg;
  readonly in: Leg;
  /** Hints on both sides, or a name that ties both together. */
  readonly isStrong: boolean;
  /** It left one account before it came to the other, or on the same day. */
  readonly isInOrder: boolean;
  readonly days: number;
  readonly hints: number;
}

/** @returns each movement in at most one pair; the same pairs whatever the order of accounts and ledgers */
export function ownTransfers(view: View): OwnTransfers {
  const legs = legsOf(view);
  const spans = spansOf(view);
  const ordered = legs.toSorted((a, b) => a.movement.day - b.movement.day || compareOfDay(a, b));
  const byAmount = byAmountOf(ordered);
  const mirrors = mirrorsOf(ordered, byAmount, spans);
  const known: Known = {
    people: peopleOf(legs, byAmount, spans, mirrors),
    mirrors,
    ownNames: ownNamesOf(legs, byAmount, spans),
  };
  const used = new Set<Leg>();
  const pairs: OwnTransfer[] = [];
  const take = (candidates: readonly Candidate[]) => {
    for (const { out, in: into } of candidates) {
      if (used.has(out) || used.has(into)) continue;
      used.add(out).add(into);
      pairs.push({ kind: kindOf(into.place), out: legOnly(out), in: legOnly(into) });
    }
  };
  take(sameCurrency(legs, byAmount, known).sort(bestFirst));
  take(otherCurrency(legs, known, used));
  return { pairs, leaving: leavingOf(pairs) };
}

/** The view that everything else is judged on: own transfers are neither spending nor income. */
export function withoutOwnTransfers(view: View, transfers: OwnTransfers = ownTransfers(view)): View {
  return filtered(view, transfers, false);
}

/** Own transfers alone: a standing order to the savings account is no spending, and yet the current account must hold it. */
export function onlyOwnTransfers(view: View, transfers: OwnTransfers = ownTransfers(view)): View {
  return filtered(view, transfers, true);
}

/** @param isLeaving which of the movements are kept */
function filtered(view: View, { leaving }: OwnTransfers, isLeaving: boolean): View {
  const ledgers = view.ledgers.flatMap((ledger) => {
    const indexes = leaving.get(ledger);
    if (indexes === undefined) return isLeaving ? [] : [ledger];
    return partOf(ledger, isLeaving, ...[...indexes].sort((a, b) => a - b)) ?? [];
  });
  return { ...view, ledgers };
}

const parts = [false, true].map((isLeaving) =>
  rememberedBeside((ledger: CounterpartyLedger, ...leaving: readonly number[]): CounterpartyLedger | undefined => {
    const indexes = new Set(leaving);
    const movements = ledger.movements.filter((_, index) => indexes.has(index) === isLeaving);
    if (movements.length === ledger.movements.length) return ledger;
    return movements.length === 0 ? undefined : { ...ledger, movements };
  }),
);

function partOf(ledger: CounterpartyLedger, isLeaving: boolean, ...indexes: readonly number[]) {
  return at(parts, Number(isLeaving))(ledger, ...indexes);
}

function leavingOf(pairs: readonly OwnTransfer[]): Map<CounterpartyLedger, Set<number>> {
  const leaving = new Map<CounterpartyLedger, Set<number>>();
  const add = ({ ledger, index }: TransferLeg) => {
    const indexes = leaving.get(ledger) ?? new Set();
    leaving.set(ledger, indexes.add(index));
  };
  for (const pair of pairs) {
    if (pair.kind !== 'loan-payment') add(pair.out);
    add(pair.in);
  }
  return leaving;
}

function kindOf({ type }: Pick<AccountView, 'type'>): OwnTransfer['kind'] {
  if (type === 'CARD') return 'card-payment';
  return type === 'LOAN' || type === 'MORT' ? 'loan-payment' : 'transfer';
}

function legOnly({ ledger, index }: Leg): TransferLeg {
  return { ledger, index };
}

function sameCurrency(legs: readonly Leg[], { incoming }: ByAmount, known: Known): Candidate[] {
  return legs.flatMap((out) => {
    if (out.movement.minor > 0) return [];
    return (incoming.get(out.amountKey) ?? []).flatMap((into) => candidate(out, into, known) ?? []);
  });
}

function candidate(out: Leg, into: Leg, { people, mirrors, ownNames }: Known): Candidate | undefined {
  if (out.accountKey === into.accountKey) return undefined;
  const days = into.movement.day - out.movement.day;
  if (days > MOST_DAYS || days < -MOST_DAYS_BEFORE) return undefined;
  if (!isAllowed(out, into)) return undefined;
  const isOwnSaid = isSaidOfOwn(out, into, ownNames);
  const isKnownPair = isOwnSaid || mirrors.has(mirrorKey(out, into));
  const [outHint, inHint] = [hintOf(out, into), hintOf(into, out)].map((hint) =>
    isKnownPair ? Math.max(1, hint) : hint,
  );
  if (outHint === undefined || inHint === undefined || outHint + inHint === 0) return undefined;
  const isNamed = isOneName(out, into);
  const isOwnName = [out, into].every(({ ledger }) => people.get(ledger.key) === 'own');
  // Of what words take for a purchase: the same name on both sides, soon, or one that is known for the user's own.
  const isNear = isNamed && (isOwnName || Math.abs(days) <= MOST_DAYS_NAMED);
  if (!isKnownPair && !isNear && (out.isBought || into.isBought)) return undefined;
  const isByApp = namesPaymentApp(out.ledger.label) || namesPaymentApp(into.ledger.label);
  // From a friend to the app, and from the app to a friend: only who says so moves own money through it.
  const saysOwn = isNamed || isOwnSaid || out.movement.isTransferLike || into.movement.isTransferLike;
  if (isByApp && !saysOwn) return undefined;
  const isTied = isNamed || isKnownPair || isSaidOfBoth(out, into, days) || out.ledger.key === into.ledger.key;
  const [outSide, inSide] = [sideOf(out, into, isTied, people), sideOf(into, out, isTied, people)];
  if (outSide === 'stranger' || inSide === 'stranger') return undefined;
  if ((outHint === 0 && outSide === 'somebody') || (inHint === 0 && inSide === 'somebody')) return undefined;
  const isUnsure = outSide === 'person' || inSide === 'person';
  if (outSide === 'person' && inSide === 'person') return undefined;
  const isStrong = isNamed || (outHint > 0 && inHint > 0);
  if (isUnsure && !isStrong) return undefined;
  const most =
    isUnsure && outHint + inHint < 3 ? MOST_DAYS_UNSURE : isStrong || isDebt(into.place) ? MOST_DAYS : MOST_DAYS_WEAK;
  if (Math.abs(days) > most) return undefined;
  const hints = outHint + inHint + (isTied ? 2 : 0) - (isUnsure ? 1 : 0);
  return { out, in: into, isStrong, isInOrder: days >= 0, days: Math.abs(days), hints };
}

/** "Betalning Noa Linden" and "Insättning Noa Linden", at once: one person, though each has the bank's words around it. */
function isSaidOfBoth(out: Leg, into: Leg, days: number): boolean {
  return isOneSaid(out, into) && Math.abs(days) <= MOST_DAYS_UNSURE;
}

/** The same, of a name that is known for the user's own. */
function isSaidOfOwn(out: Leg, into: Leg, ownNames: ReadonlySet<string>): boolean {
  return isOneSaid(out, into) && ownNames.has(personOf(out.ledger) ?? '');
}

function isOneSaid(out: Leg, into: Leg): boolean {
  const name = personOf(out.ledger);
  return name !== undefined && name === personOf(into.ledger);
}

/** Both sides must hint, and each must be the other's only choice: the amount proves less here. */
function otherCurrency(legs: readonly Leg[], known: Known, used: ReadonlySet<Leg>): Candidate[] {
  if (new Set(legs.map(({ place }) => place.currency)).size < 2) return [];
  const free = legs.filter(
    (leg) => !used.has(leg) && (leg.movement.isTransferLike || leg.movement.category === 'transfer'),
  );
  const [sent, came] = [
    free.filter(({ movement }) => movement.minor < 0),
    free.filter(({ movement }) => movement.minor > 0),
  ];
  const candidates = sent.flatMap((out) =>
    came.flatMap((into) => {
      if (into.place.currency === out.place.currency || !isPlausibleRate(out, into)) return [];
      const found = candidate(out, into, known);
      return found?.isStrong === true ? [found] : [];
    }),
  );
  const outs = Map.groupBy(candidates, ({ out }) => out);
  const ins = Map.groupBy(candidates, (found) => found.in);
  return candidates
    .filter((found) => outs.get(found.out)?.length === 1 && ins.get(found.in)?.length === 1)
    .sort(bestFirst);
}

function isPlausibleRate(out: Leg, into: Leg): boolean {
  const sent = roughEuros(out.place.currency, -out.movement.minor);
  const came = roughEuros(into.place.currency, into.movement.minor);
  return sent !== undefined && came !== undefined && Math.abs(came / sent - 1) <= RATE_BAND;
}

/**
 * Hints on both sides first, then what left before it came, then the closest day, then the stronger hints; the rest only makes the
 * choice the same each time. Of equal sums each week the one booked first on the other side is most often the one before, late.
 */
function bestFirst(a: Candidate, b: Candidate): number {
  if (a.isStrong !== b.isStrong) return a.isStrong ? -1 : 1;
  if (a.isInOrder !== b.isInOrder) return a.isInOrder ? -1 : 1;
  if (a.days !== b.days) return a.days - b.days;
  if (a.hints !== b.hints) return b.hints - a.hints;
  const [first, second] = [pairOrder(a), pairOrder(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function pairOrder(pair: Candidate): string {
  return `${orderOf(pair.out)}|${orderOf(pair.in)}`;
}
