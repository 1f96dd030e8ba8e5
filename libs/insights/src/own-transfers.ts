/**
 * Money moved between the user's own accounts, also across banks: pairs of an outgoing and an incoming movement. An equal amount alone is
 * a coincidence sooner or later, so a pair needs a hint on at least one side and nothing that speaks against it on either. What stays
 * unpaired stays as it was: a friend who pays back what was paid for them is no transfer of one's own.
 */
import { at } from './at.ts';
import { isSamePerson, mayBePerson, namesAccount, namesInstitution, namesPaymentApp, personIn } from './names.ts';
import { remembered, rememberedBeside } from './remembered.ts';
import { roughEuros } from './rough-rates.ts';
import type { AccountView, Category, CounterpartyLedger, Day, Movement, View } from './view.ts';

export interface TransferLeg {
  readonly ledger: CounterpartyLedger;
  /** Into `ledger.movements`. */
  readonly index: number;
}

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

/** Money is on its way for so long at most; a weekend and a bank holiday included. */
const MOST_DAYS = 5;
/** Cards show a payment before the bank does. */
const MOST_DAYS_BEFORE = 2;
/** For hints on one side only. */
const MOST_DAYS_WEAK = 3;
/** Where a name on one side may be another person's. */
const MOST_DAYS_UNSURE = 1;
/** Rates move, and exchanges cost: what arrives is within this share of the rough rate. */
const RATE_BAND = 0.2;
/** A name whose movements seldom have a counterpart on another account is somebody else's; nearly each time, the user's own. */
const STRANGER_BELOW = 0.5;
const OWN_FROM = 0.75;
/** Seen less often, a name meets equal amounts by coincidence. */
const LEAST_OWN = 3;

/** Of what may be one's own money on its way; all else was bought or earned. */
const MAY_BE_OWN: ReadonlySet<Category> = new Set<Category>(['transfer', 'loan', 'housing', 'other']);

/** What words may take a person's name for: "Robin Costa" is no cafe, where the same name pays and is paid as much. */
const MAY_BE_NAME: ReadonlySet<Category> = new Set<Category>([
  'groceries',
  'dining',
  'shopping',
  'transport',
  'travel',
  'entertainment',
  'health',
  'services',
  'utilities',
]);

interface Leg extends TransferLeg {
  readonly movement: Movement;
  /** Its category says that something was bought: only a sum that is answered time after time says otherwise. */
  readonly isBought: boolean;
  /** Its account's name and bank, as a counterparty's label would say them. */
  readonly place: { readonly name: string; readonly type: AccountView['type']; readonly currency: string };
  readonly isPerson: boolean;
  /** With a mark at its end, so that they are ordered as the texts that they begin. */
  readonly ledgerKey: string;
  readonly accountKey: string;
  /** Currency and amount without its sign. */
  readonly amountKey: string;
}

/** Among all legs, whatever the order of the view: for ties. */
function orderOf({ ledgerKey, movement, index }: Leg): string {
  return `${ledgerKey}${movement.day}|${index}`;
}

/** The same order, of legs of one day. */
function compareOfDay(a: Leg, b: Leg): number {
  if (a.ledgerKey !== b.ledgerKey) return a.ledgerKey < b.ledgerKey ? -1 : 1;
  return String(a.index) < String(b.index) ? -1 : 1;
}

/** Whose name it is, by counterparty key, where the history tells. */
type People = ReadonlyMap<string, 'own' | 'stranger'>;

interface Candidate {
  readonly out: Leg;
  readonly in: Leg;
  /** Hints on both sides, or a name that ties both together. */
  readonly isStrong: boolean;
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
  const people = peopleOf(legs, byAmount, spans, mirrors);
  const used = new Set<Leg>();
  const pairs: OwnTransfer[] = [];
  const take = (candidates: readonly Candidate[]) => {
    for (const { out, in: into } of candidates) {
      if (used.has(out) || used.has(into)) continue;
      used.add(out).add(into);
      pairs.push({ kind: kindOf(into.place), out: legOnly(out), in: legOnly(into) });
    }
  };
  take(sameCurrency(legs, byAmount, people, mirrors).sort(bestFirst));
  take(otherCurrency(legs, people, mirrors, used));
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

function legsOf(view: View): Leg[] {
  const accounts = new Map(view.accounts.map((account) => [accountKey(account), account]));
  const banks = new Map(view.connections.map(({ connectionId, institutionId }) => [connectionId, institutionId]));
  const boughtFrom = new Set<string>();
  for (const ledger of view.ledgers) {
    if (ledger.direction === 'out' && accounts.get(accountKey(ledger))?.type === 'CARD')
      boughtFrom.add(ledgerKey(ledger));
  }
  const isAnswered = answeredIn(view);
  return view.ledgers.flatMap((ledger) => {
    const account = accounts.get(accountKey(ledger));
    if (account === undefined) return [];
    const { type, currency, name, connectionId } = account;
    const legs = legsIn(ledger, type, currency, `${name ?? ''} ${banks.get(connectionId) ?? ''}`, isAnswered(ledger));
    // What comes back to a card from where it was used is a refund.
    const isRefund = ledger.direction === 'in' && boughtFrom.has(ledgerKey(ledger));
    return isRefund ? legs.filter(({ movement }) => movement.isTransferLike) : legs;
  });
}

const personOf = remembered(({ label }: CounterpartyLedger) => personIn(label));

/** Whether one person's name pays on one account and is paid on another. */
function answeredIn(view: View): (ledger: CounterpartyLedger) => boolean {
  const sides = new Map<string, { readonly in: Set<string>; readonly out: Set<string> }>();
  for (const ledger of view.ledgers) {
    const name = personOf(ledger);
    if (name === undefined) continue;
    const known = sides.get(name) ?? { in: new Set(), out: new Set() };
    sides.set(name, known);
    known[ledger.direction].add(accountKey(ledger));
  }
  return (ledger) => {
    const known = sides.get(personOf(ledger) ?? '');
    if (known === undefined) return false;
    const others = known[ledger.direction === 'in' ? 'out' : 'in'];
    return others.size > 1 || (others.size === 1 && !others.has(accountKey(ledger)));
  };
}

const legsIn = rememberedBeside(
  (
    ledger: CounterpartyLedger,
    type: AccountView['type'],
    currency: string,
    name: string,
    isAnswered: boolean,
  ): readonly Leg[] => {
    const ofLedger = {
      ledger,
      place: { type, currency, name },
      isPerson: mayBePerson(ledger.label),
      ledgerKey: ledgerKey(ledger),
      accountKey: accountKey(ledger),
    };
    return ledger.movements.flatMap((movement, index) => {
      const isBought = !MAY_BE_OWN.has(movement.category);
      if (movement.minor === 0 || (isBought && !(isAnswered && MAY_BE_NAME.has(movement.category)))) return [];
      return [{ ...ofLedger, index, movement, isBought, amountKey: `${currency}|${Math.abs(movement.minor)}` }];
    });
  },
);

function accountKey({
  connectionId,
  accountId,
}: {
  readonly connectionId: string;
  readonly accountId: string;
}): string {
  return `${connectionId}|${accountId}`;
}

function ledgerKey(ledger: CounterpartyLedger): string {
  return `${accountKey(ledger)}|${ledger.key}|`;
}

function isDebt({ type }: Pick<AccountView, 'type'>): boolean {
  return type === 'CARD' || type === 'LOAN' || type === 'MORT';
}

function sameCurrency(legs: readonly Leg[], { incoming }: ByAmount, people: People, mirrors: Mirrors): Candidate[] {
  return legs.flatMap((out) => {
    if (out.movement.minor > 0) return [];
    return (incoming.get(out.amountKey) ?? []).flatMap((into) => candidate(out, into, people, mirrors) ?? []);
  });
}

/** By currency and amount, oldest first. */
interface ByAmount {
  readonly incoming: ReadonlyMap<string, readonly Leg[]>;
  readonly outgoing: ReadonlyMap<string, readonly Leg[]>;
}

function byAmountOf(ordered: readonly Leg[]): ByAmount {
  const [incoming, outgoing] = [new Map<string, Leg[]>(), new Map<string, Leg[]>()];
  for (const leg of ordered) {
    const groups = leg.movement.minor > 0 ? incoming : outgoing;
    const known = groups.get(leg.amountKey);
    if (known === undefined) groups.set(leg.amountKey, [leg]);
    else known.push(leg);
  }
  return { incoming, outgoing };
}

function candidate(out: Leg, into: Leg, people: People, mirrors: Mirrors): Candidate | undefined {
  if (out.accountKey === into.accountKey) return undefined;
  const days = into.movement.day - out.movement.day;
  if (days > MOST_DAYS || days < -MOST_DAYS_BEFORE) return undefined;
  if (!isAllowed(out, into)) return undefined;
  const isMirror = mirrors.has(mirrorKey(out, into));
  const [outHint, inHint] = [hintOf(out, into), hintOf(into, out)].map((hint) => (isMirror ? Math.max(1, hint) : hint));
  if (outHint === undefined || inHint === undefined || outHint + inHint === 0) return undefined;
  const isNamed = isOneName(out, into);
  // Of what words take for a purchase: the same name on both sides, at once.
  const isNear = isNamed && Math.abs(days) <= MOST_DAYS_UNSURE;
  if (!isMirror && !isNear && (out.isBought || into.isBought)) return undefined;
  const isByApp = namesPaymentApp(out.ledger.label) || namesPaymentApp(into.ledger.label);
  // From a friend to the app, and from the app to a friend: only who says so moves own money through it.
  if (isByApp && !isNamed && !out.movement.isTransferLike && !into.movement.isTransferLike) return undefined;
  const isTied = isNamed || out.ledger.key === into.ledger.key;
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
  return { out, in: into, isStrong, days: Math.abs(days), hints };
}

/** Pairs of ledgers whose amounts answer each other time after time. */
type Mirrors = ReadonlySet<string>;

function mirrorKey(out: Leg, into: Leg): string {
  return `${out.ledgerKey}>${into.ledgerKey}`;
}

/**
 * What leaves one account and comes to another within days, the same sum several times, is one's own money whatever the banks say of it.
 * A sum that is always the same may be a coincidence (a tenant pays what the landlord gets), so it needs a name or a hint beside it; and
 * people who pay each other by an app are none.
 */
function mirrorsOf(ordered: readonly Leg[], { incoming }: ByAmount, spans: Spans): Mirrors {
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
    return all.filter(
      ({ movement: { day } }) => span !== undefined && day >= span.first - MOST_DAYS && day <= span.last,
    ).length;
  }
}

/** A person on one side alone is somebody else until it is known better. */
function mayMirror(out: Leg, into: Leg): boolean {
  if (namesPaymentApp(out.ledger.label) || namesPaymentApp(into.ledger.label)) return false;
  return isOneName(out, into) || (!out.isPerson && !into.isPerson);
}

/** Money from a debt's account, a loan's instalment paid into savings and rent are none; a mortgage may go by the name of housing. */
function isAllowed(out: Leg, into: Leg): boolean {
  if (out.place.type === 'LOAN' || out.place.type === 'MORT') return false;
  const isToLoan = into.place.type === 'LOAN' || into.place.type === 'MORT';
  if (out.movement.category === 'housing' || into.movement.category === 'housing') return isToLoan;
  return out.movement.category !== 'loan' || isDebt(into.place);
}

/** 0: none; 1: a word, a type or a category; 2: it also says which account. */
function hintOf({ movement, ledger, place }: Leg, other: Leg): number {
  const isBill = movement.category === 'loan' || movement.category === 'housing';
  const isLoanPayment = isBill && (isDebt(place) || isDebt(other.place));
  const says = movement.isTransferLike || movement.category === 'transfer' || isLoanPayment;
  const names = namesAccount(ledger.label, other.place);
  return says ? (names ? 2 : 1) : names || namesInstitution(ledger.label) ? 1 : 0;
}

/** Who stands on this side: nobody that is named, a person who may be the user, one who is not, or somebody else. */
function sideOf(leg: Leg, other: Leg, isTied: boolean, people: People): 'nobody' | 'person' | 'stranger' | 'somebody' {
  const { label, key } = leg.ledger;
  // First of all: what a friend was paid and pays back bears the same name on both sides too.
  if (leg.isPerson && people.has(key)) return people.get(key) === 'own' ? 'nobody' : 'stranger';
  if (isTied || label === null) return 'nobody';
  if (namesAccount(label, other.place) || namesInstitution(label)) return 'nobody';
  // Who pays into a card is its holder.
  if (isDebt(leg.place) && leg.movement.minor > 0) return 'nobody';
  return leg.isPerson && leg.movement.isTransferLike ? 'person' : 'somebody';
}

function isOneName(a: Leg, b: Leg): boolean {
  const [first, second] = [a.ledger.label, b.ledger.label];
  return a.isPerson && b.isPerson && first !== null && second !== null && isSamePerson(first, second);
}

/**
 * Whose movements seldom meet an equal amount on another account are others: friends, landlords, relatives. One's own name meets one
 * nearly each time. Seen once, a name tells nothing.
 */
function peopleOf(legs: readonly Leg[], byAmount: ByAmount, spans: Spans, mirrors: Mirrors): People {
  const { incoming, outgoing } = byAmount;
  const begins = [...spans].map(([account, { first }]) => ({ account, first }));
  const people = new Map<string, 'own' | 'stranger'>();
  const named = legs.filter(({ isPerson }) => isPerson);
  for (const [key, own] of Map.groupBy(named, ({ ledger }) => ledger.key)) {
    const judged = own.filter(({ accountKey: here, movement }) =>
      begins.some(({ account, first }) => account !== here && first <= movement.day + MOST_DAYS),
    );
    const met = judged.filter((leg) => {
      const opposite = (leg.movement.minor < 0 ? incoming : outgoing).get(leg.amountKey) ?? [];
      return opposite.some(
        (other) =>
          other.accountKey !== leg.accountKey &&
          Math.abs(other.movement.day - leg.movement.day) <= MOST_DAYS &&
          (hintOf(other, leg) > 0 ||
            mirrors.has(leg.movement.minor < 0 ? mirrorKey(leg, other) : mirrorKey(other, leg))),
      );
    });
    if (judged.length < 2) continue;
    if (met.length < judged.length * STRANGER_BELOW) people.set(key, 'stranger');
    if (judged.length >= LEAST_OWN && met.length >= judged.length * OWN_FROM) people.set(key, 'own');
  }
  return withOthers(people, named);
}

/** Once it is known whose the accounts are, every other person is somebody else, however seldom seen. */
function withOthers(people: ReadonlyMap<string, 'own' | 'stranger'>, named: readonly Leg[]): People {
  const labels = new Map(named.map(({ ledger }) => [ledger.key, ledger.label ?? '']));
  const own = [...labels].flatMap(([key, label]) => (people.get(key) === 'own' ? [label] : []));
  if (own.length === 0) return people;
  const isOwn = (label: string) => own.some((one) => isSamePerson(one, label));
  return new Map(
    [...labels].map(([key, label]) => [key, people.get(key) === 'own' || isOwn(label) ? 'own' : 'stranger']),
  );
}

type Spans = ReadonlyMap<string, { readonly first: Day; readonly last: Day }>;

/** The first and the last movement of each account, by account. */
function spansOf(view: View): Spans {
  const spans = new Map<string, { readonly first: Day; readonly last: Day }>();
  for (const ledger of view.ledgers) {
    const [first, last] = [ledger.movements[0], ledger.movements.at(-1)];
    if (first === undefined || last === undefined) continue;
    const key = accountKey(ledger);
    const known = spans.get(key) ?? { first: first.day, last: last.day };
    spans.set(key, { first: Math.min(known.first, first.day), last: Math.max(known.last, last.day) });
  }
  return spans;
}

/** Both sides must hint, and each must be the other's only choice: the amount proves less here. */
function otherCurrency(legs: readonly Leg[], people: People, mirrors: Mirrors, used: ReadonlySet<Leg>): Candidate[] {
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
      const found = candidate(out, into, people, mirrors);
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

/** Hints on both sides first, then the closest day, then the stronger hints; the rest only makes the choice the same each time. */
function bestFirst(a: Candidate, b: Candidate): number {
  if (a.isStrong !== b.isStrong) return a.isStrong ? -1 : 1;
  if (a.days !== b.days) return a.days - b.days;
  if (a.hints !== b.hints) return b.hints - a.hints;
  const [first, second] = [pairOrder(a), pairOrder(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function pairOrder(pair: Candidate): string {
  return `${orderOf(pair.out)}|${orderOf(pair.in)}`;
}
