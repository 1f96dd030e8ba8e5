/** Pages that are stored together, in one entry. Pure. */
import type { ValidPage } from '@quartersec/providers';
import type { Account, CanonicalPage } from '@quartersec/validation';
import type { StagedPage } from './pipeline-run.ts';

/** As many as one page of Plaid has at most. */
const recordsMost = 500;

/**
 * A bank with a list of accounts, and balances and transactions of each, is read in 1 + 2n pages, and what they say together is mostly less
 * than one page of another provider. Joined as long as no record is in two of them: within an entry additions come before removals,
 * whatever their order was.
 * @param staged pages of one loop, in order
 */
export function joinPages(staged: readonly StagedPage[]): readonly StagedPage[] {
  const joined: StagedPage[] = [];
  let ids = new Set<string>();
  for (const next of staged) {
    const before = joined.at(-1);
    const ofNext = touchedBy(next.canonical);
    const fits = before !== undefined && ids.size + ofNext.size <= recordsMost && ofNext.isDisjointFrom(ids);
    if (fits) joined[joined.length - 1] = join(before, next);
    else joined.push(next);
    ids = fits ? ids.union(ofNext) : ofNext;
  }
  return joined;
}

function touchedBy({ added, modified, removed }: CanonicalPage): Set<string> {
  const said = [...added, ...modified].flatMap(({ transactionId, supersedes }) =>
    [transactionId, supersedes ?? []].flat(),
  );
  return new Set([...said, ...removed]);
}

/** From where the first began to where the second ends. */
function join(first: StagedPage, second: StagedPage): StagedPage {
  return {
    page: joinResponses(first.page, second),
    canonical: joinCanonical(first.canonical, second.canonical),
    position: first.position,
  };
}

function joinResponses(first: ValidPage<unknown>, { page, position }: StagedPage): ValidPage<unknown> {
  return {
    ...page,
    nextCursor: page.nextCursor ?? position.cursor,
    history: page.history === 'unknown' ? first.history : page.history,
    unknownFields: first.unknownFields + page.unknownFields,
    unknownEnums: first.unknownEnums + page.unknownEnums,
  };
}

function joinCanonical(first: CanonicalPage, second: CanonicalPage): CanonicalPage {
  const covers = [...(first.covers ?? []), ...(second.covers ?? [])];
  return {
    ...second,
    added: [...first.added, ...second.added],
    modified: [...first.modified, ...second.modified],
    removed: [...first.removed, ...second.removed],
    accounts: newestOfEach([...first.accounts, ...second.accounts]),
    quarantined: [...first.quarantined, ...second.quarantined],
    ...(covers.length > 0 && { covers }),
  };
}

function newestOfEach(accounts: readonly Account[]): readonly Account[] {
  return [...new Map(accounts.map((account) => [account.accountId, account])).values()];
}
