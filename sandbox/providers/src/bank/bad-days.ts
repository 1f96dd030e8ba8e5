/** Days on which a bank does everything that banks have been seen to do. Seeded: the same seed, the same days. */
import type { PlaidBank } from '../plaid/plaid-bank.ts';
import { hash32, Random } from '../random.ts';
import { amountText } from '../story/currency.ts';
import { type Change, ChangeRefused } from './change.ts';
import type { HeldTransaction } from './held-transaction.ts';
import type { ItemBank } from './item-bank.ts';

const MOST_CHANGES_A_DAY = 6;

/** How often each kind is drawn, against the sum of all. */
const shares = {
  add: 20,
  modify: 14,
  remove: 14,
  restore: 12,
  post: 14,
  move: 10,
  open: 4,
  account: 5,
  churn: 4,
  close: 3,
} as const;

type Drawn = keyof typeof shares;

const sum = Object.values(shares).reduce((total, share) => total + share, 0);

function drawKind(random: Random): Drawn {
  let roll = random.unit() * sum;
  for (const [kind, share] of Object.entries(shares) as [Drawn, number][]) {
    roll -= share;
    if (roll < 0) return kind;
  }
  return 'add';
}

/** @returns `undefined` when the bank has nothing to do that with */
function drawChange(bank: ItemBank, random: Random): Change | undefined {
  const kind = drawKind(random);
  const open = bank.accounts().filter(({ state }) => state === 'open');
  const openIds = new Set(open.map(({ id }) => id));
  const ofOpen = ({ accountId }: HeldTransaction) => openIds.has(accountId);
  const held = bank.everything().filter(ofOpen);
  const pick = <T>(list: readonly T[]): T | undefined => (list.length === 0 ? undefined : random.pick(list));
  const account = pick(open);
  if (account === undefined) return kind === 'open' ? { change: 'open' } : undefined;
  const amount = () => amountText(random.between(-50_000, 90_000), account.currency.exponent);
  switch (kind) {
    case 'add':
      return {
        change: 'add',
        account: account.id,
        amount: amount(),
        pending: random.unit() < 0.5,
        name: `BAD DAY ${random.between(1, 999)}`,
      };
    case 'modify': {
      const one = pick(held);
      if (one === undefined) return undefined;
      if (random.unit() < 0.5) return { change: 'modify', id: one.id, name: `RENAMED ${random.between(1, 999)}` };
      return {
        change: 'modify',
        id: one.id,
        amount: amountText(one.outMinor + random.between(-900, 900), one.currency.exponent),
      };
    }
    case 'remove': {
      const one = pick(held);
      return one && { change: 'remove', id: one.id };
    }
    case 'restore': {
      const one = pick(bank.ledger.gone().filter(ofOpen));
      return one && { change: 'restore', id: one.id };
    }
    case 'post': {
      const one = pick(held.filter(({ pending }) => pending));
      return one && { change: 'post', id: one.id, as: random.pick(['new-id-linked', 'new-id-unlinked', 'same-id']) };
    }
    case 'move': {
      const one = pick(held.filter(({ currency }) => currency === account.currency));
      return one && { change: 'move', id: one.id, account: account.id };
    }
    case 'open':
      return {
        change: 'open',
        type: random.pick(['depository', 'credit', 'investment']),
        // A number of its own: kind, name and digits are all that tells a new account from one that came back under another id.
        mask: String(9_000 + bank.accounts().length),
        current: amountText(random.between(0, 900_000), account.currency.exponent),
      };
    case 'account':
      return {
        change: 'account',
        account: account.id,
        current: amountText(random.between(0, 900_000), account.currency.exponent),
      };
    case 'churn':
      return { change: 'churn', account: account.id, keep_ids: random.unit() < 0.3 };
    case 'close':
      // One stays, so that the connection goes on.
      return open.length < 2
        ? undefined
        : { change: 'close', account: account.id, transactions: random.pick(['left-out', 'still-read', 'removed']) };
  }
}

/**
 * Tells the story on by so many days, with up to six changes of a bad bank on each.
 * @returns the changes made, in order
 */
export function tellBadDays(
  plaid: PlaidBank,
  index: number,
  { days, seed }: { readonly days: number; readonly seed: number },
): Change[] {
  const made: Change[] = [];
  for (let day = 0; day < days; day += 1) {
    const bank = plaid.tellOn(index);
    const random = new Random(hash32(seed, index, bank.step, 0xbad));
    const changes = random.between(1, MOST_CHANGES_A_DAY);
    for (let i = 0; i < changes; i += 1) {
      const change = drawChange(bank, random);
      if (change === undefined) continue;
      try {
        plaid.change(index, change);
        made.push(change);
      } catch (error) {
        if (!(error instanceof ChangeRefused)) throw error;
      }
    }
  }
  return made;
}
