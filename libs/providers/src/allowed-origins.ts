/** Which addresses may be connected to: those of the configuration, and no private ones behind their names. */
import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isLoopbackHost, isPrivateAddress } from './private-address.ts';
import { ProviderError } from './provider-error.ts';

/** The `code` of the error with which the guard ends a connection. */
export const addressRefusedCode = 'ADDRESS_REFUSED';

/**
 * @returns whether a URL may be called: exactly one of the origins, and no user or password in it
 * @throws {ProviderError} `URL_REFUSED` for an origin that is not an address, or plain http beyond this machine
 */
export function parseAllowedOrigins(baseUrls: readonly string[], provider: string): (url: URL) => boolean {
  const origins = new Set(
    baseUrls.map((baseUrl) => {
      const url = URL.parse(baseUrl);
      const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname));
      if (!url || !isSafe) {
        throw new ProviderError('URL_REFUSED', { provider, detail: 'base URL must be https, or http on loopback' });
      }
      return url.origin;
    }),
  );
  return (url) => origins.has(url.origin) && url.username === '' && url.password === '';
}

/**
 * A configured name can be made to resolve to an address inside our network. An address that is configured as such
 * is never looked up, so it passes; so does `localhost`.
 */
export function createAddressGuard(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, address, family) => {
      const refused = error === null && !isLoopbackHost(hostname) && !isIP(hostname) && hasPrivate(address);
      if (refused) callback(Object.assign(new Error(addressRefusedCode), { code: addressRefusedCode }), '');
      else callback(error, address, family);
    });
  };
}

function hasPrivate(address: string | LookupAddress[]): boolean {
  return typeof address === 'string'
    ? isPrivateAddress(address)
    : address.some((each) => isPrivateAddress(each.address));
}
