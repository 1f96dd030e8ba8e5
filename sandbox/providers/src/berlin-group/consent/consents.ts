/**
 * The consent resource of NextGenPSD2 1.3.11: made, read and deleted by who reads the accounts, agreed to by the household at the bank.
 * Without HTTP; `consent-desk.ts` has the pages.
 */
import { type Answer, jsonAnswer } from '../../answer.ts';
import type { Consent, ConsentStatus, Grants } from '../../consent/grants.ts';
import { berlinError, type MessageCode } from '../error-body.ts';

/** One bank of each SCA approach, by the path of its API. */
export const banks = { redirect: '/berlin-group/psd2/v1', oauth: '/berlin-group/oauth/psd2/v1' } as const;
export type Approach = keyof typeof banks;

const path = /^(\/berlin-group(?:\/oauth)?\/psd2\/v1)\/consents(?:\/([\w-]+)(\/status)?)?$/;
const date = /^\d{4}-\d{2}-\d{2}$/;
const dayMs = 86_400_000;
/** A later end is adjusted. */
const longestDays = 180;

/** What a household has agreed to, beside the consent's own state. */
export interface Asked {
  readonly access: Readonly<Record<string, unknown>>;
  readonly frequencyPerDay: number;
  readonly recurringIndicator: boolean;
  readonly validUntil: string;
  /** Where the household is sent back to. */
  readonly redirectUri: string;
  readonly refusedUri: string;
}

export interface ConsentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface ConsentsDeps {
  readonly grants: Grants;
  readonly nowEpochMs: () => number;
  /** Of our registered client; `undefined`: the banks know none. */
  readonly redirectUris: readonly string[] | undefined;
  /** Of a consent that was asked for just now. */
  linksOf(approach: Approach, consent: Consent, host: string): Readonly<Record<string, { readonly href: string }>>;
}

export const isConsentsPath = (text: string): boolean => path.test(text);

export class Consents {
  readonly #deps: ConsentsDeps;
  readonly #asked = new Map<string, Asked>();

  constructor(deps: ConsentsDeps) {
    this.#deps = deps;
  }

  asked(consent: Consent): Asked | undefined {
    return this.#asked.get(consent.id);
  }

  answer(request: ConsentRequest): Answer {
    const { grants } = this.#deps;
    const [, base = '', id, status] = path.exec(request.path) ?? [];
    const approach: Approach = base === banks.oauth ? 'oauth' : 'redirect';
    if (this.#deps.redirectUris === undefined) return refused('CERTIFICATE_MISSING', 401);
    if (id === undefined)
      return request.method === 'POST' ? this.#create(request, approach) : refused('SERVICE_INVALID', 405);
    const consent = grants.consent(id, approach);
    const asked = consent && this.asked(consent);
    if (consent === undefined || asked === undefined) return refused('CONSENT_UNKNOWN', 403);
    if (request.method === 'DELETE' && status === undefined) {
      grants.terminate(consent);
      return { ...jsonAnswer('', 'ok', 204) };
    }
    if (request.method !== 'GET') return refused('SERVICE_INVALID', 405);
    const consentStatus = this.statusOf(consent);
    if (status !== undefined) return jsonAnswer(JSON.stringify({ consentStatus }));
    const { access, frequencyPerDay, recurringIndicator, validUntil } = asked;
    const lastActionDate = dayText(consent.changedEpochMs);
    const body = { access, recurringIndicator, validUntil, frequencyPerDay, lastActionDate, consentStatus };
    return jsonAnswer(JSON.stringify(body));
  }

  /** In the standard's words. */
  statusOf(consent: Consent): string {
    const isPast = consent.status === 'authorised' && this.#deps.grants.isOver(consent);
    return isPast ? 'expired' : words[consent.status];
  }

  #create({ headers, body, path: place }: ConsentRequest, approach: Approach): Answer {
    const asked = this.#read(headers, body, approach);
    if (typeof asked === 'string') return refused(asked, 400);
    const ends = Date.parse(`${asked.validUntil}T00:00:00Z`) + dayMs;
    const consent = this.#deps.grants.createConsent(approach, Object.keys(asked.access), ends);
    this.#asked.set(consent.id, asked);
    const self = `${place}/${consent.id}`;
    const links = this.#deps.linksOf(approach, consent, String(headers.host ?? 'localhost'));
    const _links = { ...links, self: { href: self }, status: { href: `${self}/status` } };
    const created = { consentStatus: words[consent.status], consentId: consent.id, _links };
    return {
      ...jsonAnswer(JSON.stringify(created), 'ok', 201),
      headers: { Location: self, 'ASPSP-SCA-Approach': 'REDIRECT' },
    };
  }

  /** @returns the standard's code of what is wrong */
  #read(headers: ConsentRequest['headers'], body: string, approach: Approach): Asked | MessageCode {
    const { access, recurringIndicator, validUntil, frequencyPerDay, combinedServiceIndicator } = objectOf(parse(body));
    const isRequest =
      recurringIndicator === true &&
      typeof frequencyPerDay === 'number' &&
      Number.isInteger(frequencyPerDay) &&
      frequencyPerDay >= 1 &&
      frequencyPerDay <= 4 &&
      combinedServiceIndicator === false &&
      typeof validUntil === 'string' &&
      date.test(validUntil) &&
      headers['psu-ip-address'] !== undefined;
    const redirectUri = this.#ours(headers['tpp-redirect-uri']);
    const refusedUri = this.#ours(headers['tpp-nok-redirect-uri'] ?? headers['tpp-redirect-uri']);
    if (!isRequest || redirectUri === undefined || refusedUri === undefined) return 'FORMAT_ERROR';
    const wanted = objectOf(access);
    const isAll = wanted.allPsd2 === 'allAccounts';
    // Left to the household: each list is there, and names nothing.
    const isChosen = ['accounts', 'balances', 'transactions'].every((name) => isEmptyList(wanted[name]));
    if (!isAll && !isChosen) return 'FORMAT_ERROR';
    if (isAll && approach === 'oauth') return 'SERVICE_INVALID'; // an option of the standard that this bank lacks
    const today = this.#deps.nowEpochMs();
    if (validUntil < dayText(today)) return 'PERIOD_INVALID';
    const latest = dayText(today + longestDays * dayMs);
    const [adjusted = latest] = [validUntil, latest].toSorted();
    return { access: wanted, frequencyPerDay, recurringIndicator, validUntil: adjusted, redirectUri, refusedUri };
  }

  /** @returns an address of the client's, whatever its query; `undefined` for any other */
  #ours(given: string | string[] | undefined): string | undefined {
    const url = URL.parse(String(given ?? ''));
    if (url === null) return undefined;
    return this.#deps.redirectUris?.includes(`${url.origin}${url.pathname}`) ? url.href : undefined;
  }
}

const words: Readonly<Record<ConsentStatus, string>> = {
  awaiting: 'received',
  authorised: 'valid',
  rejected: 'rejected',
  revoked: 'revokedByPsu',
  replaced: 'expired',
  terminated: 'terminatedByTpp',
};

function refused(code: MessageCode, status: number): Answer {
  return berlinError('tpp-messages', code, status);
}

function dayText(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
