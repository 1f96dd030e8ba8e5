/** Every change that a script can make to a bank, and how one is read. The README's table is held equal to this by a test. */
import type { AccountType } from './held-account.ts';
import { type Extraction, extractions } from './item-bank.ts';

const closings = ['left-out', 'still-read', 'removed'] as const;
const postings = ['new-id-linked', 'new-id-unlinked', 'same-id'] as const;
const accountTypes = ['depository', 'credit', 'loan', 'investment', 'brokerage', 'other'] as const;

/** What a member may be; a member that may be left out says so. */
interface MemberSpec {
  readonly type: 'text' | 'amount' | 'date' | 'flag' | 'number' | 'members' | readonly string[];
  readonly optional?: true;
  /** Also `null`. */
  readonly nullable?: true;
  readonly from?: number;
  readonly to?: number;
}

const text = { type: 'text' } as const;
const amount = { type: 'amount' } as const;
const date = { type: 'date', optional: true } as const;
const members = { type: 'members', optional: true } as const;
const optionalText = { type: 'text', optional: true } as const;
const nullableText = { type: 'text', optional: true, nullable: true } as const;
const optionalAmount = { type: 'amount', optional: true } as const;
const nullableAmount = { type: 'amount', optional: true, nullable: true } as const;

interface ChangeEntry {
  readonly does: string;
  readonly members: Readonly<Record<string, MemberSpec>>;
}

/** `account` and `id` are Plaid's ids; amounts are decimal texts, positive = money out. */
export const changeCatalogue = {
  add: {
    does: 'a new transaction of an open account, by default the first, today and posted; a `pending_id` links it',
    members: {
      account: optionalText,
      amount,
      date,
      pending: { type: 'flag', optional: true },
      pending_id: nullableText,
      name: optionalText,
      id: optionalText,
      members,
    },
  },
  remove: { does: 'a transaction is removed', members: { id: text } },
  restore: { does: 'a removed one comes back under its id, as it last stood', members: { id: text } },
  modify: {
    does: 'a transaction says something else; `members` sets any other member as it is to be sent',
    members: {
      id: text,
      amount: optionalAmount,
      date,
      pending: { type: 'flag', optional: true },
      name: optionalText,
      members,
    },
  },
  move: { does: 'a transaction goes to another account under its id', members: { id: text, account: text } },
  post: {
    does: 'a pending entry posts, by default under a new id that names the old one; the pending one is removed unless it keeps its id',
    members: { id: text, as: { type: postings, optional: true }, amount: optionalAmount, date, account: optionalText },
  },
  open: {
    does: 'a new account, by default an empty depository one; investment accounts have no transactions unless added',
    members: {
      type: { type: accountTypes, optional: true },
      subtype: optionalText,
      name: optionalText,
      official_name: nullableText,
      mask: nullableText,
      persistent_account_id: nullableText,
      currency: optionalText,
      current: nullableAmount,
      available: nullableAmount,
      limit: nullableAmount,
      count: { type: 'number', optional: true, from: 1, to: 5_000 },
    },
  },
  account: {
    does: 'the account list says something else of an account; balances change without a transaction',
    members: {
      account: text,
      name: optionalText,
      official_name: nullableText,
      mask: nullableText,
      subtype: optionalText,
      persistent_account_id: nullableText,
      current: nullableAmount,
      available: nullableAmount,
      limit: nullableAmount,
    },
  },
  close: {
    does: 'the account leaves the account list; its transactions stay, but a read from the empty cursor leaves them out (`still-read`: has them), or all are `removed`',
    members: { account: text, transactions: { type: closings, optional: true } },
  },
  churn: {
    does: 'the account comes back under a new id: its transactions are removed and added again under new ids (`keep_ids`: moved), the old account leaves the list; a persistent id stays unless `drop_persistent_id`',
    members: {
      account: text,
      keep_ids: { type: 'flag', optional: true },
      drop_persistent_id: { type: 'flag', optional: true },
    },
  },
  extraction: {
    does: 'how much the provider has fetched: nothing, the last 30 days, or all; back to `NOT_READY` is an Item as just linked, whose old cursors are unknown',
    members: { status: { type: extractions } },
  },
} as const satisfies Record<string, ChangeEntry>;

type Catalogue = typeof changeCatalogue;

type MemberValue<Spec> = Spec extends { readonly type: readonly (infer Choice)[] }
  ? Choice
  : Spec extends { readonly type: 'flag' }
    ? boolean
    : Spec extends { readonly type: 'number' }
      ? number
      : Spec extends { readonly type: 'members' }
        ? Readonly<Record<string, unknown>>
        : string;

type Nullable<Spec> = Spec extends { readonly nullable: true } ? MemberValue<Spec> | null : MemberValue<Spec>;

type MembersOf<Specs> = {
  readonly [Name in keyof Specs as Specs[Name] extends { readonly optional: true } ? never : Name]: Nullable<
    Specs[Name]
  >;
} & {
  readonly [Name in keyof Specs as Specs[Name] extends { readonly optional: true } ? Name : never]?: Nullable<
    Specs[Name]
  >;
};

export type ChangeKind = keyof Catalogue;
export const changeKinds = Object.keys(changeCatalogue) as readonly ChangeKind[];

export type Change = {
  readonly [Kind in ChangeKind]: { readonly change: Kind } & MembersOf<Catalogue[Kind]['members']>;
}[ChangeKind];

export type ChangeOf<Kind extends ChangeKind> = Extract<Change, { readonly change: Kind }>;

export type { AccountType, Extraction };

/** What a change made; ids that it did not touch are absent. */
export interface ChangeResult {
  readonly transaction_ids: readonly string[];
  readonly account_ids: readonly string[];
}

/** A change that the bank as it is cannot make. */
export class ChangeRefused extends Error {
  override readonly name = 'ChangeRefused';
}

function memberFault(
  name: string,
  { type, nullable, from = 0, to = Number.MAX_SAFE_INTEGER }: MemberSpec,
  value: unknown,
): string | undefined {
  if (value === null && nullable === true) return undefined;
  const orNull = nullable === true ? ', or null' : '';
  if (typeof type !== 'string')
    return type.some((choice) => choice === value) ? undefined : `${name} must be one of ${type.join(', ')}${orNull}`;
  switch (type) {
    case 'text':
      return typeof value === 'string' ? undefined : `${name} must be text${orNull}`;
    case 'amount':
      return typeof value === 'string' && /^-?\d{1,15}(\.\d{1,8})?$/.test(value)
        ? undefined
        : `${name} must be a decimal text like "-12.5"${orNull}`;
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)
        ? undefined
        : `${name} must be a date YYYY-MM-DD${orNull}`;
    case 'flag':
      return typeof value === 'boolean' ? undefined : `${name} must be true or false`;
    case 'number':
      return Number.isInteger(value) && Number(value) >= from && Number(value) <= to
        ? undefined
        : `${name} must be a whole number from ${from} to ${to}`;
    case 'members':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? undefined
        : `${name} must be an object`;
  }
}

/** What a kind takes, for the README: `amount`, `pending?`. */
export const memberNames = (kind: ChangeKind): string =>
  Object.entries<MemberSpec>(changeCatalogue[kind].members)
    .map(([name, { type, optional }]) => {
      const choices = typeof type === 'string' ? '' : ` (${type.join(', ')})`;
      return `\`${name}${optional === true ? '?' : ''}\`${choices}`;
    })
    .join(', ');

/** Reads what a caller sent. @returns what to say about the first thing wrong with it, as a text */
export function readChange(given: unknown): Change | string {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return 'a change must be a JSON object';
  const { change, ...rest } = given as Record<string, unknown>;
  const kind = changeKinds.find((name) => name === change);
  if (kind === undefined) return `change must be one of ${changeKinds.join(', ')}`;
  const specs: Readonly<Record<string, MemberSpec>> = changeCatalogue[kind].members;
  const unknown = Object.keys(rest).find((name) => !Object.hasOwn(specs, name));
  if (unknown !== undefined)
    return `unknown member ${JSON.stringify(unknown)}: ${kind} takes ${Object.keys(specs).join(', ')}`;
  for (const [name, spec] of Object.entries(specs)) {
    if (rest[name] === undefined) {
      if (spec.optional !== true) return `${kind} needs ${name}`;
      continue;
    }
    const fault = memberFault(name, spec, rest[name]);
    if (fault !== undefined) return fault;
  }
  return { change: kind, ...rest } as unknown as Change; // every member has just been checked against its spec
}
