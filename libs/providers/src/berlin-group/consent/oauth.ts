/**
 * OAuth 2 with one bank, as the OAuth SCA approach of NextGenPSD2 has it (Implementation Guidelines 1.3, section 13): code flow with PKCE,
 * the scope names the consent. Who we are, the client certificate of the connection says (`tls_client_auth`, RFC 8705). Loaded with the
 * first call that needs it.
 */
import * as oauth from 'oauth4webapi';
import type { CallLimits } from '../../connector.ts';
import type { BegunConsent, RedirectBack } from '../../consent/consent-calls.ts';
import { createOauthFetch } from '../../consent/oauth-fetch.ts';
import type { HttpClient } from '../../http-client.ts';

export interface BerlinOauthOptions {
  /** As the bank's metadata have to name it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** Its allowed origins are the issuer's and the API's: endpoints elsewhere are not called. */
  readonly http: HttpClient;
}

const challengeMethod = 'S256';

export type BerlinOauth = Awaited<ReturnType<typeof connectBerlinOauth>>;

/**
 * @param metadataUrl what the consent's link `scaOAuth` has: a document of RFC 8414
 * @throws the library's errors and `ProviderError`: see `oauth-failure.ts`
 */
export async function connectBerlinOauth(options: BerlinOauthOptions, metadataUrl: string, limits: CallLimits) {
  const { issuer, clientId, redirectUri, http } = options;
  const fetchWithin = (limited: CallLimits) => createOauthFetch('berlin-group', http, limited);
  const within = (limited: CallLimits) => ({
    [oauth.customFetch]: fetchWithin(limited),
    // The client itself takes https alone, and http on loopback.
    [oauth.allowInsecureRequests]: true,
  });
  const request = { method: 'GET', headers: { accept: 'application/json' } };
  const as = await oauth.processDiscoveryResponse(new URL(issuer), await fetchWithin(limits)(metadataUrl, request));
  const client: oauth.Client = { client_id: clientId };
  const auth = oauth.TlsClientAuth();

  return {
    /** @returns where the user is sent */
    async authorise(consentId: string, state: string, verifier: string): Promise<string> {
      const target = new URL(as.authorization_endpoint ?? '');
      const parameters = {
        response_type: 'code',
        client_id: clientId,
        scope: `AIS:${consentId}`,
        redirect_uri: redirectUri,
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: challengeMethod,
      };
      for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
      return target.href;
    },

    newVerifier: oauth.generateRandomCodeVerifier,

    async exchange({ state, code, iss }: RedirectBack, begun: BegunConsent, limited: CallLimits) {
      const back = new URLSearchParams({
        state,
        ...(code !== undefined && { code }),
        ...(iss !== undefined && { iss }),
      });
      const callback = oauth.validateAuthResponse(as, client, back, begun.state);
      const request = [as, client, auth, callback, redirectUri, begun.verifier ?? '', within(limited)] as const;
      const response = await oauth.authorizationCodeGrantRequest(...request);
      return oauth.processAuthorizationCodeResponse(as, client, response);
    },

    async refresh(refreshToken: string, limited: CallLimits) {
      const response = await oauth.refreshTokenGrantRequest(as, client, auth, refreshToken, within(limited));
      return oauth.processRefreshTokenResponse(as, client, response);
    },
  };
}
