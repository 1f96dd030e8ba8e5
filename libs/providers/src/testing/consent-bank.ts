/** For tests: a bank's authorization server and its consents, in memory, as an HTTP client. Answers may be replaced one by one. */
import { exportJWK, generateKeyPair, importJWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { HttpAnswer, HttpCall, HttpClient } from '../http-client.ts';

export const issuer = 'https://auth.bank.example';
export const baseUrl = 'https://api.bank.example/open-banking/v3.1/aisp';
export const clientId = 'client-1';
export const redirectUri = 'https://app.example/back';
export const nowEpochMs = () => Date.now();

export interface ConsentBank {
  readonly http: HttpClient;
  readonly calls: { readonly place: string; readonly form: URLSearchParams; readonly headers: HttpCall['headers'] }[];
  /** Of our private key, as the settings have it. */
  readonly clientKey: string;
  /** Instead of the good answer of a place, `<method> <path>`. */
  readonly instead: Map<string, Partial<HttpAnswer>>;
  /** What the id_token says beside the usual. */
  claims: JWTPayload;
  /** Signs id_tokens with a key that the bank does not publish. */
  isForged: boolean;
  usesPar: boolean;
  /** Claims of the request object that came last. */
  asked: JWTPayload;
  readRequest(authorizationUrl: string): Promise<JWTPayload>;
}

const json = (body: unknown, status = 200): HttpAnswer => ({
  status,
  text: body === undefined ? null : JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
  retryAfterMs: undefined,
});

export async function createConsentBank(alg: 'PS256' | 'ES256' = 'ES256'): Promise<ConsentBank> {
  const own = await generateKeyPair('PS256');
  const foreign = await generateKeyPair('PS256');
  const client = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(client.privateKey)), kid: 'ours', alg };
  const published = { ...(await exportJWK(own.publicKey)), kid: 'bank', use: 'sig', alg: 'PS256' };
  const clientKey = await importJWK(await exportJWK(client.publicKey), alg);
  const verified = async (token: string) => (await jwtVerify(token, clientKey)).payload;
  let nonce = '';

  const idToken = () => {
    const iat = Math.floor(nowEpochMs() / 1_000);
    const usual = { iss: issuer, aud: clientId, sub: 'someone', iat, exp: iat + 300, nonce };
    return new SignJWT({ ...usual, openbanking_intent_id: 'aac-1', ...bank.claims })
      .setProtectedHeader({ alg: 'PS256', kid: 'bank' })
      .sign(bank.isForged ? foreign.privateKey : own.privateKey);
  };
  const tokens = (members: object) =>
    json({ access_token: 'access-1', token_type: 'Bearer', expires_in: 600, refresh_token: 'refresh-1', ...members });
  const metadata = () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    id_token_signing_alg_values_supported: ['PS256'],
    authorization_response_iss_parameter_supported: true,
    ...(bank.usesPar && {
      pushed_authorization_request_endpoint: `${issuer}/par`,
      require_pushed_authorization_requests: true,
    }),
  });
  const consent = {
    Data: { ConsentId: 'aac-1', Status: 'Authorised', ExpirationDateTime: '2030-01-01T00:00:00+00:00' },
  };

  async function answer(place: string, form: URLSearchParams): Promise<HttpAnswer> {
    if (form.has('client_assertion')) await verified(form.get('client_assertion') ?? '');
    switch (place) {
      case 'GET /.well-known/openid-configuration':
        return json(metadata());
      case 'GET /jwks':
        return json({ keys: [published] });
      case 'POST /par':
        bank.asked = await verified(form.get('request') ?? '');
        return json({ request_uri: 'urn:request:1', expires_in: 60 }, 201);
      case 'POST /token': {
        const grant = form.get('grant_type');
        if (grant === 'authorization_code') return tokens({ id_token: await idToken() });
        if (grant === 'refresh_token') return tokens({ access_token: 'access-2', refresh_token: 'refresh-2' });
        return json({ access_token: 'client-token', token_type: 'Bearer', expires_in: 60 });
      }
      case 'POST /open-banking/v3.1/aisp/account-access-consents':
        return json(consent, 201);
      case 'DELETE /open-banking/v3.1/aisp/account-access-consents/aac-1':
        return json(undefined, 204);
      default:
        return json(consent);
    }
  }

  const bank: ConsentBank = {
    calls: [],
    instead: new Map(),
    clientKey: JSON.stringify(jwk),
    claims: {},
    isForged: false,
    usesPar: false,
    asked: {},
    http: {
      async send({ method, url, headers, body = '' }) {
        const place = `${method} ${new URL(url).pathname}`;
        const form = new URLSearchParams(body);
        bank.calls.push({ place, form, headers });
        const good = await answer(place, form);
        return { ...good, ...bank.instead.get(`${place} ${form.get('grant_type') ?? ''}`.trim()) };
      },
      close: () => {},
    },
    async readRequest(authorizationUrl) {
      const request = new URL(authorizationUrl).searchParams.get('request');
      bank.asked = request === null ? bank.asked : await verified(request);
      nonce = String(bank.asked.nonce);
      return bank.asked;
    },
  };
  return bank;
}
