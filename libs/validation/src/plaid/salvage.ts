/**
 * What is sound in a record that has not the pinned shape. A defect costs what it touches: a member that no total
 * depends on is left out and named; a defect in an id, an amount, a date of posting, a currency or the pending state
 * costs the record. Only records that `checkTransaction` or `checkAccount` refused come here.
 */
import { type GeneratedError, issueFrom, jsonTypeOf, type ValidationIssue } from '../validation-issue.ts';
import type { Validate } from './check.ts';
import { validateAccount, validateTransaction } from './validators.ts';
import type { PlaidAccount, PlaidTransaction } from './wire-types.ts';

export type Salvage<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** What came and was left out; a required member that did not come at all is not among them. */
      readonly dropped: readonly ValidationIssue[];
      /** Required members that did not come. */
      readonly missing: number;
    }
  | { readonly ok: false; readonly issue: ValidationIssue };

type Json = Readonly<Record<string, unknown>>;

interface Plan {
  /** Wrong, they cost the record. */
  readonly essential: ReadonlySet<string>;
  /** What stands for a required member that did not come, or came and is left out. */
  readonly standIns: Json;
  /** The same for members of members; one that is in neither list may simply be absent. */
  readonly innerStandIns: Readonly<Record<string, Json>>;
  /** Members without which the object that holds them says nothing. */
  readonly innerEssential: Readonly<Record<string, ReadonlySet<string>>>;
}

const transactionPlan: Plan = {
  essential: new Set<keyof PlaidTransaction>([
    'transaction_id',
    'pending_transaction_id',
    'account_id',
    'amount',
    'iso_currency_code',
    'unofficial_currency_code',
    'date',
    'pending',
  ]),
  standIns: {
    pending_transaction_id: null,
    iso_currency_code: null,
    unofficial_currency_code: null,
    datetime: null,
    authorized_date: null,
    authorized_datetime: null,
    name: '',
    payment_channel: '',
    payment_meta: {},
    transaction_code: null,
    location: {},
    account_owner: null,
  } satisfies Partial<PlaidTransaction>,
  innerStandIns: {},
  innerEssential: {
    personal_finance_category: new Set(['primary', 'detailed']),
    counterparties: new Set(['name', 'type']),
  },
};

const noBalances = {
  available: null,
  current: null,
  limit: null,
  iso_currency_code: null,
  unofficial_currency_code: null,
} satisfies PlaidAccount['balances'];

const accountPlan: Plan = {
  essential: new Set<keyof PlaidAccount>(['account_id']),
  standIns: {
    balances: noBalances,
    mask: null,
    name: '',
    official_name: null,
    type: '',
    subtype: null,
  } satisfies Partial<PlaidAccount>,
  innerStandIns: { balances: noBalances },
  innerEssential: {},
};

/** Values from `parseExact`. */
export const salvageTransaction = (record: unknown): Salvage<PlaidTransaction> =>
  salvage(record, validateTransaction, transactionPlan);

/** Values from `parseExact`. */
export const salvageAccount = (record: unknown): Salvage<PlaidAccount> => salvage(record, validateAccount, accountPlan);

/** A member left out may have hidden another fault from the validator, so it is asked again; a third time it has no news. */
const MAX_ROUNDS = 3;

function salvage<T>(record: unknown, validate: Validate<T>, plan: Plan): Salvage<T> {
  const dropped: ValidationIssue[] = [];
  let missing = 0;
  let value = record;
  for (let round = 0; ; round += 1) {
    const result = validate(value);
    if (result.success) return { ok: true, value: result.data, dropped, missing };
    const refusing =
      round === MAX_ROUNDS ? result.errors[0] : result.errors.find((error) => isFatal(error, value, plan));
    if (refusing !== undefined || jsonTypeOf(value) !== 'object') {
      return { ok: false, issue: issueFrom(refusing === undefined ? result.errors : [refusing], value) };
    }
    for (const error of result.errors) {
      const issue = issueFrom([error], value);
      if (issue.received === 'absent' && !isInnerEssential(error.path, plan)) missing += 1;
      else if (!dropped.some(({ path }) => path === issue.path)) dropped.push(issue);
    }
    value = without(value as Json, result.errors, plan);
  }
}

function isFatal(error: GeneratedError, value: unknown, plan: Plan): boolean {
  const [name] = stepsOf(error.path);
  if (name === undefined || jsonTypeOf(value) !== 'object') return true;
  if (!plan.essential.has(name)) return false;
  const members = value as Json;
  if (Object.hasOwn(members, name) || !Object.hasOwn(plan.standIns, name)) return true;
  // It did not come; but where bytes were damaged, one of the unreadable names may have been its own.
  return Object.keys(members).some((own) => !own.isWellFormed());
}

function isInnerEssential(path: string, plan: Plan): boolean {
  const steps = stepsOf(path);
  return plan.innerEssential[steps[0] ?? '']?.has(steps.at(-1) ?? '') === true;
}

/** `$input.counterparties[0].name` to `counterparties`, `0`, `name`: our wire types have no other names. */
function stepsOf(path: string): readonly string[] {
  return path.slice('$input'.length).match(/[^.[\]]+/g) ?? [];
}

function without(value: Json, errors: readonly GeneratedError[], plan: Plan): Json {
  const wrong = new Map<string, string[][]>();
  for (const { path } of errors) {
    const [name = '', ...inner] = stepsOf(path);
    wrong.set(name, [...(wrong.get(name) ?? []), inner]);
  }
  const sound: Record<string, unknown> = { ...value };
  for (const [name, paths] of wrong) {
    const kept = soundPart(name, value[name], paths, plan);
    if (kept !== undefined) sound[name] = kept;
    else if (Object.hasOwn(plan.standIns, name)) sound[name] = plan.standIns[name];
    else delete sound[name];
  }
  return sound;
}

/** What is left of a member of which some inner members are wrong; `undefined` for nothing. */
function soundPart(name: string, member: unknown, paths: readonly string[][], plan: Plan): unknown {
  if (paths.some((inner) => inner[0] === undefined)) return undefined;
  if (Array.isArray(member)) {
    return member.flatMap((element, index) => {
      const own = paths.filter(([at]) => at === String(index)).map(([, ...inner]) => inner);
      const kept = own.length === 0 ? element : soundPart(name, element, own, plan);
      return kept === undefined ? [] : [kept];
    });
  }
  if (jsonTypeOf(member) !== 'object') return undefined;
  const sound: Record<string, unknown> = { ...(member as Json) };
  for (const [inner = ''] of paths) {
    if (plan.innerEssential[name]?.has(inner)) return undefined;
    const standIns = plan.innerStandIns[name] ?? {};
    if (Object.hasOwn(standIns, inner)) sound[inner] = standIns[inner];
    else delete sound[inner];
  }
  return sound;
}
