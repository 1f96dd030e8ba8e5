/** Movements that may be one side of a transfer between the user's own accounts, and what is known of their accounts. */
import { mayBePerson, personIn } from './names.ts';
import { remembered, rememberedBeside } from './remembered.ts';
import type { AccountView, Category, CounterpartyLedger, Day, Movement, View } from './view.ts';

export interface TransferLeg {
  readonly ledger: CounterpartyLedger;
  /** Into `ledger.movements`. */
  readonly index: number;
}

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

export interface Leg extends TransferLeg {
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
export function orderOf({ ledgerKey, movement, index }: Leg): string {
  return `${ledgerKey}${movement.day}|${index}`;
}

/** The same order, of legs of one day. */
export function compareOfDay(a: Leg, b: Leg): number {
  if (a.ledgerKey !== b.ledgerKey) return a.ledgerKey < b.ledgerKey ? -1 : 1;
  return String(a.index) < String(b.index) ? -1 : 1;
}

export function legsOf(view: View): Leg[] {
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

export const personOf = remembered(({ label }: CounterpartyLedger) => personIn(label));

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

export function accountKey({
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

export function isDebt({ type }: Pick<AccountView, 'type'>): boolean {
  return type === 'CARD' || type === 'LOAN' || type === 'MORT';
}

/** By currency and amount, oldest first. */
export interface ByAmount {
  readonly incoming: ReadonlyMap<string, readonly Leg[]>;
  readonly outgoing: ReadonlyMap<string, readonly Leg[]>;
}

export function byAmountOf(ordered: readonly Leg[]): ByAmount {
  const [incoming, outgoing] = [new Map<string, Leg[]>(), new Map<string, Leg[]>()];
  for (const leg of ordered) {
    const groups = leg.movement.minor > 0 ? incoming : outgoing;
    const known = groups.get(leg.amountKey);
    if (known === undefined) groups.set(leg.amountKey, [leg]);
    else known.push(leg);
  }
  return { incoming, outgoing };
}

export type Spans = ReadonlyMap<string, { readonly first: Day; readonly last: Day }>;

/** The first and the last movement of each account, by account. */
export function spansOf(view: View): Spans {
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
