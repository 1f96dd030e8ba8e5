/** `Links.Next`: a full address by the standard; banks send paths, hosts that are `null`, and links to other lists. Pure. */
import { ProviderError } from '../provider-error.ts';

/**
 * Only the query is taken from a link, and only of one that leads to the list that is being read: the address that is called is always made
 * from the configured one.
 * @param listUrl of the list, without a query
 * @returns the query with its question mark, or empty; `undefined` where the link is none
 * @throws {ProviderError} `URL_REFUSED` for another origin, `PAGE_INVALID` for another path or no address
 */
export function queryOfNext(next: string | null | undefined, listUrl: string): string | undefined {
  const text = next?.trim() ?? '';
  if (text === '') return undefined;
  const list = new URL(listUrl);
  // A bank that does not know its own name has printed `null` for scheme and host.
  const url = URL.parse(text.replace(/^(?:https?:\/\/)?null(?=\/)/, ''), list.href);
  if (url === null) throw invalid('an address');
  if (url.origin !== list.origin || url.username !== '' || url.password !== '') {
    throw new ProviderError('URL_REFUSED', { provider: 'openbanking-uk', detail: 'next link to another origin' });
  }
  if (trimmed(url.pathname) !== trimmed(list.pathname)) throw invalid('the path of this list');
  return url.search;
}

function trimmed(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

function invalid(expected: string): ProviderError {
  const detail = `$input.Links.Next: expected ${expected}, received string`;
  return new ProviderError('PAGE_INVALID', { provider: 'openbanking-uk', detail });
}
