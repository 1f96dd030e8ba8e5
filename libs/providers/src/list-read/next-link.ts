/** The link to the next page: a full address by some standards; banks send paths, hosts that are `null`, and links to other lists. Pure. */
import { ProviderError } from '../provider-error.ts';

export interface NextLinkRules {
  readonly provider: string;
  /** Where the link stands in the page, for the error. */
  readonly member: string;
  /**
   * The link may lead to another path as long as that ends like the list's own, from this on (`/accounts/`): banks print paths of before
   * their gateway, and hosts without a scheme. Default: the whole path.
   */
  readonly tailFrom?: string;
}

/**
 * Only the query is taken from a link, and only of one that leads to the list that is being read: the address that is called is always made
 * from the configured one.
 * @param listUrl of the list, without a query
 * @returns the query with its question mark, or empty; `undefined` where the link is none
 * @throws {ProviderError} `URL_REFUSED` for another origin, `PAGE_INVALID` for another path or no address
 */
export function queryOfNext(
  next: string | null | undefined,
  listUrl: string,
  rules: NextLinkRules,
): string | undefined {
  const text = next?.trim() ?? '';
  if (text === '') return undefined;
  const list = new URL(listUrl);
  // A bank that does not know its own name has printed `null` for scheme and host.
  const url = URL.parse(text.replace(/^(?:https?:\/\/)?null(?=\/)/, ''), list.href);
  if (url === null) throw invalid('an address', rules);
  if (url.origin !== list.origin || url.username !== '' || url.password !== '') {
    throw new ProviderError('URL_REFUSED', { provider: rules.provider, detail: 'next link to another origin' });
  }
  if (!leadsTo(trimmed(url.pathname), trimmed(list.pathname), rules)) throw invalid('the path of this list', rules);
  return url.search;
}

function leadsTo(path: string, listPath: string, { tailFrom }: NextLinkRules): boolean {
  if (tailFrom === undefined) return path === listPath;
  const at = listPath.lastIndexOf(tailFrom);
  return at === -1 ? path === listPath : path.endsWith(listPath.slice(at));
}

function trimmed(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

function invalid(expected: string, { provider, member }: NextLinkRules): ProviderError {
  return new ProviderError('PAGE_INVALID', { provider, detail: `${member}: expected ${expected}, received string` });
}
