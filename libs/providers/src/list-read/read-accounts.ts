/** The account list outside a read, and records that had been set aside. Pure. */
import { parseExact, type SchemaDrift, stringifyExact, type Transaction } from '@quartersec/validation';
import type { AccountList, NormaliseContext, RawPage } from '../connector.ts';
import { queryOfNext } from './next-link.ts';
import { accountsOf, contextOf } from './normalise-page.ts';
import { wholeRead } from './place.ts';
import type { ListStandard } from './standard.ts';
import { linkRules, readLists } from './validate-page.ts';

const uncounted = (): SchemaDrift => ({ unknownFields: 0, unknownEnums: 0 });

/**
 * Few banks put a list of accounts on several pages.
 * @returns the query of the page behind this one; `undefined` behind the last
 */
export function nextAccounts<A, B, E>(
  raw: RawPage,
  listUrl: string,
  standard: ListStandard<A, B, E>,
): string | undefined {
  // What is no list is told where it is read.
  if (!/"next"/i.test(raw.text)) return undefined;
  return queryOfNext(readLists(raw, standard, wholeRead, uncounted()).next, listUrl, linkRules(standard));
}

/** The pages of one list as if they were one. @param write the body around its records */
export function joinAccounts<A, B, E>(
  pages: readonly RawPage[],
  standard: ListStandard<A, B, E>,
  write: (records: readonly unknown[]) => unknown,
): RawPage {
  const [first] = pages;
  if (first !== undefined && pages.length === 1) return first;
  const records = pages.flatMap((raw) =>
    readLists(raw, standard, wholeRead, uncounted()).lists.flatMap((list) => list.records),
  );
  return { text: stringifyExact(write(records)), requestId: first?.requestId ?? null };
}

/**
 * An account that cannot be told leaves the others, and makes the list one that closes none; so does a list that goes on on another page.
 * @throws {ProviderError} `BODY_UNREADABLE` for what is not JSON, `PAGE_INVALID` for what is no list
 */
export function readListedAccounts<A, B, E>(
  raw: RawPage,
  context: Pick<NormaliseContext, 'institutionId' | 'knownAccounts'>,
  standard: ListStandard<A, B, E>,
): AccountList {
  const { lists, next } = readLists(raw, standard, wholeRead, uncounted());
  const records = lists.flatMap((list) => list.records);
  const listed = records.flatMap((record, index) => {
    const sound = standard.account.read(record);
    return sound.ok ? [{ path: `[${index}]`, wire: sound.value, dropped: sound.dropped }] : [];
  });
  const isWhole = listed.length === records.length && records.length > 0 && !next?.trim();
  return { accounts: accountsOf(listed, context, standard), isWhole };
}

/** Which of several equals it was is not known any more: it comes back as the first. */
export function readListedRecord<A, B, E>(
  original: string,
  context: NormaliseContext,
  standard: ListStandard<A, B, E>,
): Transaction | undefined {
  const record = parseExact(original);
  const sound = standard.entry.read(record);
  if (!sound.ok) return undefined;
  const found = standard.recordOf(record, context.knownAccounts);
  if (found === undefined) return undefined;
  const { value: wire, dropped } = sound;
  const listed = {
    path: found.list.path,
    wire,
    dropped,
    status: standard.statusOf(wire, found.list),
    id: standard.statedId(wire),
    occurrence: 0,
  };
  const reading = standard.readEntry(listed, contextOf(found.account, context, new Set()));
  return reading.ok ? reading.transaction : undefined;
}
