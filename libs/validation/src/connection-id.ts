import { tupleHash } from './tuple-hash.ts';

/**
 * Our id of a connection, from the provider's id of the link that first made it: the same link always gives the same one, and it
 * says nothing to anybody else. Begins with a letter, so that no command line takes it for an option.
 * @returns 23 letters, digits, `-` or `_`
 */
export function connectionIdOf(link: { readonly provider: string; readonly itemId: string }): string {
  return `c${tupleHash(['c1', link.provider, link.itemId])}`;
}
