/** The one client that the simulated banks know, as it would be registered with each of them, and what it has to prove. */
import type { Version } from '../error-body.ts';
import { type Claims, type PublicJwk, readToken } from './signed-token.ts';

export interface RegisteredClient {
  readonly clientId: string;
  readonly keys: readonly PublicJwk[];
  readonly redirectUris: readonly string[];
  /** With which it signs at the bank of the Berlin Group that asks for it, as a PEM text. */
  readonly sealCertificate?: string;
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** FAPI 1.0 Advanced, section 5.2.2: a request object lives for 60 minutes at most. */
const requestObjectSeconds = 3_600;

/** A request for authorisation that the bank has checked. */
export interface AskedAuthorisation {
  readonly version: Version;
  readonly consentId: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly challenge: string;
}

/** Who asks: `private_key_jwt`, OpenID Connect Core section 9. */
export class ClientCheck {
  readonly #client: RegisteredClient | undefined;
  readonly #nowEpochMs: () => number;
  readonly #seen = new Set<string>();

  constructor(client: RegisteredClient | undefined, nowEpochMs: () => number) {
    this.#client = client;
    this.#nowEpochMs = nowEpochMs;
  }

  get clientId(): string {
    return this.#client?.clientId ?? '';
  }

  /** @returns whether the form proves that the client sends it */
  isClient(form: URLSearchParams, issuer: string, endpoint: string): boolean {
    if (form.get('client_assertion_type') !== assertionType) return false;
    const claims = readToken(form.get('client_assertion') ?? '', this.#client?.keys ?? []);
    if (claims === undefined || claims.iss !== this.clientId || claims.sub !== this.clientId) return false;
    const audiences = [claims.aud].flat();
    const { jti } = claims;
    if (!audiences.includes(issuer) && !audiences.includes(endpoint)) return false;
    if (!this.#isTimely(claims) || typeof jti !== 'string' || this.#seen.has(jti)) return false;
    this.#seen.add(jti);
    return true;
  }

  /** @returns what is asked for, or what is wrong with it */
  readRequestObject(text: string, version: Version, issuer: string): AskedAuthorisation | string {
    const claims = readToken(text, this.#client?.keys ?? []);
    if (claims === undefined) return 'the request object is not signed by the client';
    if (claims.iss !== this.clientId || claims.client_id !== this.clientId) return 'iss or client_id is another one';
    if (![claims.aud].flat().includes(issuer)) return 'aud is not this issuer';
    const { exp, nbf } = claims;
    if (!this.#isTimely(claims) || Number(exp) - Number(nbf) > requestObjectSeconds) return 'exp or nbf does not fit';
    if (claims.response_type !== 'code') return 'response_type must be code';
    const scopes = String(claims.scope).split(' ');
    if (!scopes.includes('openid') || !scopes.includes('accounts')) return 'scope must have openid and accounts';
    if (claims.code_challenge_method !== 'S256') return 'code_challenge_method must be S256';
    const asked = {
      consentId: intentOf(claims),
      redirectUri: textOf(claims.redirect_uri),
      state: textOf(claims.state),
      nonce: textOf(claims.nonce),
      challenge: textOf(claims.code_challenge),
    };
    const missing = Object.entries(asked).find(([, value]) => value === '');
    if (missing !== undefined) return `${missing[0]} is missing`;
    if (!this.#client?.redirectUris.includes(asked.redirectUri)) return 'redirect_uri is not registered';
    return { version, ...asked };
  }

  #isTimely({ exp, nbf }: Claims): boolean {
    const nowSeconds = this.#nowEpochMs() / 1_000;
    return typeof exp === 'number' && exp > nowSeconds && (nbf === undefined || Number(nbf) <= nowSeconds + 5);
  }
}

/** The consent that is to be authorised: an essential claim of the id_token (Open Banking Security Profile). */
function intentOf({ claims }: Claims): string {
  const { id_token: idToken } = objectOf(claims);
  const { value, essential } = objectOf(objectOf(idToken).openbanking_intent_id);
  return essential === true ? textOf(value) : '';
}

function objectOf(value: unknown): Claims {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
