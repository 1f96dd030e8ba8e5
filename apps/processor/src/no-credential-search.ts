/**
 * Takes the place of `@aws-sdk/credential-providers` (`fromNodeProviderChain`) and `@aws-sdk/credential-provider-node`
 * (`defaultProvider`) in the bundles, see `bundle.ts`.
 */

/** @throws {Error} always: whoever searches for credentials was not given those of the function's role */
function refuseSearch(): never {
  throw new Error('the functions pass on the credentials of their role; nothing here searches for others');
}

export { refuseSearch as defaultProvider, refuseSearch as fromNodeProviderChain };
