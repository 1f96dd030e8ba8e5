/** The tokens of one consent, and how they are written before they are sealed. Pure. */

export interface TokenSet {
  readonly consentId: string;
  readonly accessToken: string;
  /** By our clock, when they came. */
  readonly expiresEpochMs: number;
  /** Absent: the access ends with its token. */
  readonly refreshToken?: string;
}

export function writeTokenSet({ consentId, accessToken, expiresEpochMs, refreshToken }: TokenSet): string {
  return JSON.stringify({ consentId, accessToken, expiresEpochMs, refreshToken });
}

/** @returns `undefined` for a bare access token: no token begins with a brace (RFC 6750, section 2.1) */
export function readTokenSet(text: string): TokenSet | undefined {
  if (!text.startsWith('{')) return undefined;
  const { consentId, accessToken, expiresEpochMs, refreshToken } = JSON.parse(text) as Partial<TokenSet>;
  if (typeof consentId !== 'string' || typeof accessToken !== 'string' || typeof expiresEpochMs !== 'number')
    return undefined;
  const set = { consentId, accessToken, expiresEpochMs };
  return typeof refreshToken === 'string' ? { ...set, refreshToken } : set;
}
