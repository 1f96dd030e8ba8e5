/** What full reads could tell of a bank: the gaps that they leave by design (T3), and nothing else. */
import type { BankHolding } from '@quartersec/sandbox-providers';

/** A read from the empty cursor, as the bank was then. */
export interface FullRead {
  /** Accounts whose records the provider leaves out of it, though the bank holds them. */
  readonly leftOut: ReadonlySet<string>;
  /** By account: the date of its first record. */
  readonly first: ReadonlyMap<string, string>;
  readonly open: ReadonlySet<string>;
  /** By replaced account: the id that it came back under, however many others were between. */
  readonly successors: ReadonlyMap<string, string>;
}

export function fullReadOf({ accounts, transactions }: BankHolding): FullRead {
  const leftOut = new Set(accounts.filter((each) => !each.in_full_reads).map(({ account_id }) => account_id));
  const first = new Map<string, string>();
  for (const { account_id: account, date, pending } of Object.values(transactions)) {
    const known = first.get(account);
    if (!pending && !leftOut.has(account) && (known === undefined || date < known)) first.set(account, date);
  }
  const byId = new Map(accounts.map((account) => [account.account_id, account]));
  const lastOf = (id: string): string => {
    const next = byId.get(id)?.replaced_by ?? null;
    return next === null ? id : lastOf(next);
  };
  const replaced = accounts.filter(({ state }) => state === 'replaced');
  return {
    leftOut,
    first,
    open: new Set(accounts.filter(({ state }) => state === 'open').map(({ account_id }) => account_id)),
    successors: new Map(replaced.map(({ account_id: id }) => [id, lastOf(id)])),
  };
}

/**
 * A read of an Item that a connection was linked to again: the accounts of its earlier Items came back under new ids, but for those that
 * were closed by then.
 * @param earlier what the banks of the earlier Items hold
 */
export function readAfter(read: FullRead, earlier: readonly BankHolding[], { accounts }: BankHolding): FullRead {
  const successors = new Map(read.successors);
  for (const account of earlier.flatMap((holding) => holding.accounts)) {
    const same = accounts.filter((each) => numberOf(each) === numberOf(account)).map(({ account_id }) => account_id);
    const successor = same.find((id) => read.first.has(id)) ?? same.at(-1);
    if (successor !== undefined) successors.set(account.account_id, successor);
  }
  return { ...read, successors };
}

/** No two accounts of a bank have it in common but one and its successor. */
function numberOf({ type, name, mask }: BankHolding['accounts'][number]): string {
  return `${type} ${name} ${mask}`;
}

/**
 * Whether the read says something of a record, be it by lacking it: from the account's first date on; of an open account of which it has
 * nothing, as far back as the account with the shortest history is; of a replaced one, from where its successor begins.
 * @param date `null`: pending, and so recent by nature
 * @param listed accounts that a list has ever had: records of all others are set aside, so that such a read may well be an empty one
 */
export function speaksOf(
  { first, open, successors }: FullRead,
  { account, date }: { readonly account: string; readonly date: string | null },
  listed: ReadonlySet<string>,
): boolean {
  const begins = new Map([...first].filter(([each]) => listed.has(each)));
  const shortest = [...begins.values()].sort().at(-1);
  const since =
    begins.get(account) ?? begins.get(successors.get(account) ?? '') ?? (open.has(account) ? shortest : undefined);
  return since !== undefined && (date === null || date >= since);
}
