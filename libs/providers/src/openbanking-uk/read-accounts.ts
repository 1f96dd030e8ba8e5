/** The account list outside a read, and records that had been set aside. Pure. */
import { parseExact, stringifyExact, type Transaction } from '@quartersec/validation';
import {
  checkAccount,
  checkTransaction,
  salvageAccount,
  salvageTransaction,
} from '@quartersec/validation/openbanking-uk';
import type { AccountList, NormaliseContext, RawPage } from '../connector.ts';
import { ProviderError } from '../provider-error.ts';
import { statedId } from './fingerprint.ts';
import { queryOfNext } from './next-link.ts';
import { accountsOf, transactionContext } from './normalise-page.ts';
import { normaliseTransaction } from './normalise-transaction.ts';
import { readEnvelope } from './validate-page.ts';

/**
 * Few banks put a list of accounts on several pages.
 * @returns the query of the page behind this one; `undefined` behind the last
 */
export function nextAccounts(raw: RawPage, listUrl: string): string | undefined {
  // What is no list is told where it is read.
  return raw.text.includes('"Next"') ? queryOfNext(readEnvelope(raw).Links?.Next, listUrl) : undefined;
}

/** The pages of one list as if they were one. */
export function joinAccounts(pages: readonly RawPage[]): RawPage {
  const [first] = pages;
  if (first !== undefined && pages.length === 1) return first;
  const records = pages.flatMap((raw) => readEnvelope(raw).Data.Account ?? []);
  return { text: stringifyExact({ Data: { Account: records } }), requestId: first?.requestId ?? null };
}

/**
 * An account that cannot be told leaves the others, and makes the list one that closes none; so does a list that goes on on another page.
 * @throws {ProviderError} `BODY_UNREADABLE` for what is not JSON, `PAGE_INVALID` for what is no list
 */
export function readObukAccounts(
  raw: RawPage,
  context: Pick<NormaliseContext, 'institutionId' | 'knownAccounts'>,
): AccountList {
  const { Data, Links } = readEnvelope(raw);
  const records = Data.Account;
  if (!Array.isArray(records)) {
    const detail = '$input.Data.Account: expected array';
    throw new ProviderError('PAGE_INVALID', { provider: 'openbanking-uk', detail });
  }
  const listed = records.flatMap((record, index) => {
    const checked = checkAccount(record);
    const sound = checked.ok ? { ...checked, dropped: [] } : salvageAccount(record);
    return sound.ok ? [{ index, wire: sound.value, dropped: sound.dropped }] : [];
  });
  const isWhole = listed.length === records.length && records.length > 0 && !Links?.Next?.trim();
  return { accounts: accountsOf({ accounts: listed }, context), isWhole };
}

/** Which of several equals it was is not known any more: it comes back as the first. */
export function readObukRecord(original: string, context: NormaliseContext): Transaction | undefined {
  const record = parseExact(original);
  const checked = checkTransaction(record);
  const sound = checked.ok ? { ...checked, dropped: [] } : salvageTransaction(record);
  if (!sound.ok) return undefined;
  const account = context.knownAccounts.findLast((each) => each.providerAccountId === sound.value.AccountId);
  if (account === undefined) return undefined;
  const listed = { index: 0, wire: sound.value, dropped: sound.dropped, id: statedId(sound.value), occurrence: 0 };
  const reading = normaliseTransaction(listed, transactionContext(account, context, new Set()));
  return reading.ok ? reading.transaction : undefined;
}
