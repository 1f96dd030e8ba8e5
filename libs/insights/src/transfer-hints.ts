/** What speaks for two movements being one transfer of one's own, and what against it. */
import { isSamePerson, namesAccount, namesInstitution, namesPaymentApp } from './names.ts';
import { isChosenEachTime } from './series-habit.ts';
import { type ByAmount, isDebt, type Leg, personOf, type Spans } from './transfer-legs.ts';
import type { CounterpartyLedger, Day } from './view.ts';

/** Money is on its way for so long at most: three working days, with a weekend and a bank holiday between. */
export const MOST_DAYS = 6;
/** Cards show a payment before the bank does. */
export const MOST_DAYS_BEFORE = 2;
/** A name whose movements seldom have a counterpart on another account is somebody else's; nearly each time, the user's own. */
const STRANGER_BELOW = 0.5;
const OWN_FROM = 0.75;
/** Seen less often, a name meets equal amounts by coincidence. */
const LEAST_OWN = 3;

/** Whose name it is, by counterparty key, where the history tells. */
export type People = ReadonlyMap<string, 'own' | 'stranger'>;

/** Money from a debt's account, a loan's instalment paid into savings and rent are none; a mortgage may go by the name of housing. */
export function isAllowed(out: Leg, into: Leg): boolean {
  if (out.place.type === 'LOAN' || out.place.type === 'MORT') return false;
  const isToLoan = into.place.type === 'LOAN' || into.place.type === 'MORT';
  if (out.movement.category === 'housing' || into.movement.category === 'housing') return isToLoan;
  return out.movement.category !== 'loan' || isDebt(into.place);
}

/** 0: none; 1: a word, a type or a category; 2: it also says which account. */
export function hintOf({ movement, ledger, place }: Leg, other: Leg): number {
  const isBill = movement.category === 'loan' || movement.category === 'housing';
  const isLoanPayment = isBill && (isDebt(place) || isDebt(other.place));
  const says = movement.isTransferLike || movement.category === 'transfer' || isLoanPayment;
  const names = namesAccount(ledger.label, other.place);
  return says ? (names ? 2 : 1) : names || namesInstitution(ledger.label) ? 1 : 0;
}

/** Who stands on this side: nobody that is named, a person who may be the user, one who is not, or somebody else. */
export function sideOf(
  leg: Leg,
  other: Leg,
  isTied: boolean,
  people: People,
): 'nobody' | 'person' | 'stranger' | 'somebody' {
  const { label, key } = leg.ledger;
  // First of all: what a friend was paid and pays back bears the same name on both sides too.
  if (leg.isPerson && people.has(key)) return people.get(key) === 'own' ? 'nobody' : 'stranger';
  if (isTied || label === null) return 'nobody';
  if (namesAccount(label, other.place) || namesInstitution(label)) return 'nobody';
  // Who pays into a card is its holder.
  if (isDebt(leg.place) && leg.movement.minor > 0) return 'nobody';
  return leg.isPerson && leg.movement.isTransferLike ? 'person' : 'somebody';
}

export function isOneName(a: Leg, b: Leg): boolean {
  const [first, second] = [a.ledger.label, b.ledger.label];
  return a.isPerson && b.isPerson && first !== null && second !== null && isSamePerson(first, second);
}

/** Pairs of ledgers whose amounts answer each other time after time. */
export type Mirrors = ReadonlySet<string>;

export function mirrorKey(out: Leg, into: Leg): string {
  return `${out.ledgerKey}>${into.ledgerKey}`;
}

/**
 * What leaves one account and comes to another within days, the same sum several times, is one's own money whatever the banks say of it.
 * A sum that is always the same may be a coincidence (a tenant pays what the landlord gets), so it needs a name or a hint beside it; and
 * people who pay each other by an app are none.
 */
export function mirrorsOf(ordered: readonly Leg[], { incoming }: ByAmount, spans: Spans): Mirrors {
  const met = new Map<string, { readonly outs: Set<Leg>; readonly ins: Set<Leg> }>();
  for (const out of ordered) {
    if (out.movement.minor > 0) continue;
    for (const into of incoming.get(out.amountKey) ?? []) {
      const days = into.movement.day - out.movement.day;
      if (out.accountKey === into.accountKey || days > MOST_DAYS || days < -MOST_DAYS_BEFORE) continue;
      if (!isAllowed(out, into) || !mayMirror(out, into)) continue;
      const key = mirrorKey(out, into);
      const found = met.get(key) ?? { outs: new Set(), ins: new Set() };
      met.set(key, found);
      if (found.outs.has(out) || found.ins.has(into)) continue;
      found.outs.add(out);
      found.ins.add(into);
    }
  }
  const ofLedger = Map.groupBy(ordered, ({ ledger }) => ledger);
  const mirrors = new Set<string>();
  for (const [key, { outs, ins }] of met) {
    const [out] = outs;
    const [into] = ins;
    if (out === undefined || into === undefined || outs.size < LEAST_OWN) continue;
    const shares = [sharedBy(out, into), sharedBy(into, out)].map((all) => outs.size / Math.max(1, all));
    if (Math.min(...shares) < STRANGER_BELOW || Math.max(...shares) < OWN_FROM) continue;
    const amounts = new Set([...outs].map(({ movement }) => movement.minor));
    const name = personOf(out.ledger);
    const isSaid =
      isOneName(out, into) ||
      (name !== undefined && name === personOf(into.ledger)) ||
      out.ledger.key === into.ledger.key ||
      hintOf(out, into) + hintOf(into, out) > 0;
    if (amounts.size > 1 || isSaid) mirrors.add(key);
  }
  return mirrors;

  /** How many of one side's movements could have been answered on the other account. */
  function sharedBy(side: Leg, other: Leg): number {
    const span = spans.get(other.accountKey);
    const all = ofLedger.get(side.ledger) ?? [];
    const since = keptSince(other.ledger);
    return all.filter(
      ({ movement: { day } }) =>
        span !== undefined && day >= Math.max(span.first - MOST_DAYS, since) && day <= span.last,
    ).length;
  }
}

/** A person on one side alone is somebody else until it is known better. */
function mayMirror(out: Leg, into: Leg): boolean {
  if (namesPaymentApp(out.ledger.label) || namesPaymentApp(into.ledger.label)) return false;
  return isOneName(out, into) || (!out.isPerson && !into.isPerson);
}

/**
 * Whose movements seldom meet an equal amount on another account are others: friends, landlords, relatives. One's own name meets one
 * nearly each time. Seen once, a name tells nothing.
 */
export function peopleOf(legs: readonly Leg[], byAmount: ByAmount, spans: Spans, mirrors: Mirrors): People {
  const begins = beginsOf(spans);
  const people = new Map<string, 'own' | 'stranger'>();
  const named = legs.filter(({ isPerson }) => isPerson);
  const answersOf = (leg: Leg) =>
    answersTo(leg, byAmount).filter(
      (other) =>
        hintOf(other, leg) > 0 ||
        isOneName(leg, other) ||
        mirrors.has(leg.movement.minor < 0 ? mirrorKey(leg, other) : mirrorKey(other, leg)),
    );
  for (const [key, own] of Map.groupBy(named, ({ ledger }) => ledger.key)) {
    const { judged, met } = answeredOf(own, answersOf, begins);
    if (judged < 2) continue;
    if (met < judged * STRANGER_BELOW) people.set(key, 'stranger');
    if (isOwn({ judged, met })) people.set(key, 'own');
  }
  return withOthers(people, named);
}

interface Answered {
  /** Of those that could have been answered. */
  readonly judged: number;
  readonly met: number;
}

/**
 * How many of a name's movements another account answers. A ledger keeps its newest alone: what is older than those that answered may
 * have been answered, too.
 * @param answersOf its answers on other accounts
 */
function answeredOf(legs: readonly Leg[], answersOf: (leg: Leg) => readonly Leg[], begins: Begins): Answered {
  const answers = legs.map((leg) => ({ leg, found: answersOf(leg) }));
  const ledgers = new Set(answers.flatMap(({ found }) => found.map(({ ledger }) => ledger)));
  const since = Math.max(...[...ledgers].map(keptSince));
  const judged = answers.filter(
    ({ leg: { accountKey: here, movement } }) =>
      movement.day >= since &&
      begins.some(({ account, first }) => account !== here && first <= movement.day + MOST_DAYS),
  );
  return { judged: judged.length, met: judged.filter(({ found }) => found.length > 0).length };
}

function isOwn({ judged, met }: Answered): boolean {
  return judged >= LEAST_OWN && met >= judged * OWN_FROM;
}

/** Of what words take for a shop nothing is kept from before a longer silence, and that is no cut. */
function keptSince({ isCut, movements }: CounterpartyLedger): Day {
  const [first] = movements;
  const isForgotten = isCut || (first !== undefined && isChosenEachTime(first.category));
  return isForgotten ? (first?.day ?? Number.NEGATIVE_INFINITY) : Number.NEGATIVE_INFINITY;
}

type Begins = readonly { readonly account: string; readonly first: Day }[];

function beginsOf(spans: Spans): Begins {
  return [...spans].map(([account, { first }]) => ({ account, first }));
}

/** The same sum on another account, within days. */
function answersTo(leg: Leg, { incoming, outgoing }: ByAmount): readonly Leg[] {
  const opposite = leg.movement.minor < 0 ? incoming : outgoing;
  return (opposite.get(leg.amountKey) ?? []).filter(
    (other) => other.accountKey !== leg.accountKey && Math.abs(other.movement.day - leg.movement.day) <= MOST_DAYS,
  );
}

/**
 * Names, as `personIn` reads them, that nearly each time stand on both sides of one sum: the user's own, whatever the bank prints around
 * them. A friend who pays back what was lent does so now and then.
 */
export function ownNamesOf(legs: readonly Leg[], byAmount: ByAmount, spans: Spans): ReadonlySet<string> {
  const begins = beginsOf(spans);
  const own = new Set<string>();
  for (const [name, said] of Map.groupBy(legs, ({ ledger }) => personOf(ledger))) {
    if (name === undefined) continue;
    const answersOf = (leg: Leg) => answersTo(leg, byAmount).filter(({ ledger }) => personOf(ledger) === name);
    const sides = Object.values(Object.groupBy(said, ({ ledger }) => ledger.direction));
    const isAnswered = sides.every((side) => isOwn(answeredOf(side, answersOf, begins)));
    if (sides.length === 2 && isAnswered) own.add(name);
  }
  return own;
}

/** Once it is known whose the accounts are, every other person is somebody else, however seldom seen. */
function withOthers(people: ReadonlyMap<string, 'own' | 'stranger'>, named: readonly Leg[]): People {
  const labels = new Map(named.map(({ ledger }) => [ledger.key, ledger.label ?? '']));
  const own = [...labels].flatMap(([key, label]) => (people.get(key) === 'own' ? [label] : []));
  if (own.length === 0) return people;
  const isSame = (label: string) => own.some((one) => isSamePerson(one, label));
  return new Map(
    [...labels].map(([key, label]) => [key, people.get(key) === 'own' || isSame(label) ? 'own' : 'stranger']),
  );
}
