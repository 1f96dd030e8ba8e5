/**
 * What the standards have in common where a bank's authorization server gives the access: its endpoints are read once, a code is
 * exchanged once, a refresh token makes the next set of tokens, and every failure is a `ProviderError`.
 */
import type { CallLimits } from '../connector.ts';
import { ProviderError } from '../provider-error.ts';
import type { BegunConsent, ConsentExchange, RedirectBack } from './consent-calls.ts';
import { oauthFailure } from './oauth-failure.ts';
import type { TokenSet } from './token-set.ts';

/** An absent lifetime is taken for a short one (RFC 6749, section 5.1, only recommends it). */
const unstatedSeconds = 300;
const exchangeTimeoutMs = 10_000;
/** Keys and endpoints of a bank change rarely, and with notice. */
const connectedForMs = 3_600_000;

/** Of a token endpoint's response, what is read here. */
interface TokenResponse {
  readonly access_token: string;
  readonly refresh_token?: string | undefined;
  readonly expires_in?: number | undefined;
}

/** An authorization server whose endpoints are known. */
export interface TokenServer {
  exchange(back: RedirectBack, begun: BegunConsent, limits: CallLimits): Promise<TokenResponse>;
  refresh(refreshToken: string, limits: CallLimits): Promise<TokenResponse>;
}

export interface TokenCallsOptions<Server extends TokenServer> {
  readonly provider: string;
  readonly nowEpochMs: () => number;
  /** @param place as the calls below have it */
  connect(place: string, limits: CallLimits): Promise<Server>;
}

/** Each takes the place of the server's metadata, by which it is known. */
export interface TokenCalls<Server extends TokenServer> {
  /** One attempt. @throws {ProviderError} */
  attempt<Result>(place: string, call: (server: Server) => Promise<Result>, limits: CallLimits): Promise<Result>;
  /** As `ConsentCalls.exchange`. */
  exchange(place: string, back: RedirectBack, begun: BegunConsent): Promise<ConsentExchange>;
  /** As `ConsentCalls.refresh`. */
  refresh(place: string, tokens: TokenSet, limits: CallLimits): Promise<TokenSet>;
}

export function createTokenCalls<Server extends TokenServer>(options: TokenCallsOptions<Server>): TokenCalls<Server> {
  const { provider, nowEpochMs, connect } = options;
  const connected = new Map<string, { readonly server: Promise<Server>; readonly untilEpochMs: number }>();

  function serverAt(place: string, limits: CallLimits): Promise<Server> {
    const known = connected.get(place);
    if (known !== undefined && known.untilEpochMs > nowEpochMs()) return known.server;
    const server = connect(place, limits);
    connected.set(place, { server, untilEpochMs: nowEpochMs() + connectedForMs });
    server.catch(() => connected.delete(place)); // the next call asks again
    return server;
  }

  const attempt: TokenCalls<Server>['attempt'] = async (place, call, limits) => {
    try {
      return await call(await serverAt(place, limits));
    } catch (error) {
      throw oauthFailure(provider, error);
    }
  };

  return {
    attempt,

    async exchange(place, back, begun) {
      const deadline = { remainingMs: () => exchangeTimeoutMs, elapsedMs: () => 0 };
      const limits = { attemptTimeoutMs: exchangeTimeoutMs, deadline };
      const calledEpochMs = nowEpochMs();
      try {
        const issued = await attempt(place, (server) => server.exchange(back, begun, limits), limits);
        return { outcome: 'granted', tokens: tokenSetOf(begun, issued, calledEpochMs) };
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        return { outcome: maybeMade.has(error.code) ? 'unknown' : 'refused', error };
      }
    },

    async refresh(place, tokens, limits) {
      const { refreshToken } = tokens;
      if (refreshToken === undefined)
        throw new ProviderError('CONSENT_EXPIRED', { provider, detail: 'no refresh token' });
      const calledEpochMs = nowEpochMs();
      const issued = await attempt(place, (server) => server.refresh(refreshToken, limits), limits);
      // A bank that does not rotate gives none: the one of before stays good (RFC 6749, section 6).
      return { refreshToken, ...tokenSetOf(tokens, issued, calledEpochMs) };
    },
  };
}

/** Of a call whose response did not come, or could not be read. */
const maybeMade: ReadonlySet<ProviderError['code']> = new Set([
  'TIMEOUT',
  'UNREACHABLE',
  'SERVER_ERROR',
  'BODY_UNREADABLE',
  'BODY_TOO_LARGE',
]);

function tokenSetOf(
  { consentId, metadataUrl }: Pick<TokenSet, 'consentId' | 'metadataUrl'>,
  { access_token, refresh_token, expires_in = unstatedSeconds }: TokenResponse,
  calledEpochMs: number,
): TokenSet {
  return {
    consentId,
    accessToken: access_token,
    expiresEpochMs: calledEpochMs + expires_in * 1_000,
    ...(refresh_token !== undefined && { refreshToken: refresh_token }),
    ...(metadataUrl !== undefined && { metadataUrl }),
  };
}
