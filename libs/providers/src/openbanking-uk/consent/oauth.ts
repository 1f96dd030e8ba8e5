/**
 * OAuth 2 and OpenID Connect with one bank, by the UK's security profile: FAPI 1.0 Advanced, code flow with PKCE, a signed request object
 * by value or by PAR, `private_key_jwt`. Loaded with the first call that needs it: no event whose token is good does.
 * @see https://openid.net/specs/openid-financial-api-part-2-1_0.html
 * @see https://openbanking.atlassian.net/wiki/spaces/DZ/pages/83919096 (the claim `openbanking_intent_id`)
 */
import * as oauth from 'oauth4webapi';
import type { CallLimits } from '../../connector.ts';
import type { BegunConsent, RedirectBack } from '../../consent/consent-calls.ts';
import { createOauthFetch } from '../../consent/oauth-fetch.ts';
import type { HttpClient } from '../../http-client.ts';
import { type ClientKey, importClientKey } from './client-key.ts';

export interface OauthOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly key: ClientKey;
  readonly redirectUri: string;
  /** Its allowed origins are the issuer's and the API's: endpoints elsewhere are not called. */
  readonly http: HttpClient;
}

/** Why a response of the bank cannot be believed: a code of ours, beside those of the library. */
export class IntentMismatch extends Error {
  readonly code = 'OPENBANKING_INTENT_ID_MISMATCH';
}

/** For a user who reads before they follow the link; the profile allows 60 minutes. */
const requestSeconds = 600;
const challengeMethod = 'S256';
/** The profile's two, the first one that the bank has. */
const algorithms = ['PS256', 'ES256'] as const;

export type Oauth = Awaited<ReturnType<typeof connectOauth>>;

/** @throws the library's errors and `ProviderError`: see `oauth-failure.ts` */
export async function connectOauth({ issuer, clientId, key, redirectUri, http }: OauthOptions, limits: CallLimits) {
  const within = (limited: CallLimits) => ({
    [oauth.customFetch]: createOauthFetch('openbanking-uk', http, limited),
    // The client itself takes https alone, and http on loopback.
    [oauth.allowInsecureRequests]: true,
  });
  const url = new URL(issuer);
  const as = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, within(limits)));
  const signs = as.id_token_signing_alg_values_supported ?? algorithms;
  const idTokenAlgorithm = algorithms.find((each) => signs.includes(each)) ?? algorithms[0];
  const client: oauth.Client = { client_id: clientId, id_token_signed_response_alg: idTokenAlgorithm };
  const privateKey = await importClientKey(key);
  const auth = oauth.PrivateKeyJwt(privateKey);

  return {
    /** For calls of our own, such as those of consents. */
    async clientToken(limited: CallLimits): Promise<string> {
      const response = await oauth.clientCredentialsGrantRequest(
        as,
        client,
        auth,
        { scope: 'accounts' },
        within(limited),
      );
      return (await oauth.processClientCredentialsResponse(as, client, response)).access_token;
    },

    /** @returns where the user is sent, and what has to be known when they come back */
    async authorise(
      consentId: string,
      limited: CallLimits,
    ): Promise<BegunConsent & { readonly url: string; readonly urlSeconds: number }> {
      const verifier = oauth.generateRandomCodeVerifier();
      const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
      const intent = { openbanking_intent_id: { value: consentId, essential: true } };
      const outside = { client_id: clientId, response_type: 'code', scope: 'openid accounts' };
      const parameters = {
        ...outside,
        redirect_uri: redirectUri,
        state,
        nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: challengeMethod,
        claims: JSON.stringify({ userinfo: intent, id_token: intent }),
      };
      const request = await oauth.issueRequestObject(as, client, parameters, privateKey, {
        [oauth.modifyAssertion](_header, claims) {
          claims.exp = Number(claims.nbf) + requestSeconds;
        },
      });
      const target = new URL(as.authorization_endpoint ?? '');
      const pushed = as.require_pushed_authorization_requests === true ? await push(request, limited) : undefined;
      const sent =
        pushed === undefined ? { ...outside, request } : { client_id: clientId, request_uri: pushed.request_uri };
      for (const [name, value] of Object.entries(sent)) target.searchParams.set(name, value);
      const urlSeconds = pushed?.expires_in ?? requestSeconds;
      return { consentId, state, nonce, verifier, url: target.href, urlSeconds };
    },

    async exchange({ state, code, iss }: RedirectBack, begun: BegunConsent, limited: CallLimits) {
      const { verifier = '', nonce = '' } = begun;
      const back = new URLSearchParams({
        state,
        ...(code !== undefined && { code }),
        ...(iss !== undefined && { iss }),
      });
      const callback = oauth.validateAuthResponse(as, client, back, begun.state);
      const request = [as, client, auth, callback, redirectUri, verifier, within(limited)] as const;
      const response = await oauth.authorizationCodeGrantRequest(...request);
      const expected = { expectedNonce: nonce, requireIdToken: true };
      const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, expected);
      await oauth.validateApplicationLevelSignature(as, response, within(limited));
      if (oauth.getValidatedIdTokenClaims(tokens)?.openbanking_intent_id !== begun.consentId)
        throw new IntentMismatch();
      return tokens;
    },

    async refresh(refreshToken: string, limited: CallLimits) {
      const response = await oauth.refreshTokenGrantRequest(as, client, auth, refreshToken, within(limited));
      return oauth.processRefreshTokenResponse(as, client, response);
    },
  };

  async function push(request: string, limited: CallLimits): Promise<oauth.PushedAuthorizationResponse> {
    const response = await oauth.pushedAuthorizationRequest(as, client, auth, { request }, within(limited));
    return oauth.processPushedAuthorizationResponse(as, client, response);
  }
}
