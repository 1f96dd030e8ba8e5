/**
 * The authorization server of the simulated banks, one issuer for each version of the standard: OAuth 2.0 with OpenID Connect by the
 * UK's security profile (FAPI 1.0 Advanced, code flow with PKCE). The bank of 3.1 takes a signed request object by value, the one of
 * 4.0 by PAR alone (RFC 9126).
 */
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { type Answer, jsonAnswer } from '../../answer.ts';
import { consentPage } from '../../consent/consent-page.ts';
import { type Consent, Grants } from '../../consent/grants.ts';
import { bodiless, type Version } from '../error-body.ts';
import type { ObukSettings } from '../settings.ts';
import { type AskedAuthorisation, ClientCheck, type RegisteredClient } from './client.ts';
import { answerConsents, isConsentsPath } from './consents.ts';
import { type Claims, signToken } from './signed-token.ts';

export interface AuthorisationDeps {
  readonly client: RegisteredClient | undefined;
  readonly nowEpochMs: () => number;
  /** How the bank of a household behaves. */
  settings(index: number): ObukSettings;
  /** The household has agreed again: what it had taken back stands no more. */
  onAgreed(index: number): void;
  /** @returns the household behind a login; `undefined` when none is left */
  householdOf(login: string): number | undefined;
  /** @returns the answer as a planted fault makes it, if there is one */
  alter(index: number, path: string, answer: Answer): Answer;
  /** @param index of the household, `null` where the call names none */
  count(index: number | null, path: string, answer: Answer): Answer;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const path = /^\/open-banking-auth\/(v3\.1|v4\.0)(\/.*)$/;
const clientTokenMs = 300_000;
const idTokenSeconds = 300;
const requestUriSeconds = 60;
const decisionMs = 600_000;

interface Asked {
  readonly request: AskedAuthorisation;
  readonly endsEpochMs: number;
}

export class AuthorisationServer {
  readonly grants: Grants;
  readonly #deps: AuthorisationDeps;
  readonly #client: ClientCheck;
  readonly #clientTokens = new Map<string, { readonly version: Version; readonly endsEpochMs: number }>();
  /** Pushed, and not asked for yet. */
  readonly #pushed = new Map<string, Asked>();
  /** Shown to the household, and not decided yet. */
  readonly #open = new Map<string, Asked>();
  /** As it was last called. */
  readonly #issuers = new Map<string, string>();
  #key: { readonly privateKey: KeyObject; readonly publicKey: KeyObject; readonly kid: string } | undefined;

  constructor(deps: AuthorisationDeps) {
    this.#deps = deps;
    this.grants = new Grants(deps.nowEpochMs);
    this.#client = new ClientCheck(deps.client, deps.nowEpochMs);
  }

  serves(place: string): boolean {
    return path.test(place) || isConsentsPath(place);
  }

  /** @param url path and query */
  answer(method: string, url: string, headers: Headers, body: string): Answer {
    const [place = '', query = ''] = url.split('?', 2);
    if (isConsentsPath(place)) {
      const bearer = /^Bearer (.+)$/.exec(String(headers.authorization ?? ''))?.[1] ?? '';
      const isClient = (version: Version) => this.#isClientToken(bearer, version);
      const answer = answerConsents({ method, path: place, body, isClient }, this.grants);
      return this.#counted('/account-access-consents', answer);
    }
    const [, versionText, rest = ''] = path.exec(place) ?? [];
    const version = versionText as Version;
    const issuer = `http://${String(headers.host ?? 'localhost')}/open-banking-auth/${version}`;
    this.#issuers.set(version, issuer);
    const parameters = new URLSearchParams(method === 'POST' ? body : query);
    switch (`${method} ${rest}`) {
      case 'GET /.well-known/openid-configuration':
        return this.#counted('/discovery', jsonAnswer(JSON.stringify(metadata(issuer, version))));
      case 'GET /jwks': {
        const { publicKey, kid } = this.#signingKey();
        const key = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'PS256' };
        return this.#counted('/jwks', jsonAnswer(JSON.stringify({ keys: [key] })));
      }
      case 'POST /par':
        return this.#counted('/par', this.#push(parameters, version, issuer));
      case 'GET /authorize':
        return this.#counted('/authorize', this.#show(parameters, version, issuer));
      case 'POST /decision':
        return this.#counted('/decision', this.#decide(parameters, issuer));
      case 'POST /token':
        return this.#token(parameters, version, issuer);
      default:
        return this.#counted('/other', bodiless(404, 'error:404'));
    }
  }

  /** Whether a call is of our client itself, and of no user. */
  isClient(bearer: string, version: Version): boolean {
    return this.#isClientToken(bearer, version);
  }

  /** @returns what the bank has signed, in its own name */
  sign(claims: Claims, bank: string): string {
    const { privateKey: key, kid } = this.#signingKey();
    return signToken({ iss: this.#issuers.get(bank), ...claims }, { alg: 'PS256', kid, key });
  }

  #counted(place: string, answer: Answer): Answer {
    return this.#deps.count(null, place, answer);
  }

  #signingKey() {
    this.#key ??= { ...generateKeyPairSync('rsa', { modulusLength: 2_048 }), kid: randomUUID() };
    return this.#key;
  }

  #isClientToken(text: string, version: Version): boolean {
    const token = this.#clientTokens.get(text);
    return token?.version === version && token.endsEpochMs > this.#deps.nowEpochMs();
  }

  #push(form: URLSearchParams, version: Version, issuer: string): Answer {
    if (!this.#client.isClient(form, issuer, `${issuer}/par`)) return oauthError('invalid_client', 401);
    const request = this.#client.readRequestObject(form.get('request') ?? '', version, issuer);
    if (typeof request === 'string') return oauthError('invalid_request_object', 400, request);
    const uri = `urn:ietf:params:oauth:request_uri:${randomUUID()}`;
    this.#pushed.set(uri, { request, endsEpochMs: this.#deps.nowEpochMs() + requestUriSeconds * 1_000 });
    return jsonAnswer(JSON.stringify({ request_uri: uri, expires_in: requestUriSeconds }), 'ok', 201);
  }

  #show(query: URLSearchParams, version: Version, issuer: string): Answer {
    if (query.get('client_id') !== this.#client.clientId) return page(400, 'This bank does not know the client.');
    const request =
      version === 'v4.0'
        ? this.#takePushed(query.get('request_uri') ?? '')
        : this.#client.readRequestObject(query.get('request') ?? '', version, issuer);
    if (typeof request === 'string') return page(400, `The request is refused: ${request}.`);
    const consent = this.grants.consent(request.consentId, version);
    if (consent?.status !== 'awaiting') return page(400, 'There is no such consent to agree to.');
    const handle = randomUUID();
    this.#open.set(handle, { request, endsEpochMs: this.#deps.nowEpochMs() + decisionMs });
    const expires = consent.expiresEpochMs === null ? null : new Date(consent.expiresEpochMs).toISOString();
    const { permissions } = consent;
    const { clientId } = this.#client;
    return page(200, consentPage({ action: `${issuer}/decision`, handle, clientId, permissions, expires }));
  }

  #takePushed(uri: string): AskedAuthorisation | string {
    const pushed = this.#pushed.get(uri);
    this.#pushed.delete(uri);
    return pushed !== undefined && pushed.endsEpochMs > this.#deps.nowEpochMs()
      ? pushed.request
      : 'no such request_uri';
  }

  #decide(form: URLSearchParams, issuer: string): Answer {
    const handle = form.get('request') ?? '';
    const asked = this.#open.get(handle);
    const { request } = asked ?? {};
    const consent = request && this.grants.consent(request.consentId, request.version);
    if (asked === undefined || request === undefined || consent?.status !== 'awaiting')
      return page(400, 'This page is too old: begin again.');
    const back = (parameters: Readonly<Record<string, string>>) => {
      this.#open.delete(handle);
      const url = new URL(request.redirectUri);
      const all = { ...parameters, state: request.state, iss: issuer };
      for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
      return { ...bodiless(303, 'ok'), headers: { Location: url.href, 'Cache-Control': 'no-store' } };
    };
    if (form.get('decision') !== 'approve') {
      this.grants.reject(consent);
      return back({ error: 'access_denied' });
    }
    const index = this.#deps.householdOf(form.get('household') ?? '');
    if (index === undefined) return page(400, 'There is no such household: take another name.');
    this.grants.agree(consent, index);
    const code = this.grants.codeFor(consent, request);
    this.#deps.onAgreed(index);
    return back({ code });
  }

  #token(form: URLSearchParams, version: Version, issuer: string): Answer {
    if (!this.#client.isClient(form, issuer, `${issuer}/token`))
      return this.#counted('/token', oauthError('invalid_client', 401));
    const grant = form.get('grant_type');
    if (grant === 'client_credentials') return this.#counted('/token', this.#clientToken(version));
    if (grant === 'authorization_code') {
      const { code = '', redirect_uri = '', code_verifier = '' } = Object.fromEntries(form);
      const taken = this.grants.takeCode(code, redirect_uri, code_verifier);
      if (taken === undefined) return this.#counted('/token', oauthError('invalid_grant', 400));
      this.grants.noteExchange(taken.consent);
      const idToken = this.#idToken(taken.consent, taken.nonce, issuer);
      return this.#issued(taken.consent, '/token', { id_token: idToken });
    }
    if (grant !== 'refresh_token') return this.#counted('/token', oauthError('unsupported_grant_type', 400));
    return this.#refresh(form.get('refresh_token') ?? '');
  }

  #refresh(text: string): Answer {
    const index = this.grants.refreshIndex(text);
    const refused = oauthError('invalid_grant', 400);
    if (index === undefined) return this.#counted('/refresh', refused);
    const { count, alter, settings } = this.#deps;
    // A bank that is down takes nothing: the token is good afterwards.
    const altered = alter(index, '/refresh', refused);
    if (altered !== refused) return count(index, '/refresh', altered);
    if (settings(index).refresh === 'refused') return count(index, '/refresh', refused);
    const consent = this.grants.takeRefreshToken(text);
    return count(index, '/refresh', consent === undefined ? refused : this.#answerTokens(consent, {}));
  }

  #issued(consent: Consent, place: string, members: Readonly<Record<string, string>>): Answer {
    return this.#deps.count(consent.index ?? null, place, this.#answerTokens(consent, members));
  }

  #answerTokens(consent: Consent, members: Readonly<Record<string, string>>): Answer {
    const { tokenSeconds } = this.#deps.settings(consent.index ?? -1);
    const tokens = this.grants.issue(consent, tokenSeconds);
    const body = {
      access_token: tokens.accessToken,
      token_type: 'Bearer',
      expires_in: tokens.seconds,
      refresh_token: tokens.refreshToken,
      scope: 'openid accounts',
      ...members,
    };
    return { ...jsonAnswer(JSON.stringify(body)), headers: { 'Cache-Control': 'no-store' } };
  }

  #clientToken(version: Version): Answer {
    const accessToken = `client-${randomUUID()}`;
    this.#clientTokens.set(accessToken, { version, endsEpochMs: this.#deps.nowEpochMs() + clientTokenMs });
    const body = {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: clientTokenMs / 1_000,
      scope: 'accounts',
    };
    return jsonAnswer(JSON.stringify(body));
  }

  #idToken(consent: Consent, nonce: string, issuer: string): string {
    const { privateKey: key, kid } = this.#signingKey();
    const nowSeconds = Math.floor(this.#deps.nowEpochMs() / 1_000);
    const claims = {
      iss: issuer,
      sub: consent.id,
      aud: this.#client.clientId,
      iat: nowSeconds,
      exp: nowSeconds + idTokenSeconds,
      nonce,
      acr: 'urn:openbanking:psd2:sca',
      openbanking_intent_id: consent.id,
    };
    return signToken(claims, { alg: 'PS256', kid, key });
  }
}

/** OpenID Connect Discovery 1.0, section 3. */
function metadata(issuer: string, version: Version) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
    subject_types_supported: ['pairwise'],
    scopes_supported: ['openid', 'accounts'],
    claims_supported: ['acr', 'openbanking_intent_id'],
    claims_parameter_supported: true,
    request_parameter_supported: version === 'v3.1',
    request_object_signing_alg_values_supported: ['PS256', 'ES256'],
    id_token_signing_alg_values_supported: ['PS256'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['PS256', 'ES256'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    ...(version === 'v4.0' && {
      pushed_authorization_request_endpoint: `${issuer}/par`,
      require_pushed_authorization_requests: true,
    }),
  };
}

function oauthError(error: string, status: number, description?: string): Answer {
  const body = { error, ...(description !== undefined && { error_description: description }) };
  return jsonAnswer(JSON.stringify(body), `error:${error}`, status);
}

function page(status: number, html: string): Answer {
  return {
    ...jsonAnswer(html, status === 200 ? 'ok' : `error:${status}`, status),
    contentType: 'text/html; charset=utf-8',
  };
}
