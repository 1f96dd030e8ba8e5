/** What is kept, sealed, between two calls of a link: while its user is at the bank, and once its code has been exchanged. Pure. */
import type { BegunConsent } from '@quartersec/providers';

export interface LinkUnderWay extends BegunConsent {
  readonly institutionId: string;
  /** The connection whose consent is renewed. */
  readonly connectionId?: string;
}

export interface GrantedLink extends Pick<LinkUnderWay, 'institutionId' | 'connectionId'> {
  /** As `writeTokenSet` writes them. */
  readonly tokens: string;
}

/** @returns `undefined` for what no version of ours has written */
export function readLinkUnderWay(text: string): LinkUnderWay | undefined {
  const { consentId, state, nonce, verifier, institutionId, connectionId } = JSON.parse(text) as Partial<LinkUnderWay>;
  const isOurs = [consentId, state, nonce, verifier, institutionId].every((each) => typeof each === 'string');
  if (!isOurs) return undefined;
  return {
    consentId,
    state,
    nonce,
    verifier,
    institutionId,
    ...(connectionId !== undefined && { connectionId }),
  } as LinkUnderWay;
}

/** @returns `undefined` likewise */
export function readGrantedLink(text: string): GrantedLink | undefined {
  const { tokens, institutionId, connectionId } = JSON.parse(text) as Partial<GrantedLink>;
  if (typeof tokens !== 'string' || typeof institutionId !== 'string') return undefined;
  return { tokens, institutionId, ...(connectionId !== undefined && { connectionId }) };
}
