/** From the bytes of an `/accounts/get` answer to a list of accounts. Pure. */
import {
  type Account,
  type Checked,
  parseDocument,
  ValidationError,
  type ValidationIssue,
} from '@quartersec/validation';
import { accountRecord, checkAccountsEnvelope, type PlaidAccount } from '@quartersec/validation/plaid';
import type { AccountList, NormaliseContext, RawPage } from '../connector.ts';
import { ProviderError } from '../provider-error.ts';
import { normaliseAccount } from './normalise-account.ts';

/**
 * An account that cannot be told (no id) leaves the others, and makes the list one that closes none.
 * @throws {ProviderError} `BODY_UNREADABLE` for what is not JSON, `PAGE_INVALID` for what is no list
 */
export function readPlaidAccounts(
  raw: RawPage,
  { institutionId, knownAccounts }: Pick<NormaliseContext, 'institutionId' | 'knownAccounts'>,
): AccountList {
  const known = new Map(knownAccounts.map((account) => [account.providerAccountId, account]));
  const context = { institutionId, known, asOfBasis: 'item-update' } as const;
  const records = readRecords(raw);
  const accounts = new Map<string, Account>();
  let isWhole = records.length > 0; // an Item without accounts is an error of Plaid's own, and no word on the accounts
  for (const record of records) {
    const { wire, dropped } = readAccount(record);
    const account = wire === undefined ? null : normaliseAccount(wire, context, dropped).account;
    if (account === null) isWhole = false;
    else accounts.set(account.accountId, account);
  }
  return { accounts: [...accounts.values()], isWhole };
}

function readRecords(raw: RawPage): readonly unknown[] {
  const checked = checkAccountsEnvelope(readBody(raw));
  if (checked.ok) return checked.value.accounts;
  throw new ProviderError('PAGE_INVALID', { provider: 'plaid', detail: describe(checked) });
}

/** Where a damaged byte costs its account. */
const accountListShape = {
  lists: ['accounts'],
  members: ['accounts', 'item', 'request_id'],
  recordMembers: ['account_id'],
};

function describe({ issue }: Extract<Checked<unknown>, { ok: false }>): string {
  return `${issue.path}: expected ${issue.expected}, received ${issue.received}`;
}

function readBody(raw: RawPage): unknown {
  try {
    return parseDocument(raw.text, accountListShape);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new ProviderError('BODY_UNREADABLE', { provider: 'plaid', detail: error.message }, { cause: error });
  }
}

function readAccount(record: unknown): {
  readonly wire: PlaidAccount | undefined;
  readonly dropped: readonly ValidationIssue[];
} {
  const sound = accountRecord.read(record);
  return sound.ok ? { wire: sound.value, dropped: sound.dropped } : { wire: undefined, dropped: [] };
}
