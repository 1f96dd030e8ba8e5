/** What is kept, sealed, between two calls of a link: while its user is at the bank, and once its code has been exchanged. Pure. */
import type { BegunConsent } from '@quartersec/providers';

export interface LinkUnderWay extends BegunConsent {
  readonly institutionId: string;
  /** The connection whose consent is renewed. */
  readonly connectionId?: string;
}

export interface GrantedLink extends Pick<LinkUnderWay, 'institutionId' | 'connectionId'> {
  /** As `writeTokenSet` writes them; absent where the consent alone is the access. */
  readonly tokens?: string;
}

/** @returns `undefined` for what no version of ours has written */
export function readLinkUnderWay(text: string): LinkUnderWay | undefined {
  const { consentId, state, institutionId, ...rest } = JSON.parse(text) as Partial<LinkUnderWay>;
  if (typeof consentId !== 'string' || typeof state !== 'string' || typeof institutionId !== 'string') return undefined;
  const optional = (['nonce', 'verifier', 'metadataUrl', 'connectionId'] as const).flatMap((name) =>
    typeof rest[name] === 'string' ? [[name, rest[name]] as const] : [],
  );
  return { consentId, state, institutionId, ...Object.fromEntries(optional) };
}

/** @returns `undefined` likewise */
export function readGrantedLink(text: string): GrantedLink | undefined {
  const { tokens, institutionId, connectionId } = JSON.parse(text) as Partial<GrantedLink>;
  if ((tokens !== undefined && typeof tokens !== 'string') || typeof institutionId !== 'string') return undefined;
  return {
    institutionId,
    ...(tokens !== undefined && { tokens }),
    ...(connectionId !== undefined && { connectionId }),
  };
}
