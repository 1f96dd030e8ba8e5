/** The tokens of one consent, and how they are written before they are sealed. Pure. */

export interface TokenSet {
  readonly consentId: string;
  readonly accessToken: string;
  /** By our clock, when they came. */
  readonly expiresEpochMs: number;
  /** Absent: the access ends with its token. */
  readonly refreshToken?: string;
  /** Of the authorization server, where the consent named it. */
  readonly metadataUrl?: string;
}

export function writeTokenSet(tokens: TokenSet): string {
  const { consentId, accessToken, expiresEpochMs, refreshToken, metadataUrl } = tokens;
  return JSON.stringify({ consentId, accessToken, expiresEpochMs, refreshToken, metadataUrl });
}

/**
 * @returns `undefined` for a bare access token, which begins with no brace (RFC 6750, section 2.1), and for a bare id of a consent, which
 *   the check of the bank's response holds to that
 */
export function readTokenSet(text: string): TokenSet | undefined {
  if (!text.startsWith('{')) return undefined;
  const { consentId, accessToken, expiresEpochMs, refreshToken, metadataUrl } = JSON.parse(text) as Partial<TokenSet>;
  if (typeof consentId !== 'string' || typeof accessToken !== 'string' || typeof expiresEpochMs !== 'number')
    return undefined;
  return {
    ...{ consentId, accessToken, expiresEpochMs },
    ...(typeof refreshToken === 'string' && { refreshToken }),
    ...(typeof metadataUrl === 'string' && { metadataUrl }),
  };
}

/** @returns what a connector takes as its access token: the Berlin Group's wants the consent's id before it */
export function secretOf(provider: string, { consentId, accessToken }: TokenSet): string {
  return provider === 'berlin-group' ? `${consentId} ${accessToken}` : accessToken;
}
