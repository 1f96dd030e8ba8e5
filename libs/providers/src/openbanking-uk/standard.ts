/** What the UK's Open Banking says of its lists; how they are read is in `list-read`. Pure. */
import { type Account, type Checked, jsonTypeOf, type SchemaDrift } from '@quartersec/validation';
import {
  accountRecord,
  balanceRecord,
  checkEnvelope,
  countAccountNews,
  countBalanceNews,
  countEnvelopeNews,
  countTransactionNews,
  type ObukAccount,
  type ObukBalance,
  type ObukData,
  type ObukTransaction,
  obukRedactionPolicy,
  transactionRecord,
} from '@quartersec/validation/openbanking-uk';
import type { AccountRef, Listed, ListPage, ListStandard, Lists } from '../list-read/standard.ts';
import { isKnownBalanceType } from './balance-types.ts';
import { dayOf, fingerprintParts, statedId } from './fingerprint.ts';
import { readAccount, readBalance } from './read-account.ts';
import { readEntry } from './read-entry.ts';
import { statusOf } from './statuses.ts';

export type ObukPage = ListPage<ObukAccount, ObukBalance, ObukTransaction>;

const names = { accounts: 'Account', balances: 'Balance', transactions: 'Transaction' } as const satisfies Record<
  string,
  keyof ObukData
>;

export const obukStandard: ListStandard<ObukAccount, ObukBalance, ObukTransaction> = {
  provider: 'openbanking-uk',
  policy: obukRedactionPolicy,
  account: { ...accountRecord, count: countAccountNews },
  balance: {
    ...balanceRecord,
    count: (record, drift) => countBalanceNews(record, isKnownBalanceType(record.Type), drift),
  },
  entry: { ...transactionRecord, count: countTransactionNews },
  nextMember: '$input.Links.Next',
  // A filter has no time zone: on its first day, what the bank lists depends on how it reads the time.
  daysOfDoubt: 1,
  listsOf,
  listedAccounts: (accounts) => accounts.filter(isListed),
  placeOf: ({ AccountId }) => ({ id: AccountId }),
  // By the standard the id is for good. Later pages of a read come later in the list.
  findAccount: ({ id }, known) => withId(known, id),
  readAccount: (listed, institutionId, known) =>
    readAccount(listed, institutionId, withId(known, listed.wire.AccountId)),
  readBalance,
  statusOf: (entry) => statusOf(entry),
  statedId,
  dayOf,
  fingerprintParts,
  readEntry,
  recordOf(original, known) {
    const account = withId(known, (original as ObukTransaction).AccountId);
    return account && { account, list: { path: '$input', records: [] } };
  },
  keepWith: (record) => record,
};

function withId(known: readonly Account[], id: string): Account | undefined {
  return known.findLast(({ providerAccountId }) => providerAccountId === id);
}

/** An account that the bank calls deleted has nothing to be read. */
function isListed({ wire: { AccountId, Status } }: Listed<ObukAccount>): boolean {
  return Status !== 'Deleted' && AccountId.trim() !== '' && AccountId.isWellFormed();
}

function listsOf(
  body: unknown,
  step: keyof typeof names,
  account: AccountRef | undefined,
  drift: SchemaDrift,
): Checked<Lists> {
  const checked = checkEnvelope(body);
  if (!checked.ok) return checked;
  const { Data, Links } = checked.value;
  countEnvelopeNews(checked.value, drift);
  const name = names[step];
  const path = `$input.Data.${name}`;
  const given = Data[name];
  // The schema requires the list of no transactions neither.
  const isLeftOut = name === 'Transaction' && Data.Account === undefined && Data.Balance === undefined;
  const records = given ?? (isLeftOut ? [] : given);
  if (!Array.isArray(records)) return { ok: false, issue: { path, expected: 'array', received: jsonTypeOf(records) } };
  const foreign = account === undefined ? -1 : records.findIndex((record) => isForeign(record, account.id));
  if (foreign >= 0) {
    const issue = { expected: 'the account that was asked for', received: 'string' } as const;
    return { ok: false, issue: { path: `${path}[${foreign}].AccountId`, ...issue } };
  }
  return { ok: true, value: { lists: [{ path, records }], next: Links?.Next } };
}

function isForeign(record: unknown, account: string): boolean {
  if (jsonTypeOf(record) !== 'object') return false;
  const { AccountId } = record as { readonly AccountId?: unknown };
  return typeof AccountId === 'string' && AccountId !== account;
}
