/**
 * Where a household agrees to a consent, and what it gives: a page for both SCA approaches, and for the OAuth approach an authorization
 * server (code flow with PKCE, refresh tokens that are good once). Who calls, a real bank knows by the client certificate; here the
 * client's id stands for it.
 */
import { randomUUID } from 'node:crypto';
import { type Answer, jsonAnswer } from '../../answer.ts';
import { consentPage } from '../../consent/consent-page.ts';
import { type Consent, Grants } from '../../consent/grants.ts';
import type { RegisteredClient } from '../../openbanking-uk/authorisation/client.ts';
import type { BerlinSettings } from '../settings.ts';
import { type Approach, type ConsentRequest, Consents, isConsentsPath } from './consents.ts';

export interface ConsentDeskDeps {
  readonly client: Pick<RegisteredClient, 'clientId' | 'redirectUris' | 'sealCertificate'> | undefined;
  readonly nowEpochMs: () => number;
  /** How the bank of a household behaves. */
  settings(index: number): BerlinSettings;
  /** The household has agreed again: what it had taken back stands no more. */
  onAgreed(index: number): void;
  /** @returns the household behind a login; `undefined` when none is left */
  householdOf(login: string): number | undefined;
  /** @returns the answer as a planted fault makes it, if there is one */
  alter(index: number, path: string, answer: Answer): Answer;
  /** @param index of the household, `null` where the call names none */
  count(index: number | null, path: string, answer: Answer): Answer;
}

const pages = /^\/berlin-group-auth(\/.*)$/;
const decisionMs = 600_000;

interface Open {
  readonly consent: Consent;
  readonly endsEpochMs: number;
  /** Of the OAuth approach. */
  readonly oauth?: { readonly redirectUri: string; readonly state: string; readonly challenge: string };
}

export class ConsentDesk {
  readonly grants: Grants;
  readonly #consents: Consents;
  readonly #deps: ConsentDeskDeps;
  /** Shown to the household, and not decided yet. */
  readonly #open = new Map<string, Open>();

  constructor(deps: ConsentDeskDeps) {
    this.#deps = deps;
    this.grants = new Grants(deps.nowEpochMs);
    this.#consents = new Consents({
      grants: this.grants,
      nowEpochMs: deps.nowEpochMs,
      redirectUris: deps.client?.redirectUris,
      linksOf: (approach, { id }, host) => linksOf(approach, id, `http://${host}/berlin-group-auth`),
    });
  }

  serves(place: string): boolean {
    return pages.test(place) || isConsentsPath(place);
  }

  /** @param url path and query */
  answer(method: string, url: string, headers: ConsentRequest['headers'], body: string): Answer {
    const [place = '', query = ''] = url.split('?', 2);
    if (isConsentsPath(place))
      return this.#counted('/consents', this.#consents.answer({ method, path: place, headers, body }));
    const issuer = `http://${String(headers.host ?? 'localhost')}/berlin-group-auth`;
    const parameters = new URLSearchParams(method === 'POST' ? body : query);
    switch (`${method} ${pages.exec(place)?.[1]}`) {
      case 'GET /agree':
        return this.#counted('/agree', this.#showConsent(parameters, issuer));
      case 'GET /.well-known/oauth-authorization-server':
        return this.#counted('/discovery', jsonAnswer(JSON.stringify(metadata(issuer))));
      case 'GET /authorize':
        return this.#counted('/authorize', this.#showAuthorisation(parameters, issuer));
      case 'POST /decision':
        return this.#counted('/decision', this.#decide(parameters, issuer));
      case 'POST /token':
        return this.#token(parameters);
      default:
        return this.#counted('/other', page(404, 'There is no such page.'));
    }
  }

  /** @returns whose data a call opens, or the code with which the bank refuses it */
  opens(approach: Approach, consentId: string, bearer: string | undefined): Opened {
    const consent = this.grants.consent(consentId, approach);
    if (consent === undefined) return { code: 'CONSENT_UNKNOWN', status: 403 };
    const { index, status } = consent;
    const isReplaced = status === 'replaced';
    if (isReplaced || (status === 'authorised' && this.grants.isOver(consent)))
      return { code: 'CONSENT_EXPIRED', status: 401, index };
    if (status !== 'authorised' || index === undefined) return { code: 'CONSENT_INVALID', status: 401, index };
    if (approach === 'redirect') return { index };
    if (bearer !== undefined && this.grants.consentOf(bearer) === consent) return { index };
    return { code: bearer === undefined ? 'TOKEN_UNKNOWN' : 'TOKEN_EXPIRED', status: 401, index };
  }

  #counted(place: string, answer: Answer): Answer {
    return this.#deps.count(null, place, answer);
  }

  #showConsent(query: URLSearchParams, issuer: string): Answer {
    return this.#show(this.grants.consent(query.get('consent') ?? '', 'redirect'), issuer);
  }

  #showAuthorisation(query: URLSearchParams, issuer: string): Answer {
    const { client } = this.#deps;
    const of = Object.fromEntries(query);
    const { redirect_uri: redirectUri = '', state = '', code_challenge: challenge = '' } = of;
    if (client === undefined || of.client_id !== client.clientId)
      return page(400, 'This bank does not know the client.');
    if (!client.redirectUris.includes(redirectUri)) return page(400, 'redirect_uri is not registered.');
    const isRequest = of.response_type === 'code' && of.code_challenge_method === 'S256' && challenge !== '';
    const [, consentId = ''] = /^AIS:(\S+)$/.exec(of.scope ?? '') ?? [];
    if (!isRequest || state === '') return page(400, 'The request is refused.');
    return this.#show(this.grants.consent(consentId, 'oauth'), issuer, { redirectUri, state, challenge });
  }

  #show(consent: Consent | undefined, issuer: string, oauth?: Open['oauth']): Answer {
    const asked = consent && this.#consents.asked(consent);
    if (consent?.status !== 'awaiting' || asked === undefined)
      return page(400, 'There is no such consent to agree to.');
    const handle = randomUUID();
    const endsEpochMs = this.#deps.nowEpochMs() + decisionMs;
    this.#open.set(handle, { consent, endsEpochMs, ...(oauth !== undefined && { oauth }) });
    const { permissions } = consent;
    const clientId = this.#deps.client?.clientId ?? '';
    const html = consentPage({
      action: `${issuer}/decision`,
      handle,
      clientId,
      permissions,
      expires: asked.validUntil,
    });
    return page(200, html);
  }

  #decide(form: URLSearchParams, issuer: string): Answer {
    const handle = form.get('request') ?? '';
    const open = this.#open.get(handle);
    const asked = open && this.#consents.asked(open.consent);
    const isOpen = open !== undefined && open.endsEpochMs > this.#deps.nowEpochMs();
    if (!isOpen || asked === undefined || open.consent.status !== 'awaiting')
      return page(400, 'This page is too old: begin again.');
    const { consent, oauth } = open;
    if (form.get('decision') !== 'approve') {
      this.grants.reject(consent);
      return back(oauth === undefined ? asked.refusedUri : withParameters(oauth, issuer, { error: 'access_denied' }));
    }
    const index = this.#deps.householdOf(form.get('household') ?? '');
    if (index === undefined) return page(400, 'There is no such household: take another name.');
    this.#open.delete(handle);
    this.grants.agree(consent, index);
    // By the standard a household has one consent for recurring access at a time.
    this.grants.replaceOthers(consent);
    this.#deps.onAgreed(index);
    if (oauth === undefined) return back(asked.redirectUri);
    return back(withParameters(oauth, issuer, { code: this.grants.codeFor(consent, { ...oauth, nonce: '' }) }));
  }

  #token(form: URLSearchParams): Answer {
    const { clientId } = this.#deps.client ?? {};
    if (clientId === undefined || form.get('client_id') !== clientId)
      return this.#counted('/token', oauthError('invalid_client', 401));
    const grant = form.get('grant_type');
    if (grant === 'refresh_token') return this.#refresh(form.get('refresh_token') ?? '');
    if (grant !== 'authorization_code') return this.#counted('/token', oauthError('unsupported_grant_type', 400));
    const { code = '', redirect_uri = '', code_verifier = '' } = Object.fromEntries(form);
    const taken = this.grants.takeCode(code, redirect_uri, code_verifier);
    if (taken === undefined) return this.#counted('/token', oauthError('invalid_grant', 400));
    this.grants.noteExchange(taken.consent);
    return this.#deps.count(taken.consent.index ?? null, '/token', this.#tokens(taken.consent));
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
    return count(index, '/refresh', consent === undefined ? refused : this.#tokens(consent));
  }

  #tokens(consent: Consent): Answer {
    const { tokenSeconds } = this.#deps.settings(consent.index ?? -1);
    const { accessToken, refreshToken, seconds } = this.grants.issue(consent, tokenSeconds);
    const body = {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: seconds,
      refresh_token: refreshToken,
      scope: `AIS:${consent.id}`,
    };
    return { ...jsonAnswer(JSON.stringify(body)), headers: { 'Cache-Control': 'no-store' } };
  }
}

type Refusal = 'CONSENT_UNKNOWN' | 'CONSENT_EXPIRED' | 'CONSENT_INVALID' | 'TOKEN_UNKNOWN' | 'TOKEN_EXPIRED';
export type Opened =
  | { readonly code?: undefined; readonly index: number }
  | { readonly code: Refusal; readonly status: number; readonly index?: number | undefined };

function linksOf(approach: Approach, consentId: string, issuer: string) {
  return approach === 'oauth'
    ? { scaOAuth: { href: `${issuer}/.well-known/oauth-authorization-server` } }
    : { scaRedirect: { href: `${issuer}/agree?consent=${consentId}` } };
}

/** RFC 8414. */
function metadata(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['tls_client_auth'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
}

function withParameters(
  { redirectUri, state }: { readonly redirectUri: string; readonly state: string },
  iss: string,
  parameters: Readonly<Record<string, string>>,
): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries({ ...parameters, state, iss })) url.searchParams.set(name, value);
  return url.href;
}

function back(location: string): Answer {
  return { ...jsonAnswer('', 'ok', 303), headers: { Location: location, 'Cache-Control': 'no-store' } };
}

function oauthError(error: string, status: number): Answer {
  return jsonAnswer(JSON.stringify({ error }), `error:${error}`, status);
}

function page(status: number, html: string): Answer {
  return {
    ...jsonAnswer(html, status === 200 ? 'ok' : `error:${status}`, status),
    contentType: 'text/html; charset=utf-8',
  };
}
