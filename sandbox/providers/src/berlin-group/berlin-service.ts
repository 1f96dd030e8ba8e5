/**
 * Account information of the Berlin Group's NextGenPSD2 without HTTP: path, query and headers in, an answer out. Written from the published
 * standard, version 1.3.11.
 */
import { type Answer, jsonAnswer } from '../answer.ts';
import type { HeldTransaction } from '../bank/held-transaction.ts';
import type { Calls } from '../calls.ts';
import type { AccessBooks } from '../consent/grants.ts';
import { DailyQuota } from '../daily-quota.ts';
import { alterAnswer } from '../faults/alter-answer.ts';
import type { FaultSetting } from '../faults/catalogue.ts';
import type { FaultSchedule } from '../faults/schedule.ts';
import type { PlaidBank } from '../plaid/plaid-bank.ts';
import { calendarDay } from '../story/calendar.ts';
import type { Publication } from '../story/publication.ts';
import { ConsentDesk, type ConsentDeskDeps } from './consent/consent-desk.ts';
import { type Approach, banks } from './consent/consents.ts';
import { berlinError, type MessageCode } from './error-body.ts';
import {
  accountJson,
  type BerlinResource,
  balancesJson,
  entryJson,
  isInStandard,
  resourcesOf,
  withNumbers,
} from './resources.ts';
import { type BerlinSettings, usualSettings } from './settings.ts';
import { isSignedPath, refusalOfSignature, signedBase } from './signature-gate.ts';

export interface BerlinServiceDeps {
  readonly bank: PlaidBank;
  readonly publication: Publication;
  readonly faults: FaultSchedule;
  readonly calls: Calls;
  readonly connections: number;
  readonly nowEpochMs: () => number;
  /** Its consents open the lists, too: those of `berlinConsent` come from nowhere and never end. */
  readonly client?: ConsentDeskDeps['client'];
  /** @returns the household that a login opens at every bank of the standard; `undefined` when none is left */
  householdOf(login: string): number | undefined;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const PATH = /^(\/berlin-group(?:\/oauth)?\/psd2\/v1)\/accounts(?:\/([^/]+)\/(balances|transactions))?$/;
const CONSENT = /^berlin-sandbox-(0|[1-9]\d{0,7})$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const STATUSES: readonly (string | null)[] = ['booked', 'pending', 'both'];
const UNATTENDED_DAYS = 90;
/** Request ids that are remembered, to find one that comes twice. */
const IDS_REMEMBERED = 100_000;

/** Id of a consent that is there from the start, and the whole secret of a connection: the bank of the redirect approach asks for no token. */
export const berlinConsent = (index: number): string => `berlin-sandbox-${index}`;

export const isBerlinPath = (path: string): boolean => /^\/berlin-group(?:-auth)?\//.test(path);

interface Request {
  readonly index: number;
  /** Of the consent by which it is asked for; absent for one that is there from the start. */
  readonly consent: string | undefined;
  /** Of the bank's API. */
  readonly base: string;
  readonly settings: BerlinSettings;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
}

export class BerlinService {
  readonly #deps: BerlinServiceDeps;
  readonly #settings = new Map<number, BerlinSettings>();
  readonly #quota: DailyQuota;
  readonly #requestIds = new Set<string>();
  readonly #desk: ConsentDesk;
  #answers = 0;

  constructor(deps: BerlinServiceDeps) {
    this.#deps = deps;
    this.#quota = new DailyQuota(deps.nowEpochMs);
    this.#desk = new ConsentDesk({
      client: deps.client,
      nowEpochMs: deps.nowEpochMs,
      settings: (index) => this.settings(index),
      householdOf: deps.householdOf,
      onAgreed: (index) => this.set(index, { ...this.settings(index), consent: 'valid' }),
      alter: (index, path, good) => this.#faulty({ index, settings: this.settings(index) }, path, good),
      count: (index, path, answer) => this.#counted(index === null ? null : berlinConsent(index), path, answer),
    });
  }

  settings(index: number): BerlinSettings {
    return this.#settings.get(index) ?? usualSettings;
  }

  set(index: number, settings: BerlinSettings): void {
    const before = this.settings(index);
    this.#settings.set(index, settings);
    if (settings.consent === 'revoked' && before.consent !== 'revoked') this.#desk.grants.revokeAll(index);
  }

  /** Access tokens of the household end now; refresh tokens stay good. */
  expireAccess(index: number): void {
    this.#desk.grants.expireAccess(index);
  }

  accessBooks(index: number): AccessBooks {
    return this.#desk.grants.books(index);
  }

  /** Answers one call and counts it. @param url path and query */
  answer(method: string, url: string, headers: Headers, body = ''): Answer {
    if (!isSignedPath(url)) return this.#answerUnsigned(method, url, headers, body);
    const code = refusalOfSignature(headers, body, this.#deps.client?.sealCertificate);
    if (code !== undefined) return this.#counted(null, '/unsigned', berlinError('tpp-messages', code, 401));
    return this.#answerUnsigned(method, url.replace(signedBase, banks.redirect), headers, body);
  }

  #answerUnsigned(method: string, url: string, headers: Headers, body: string): Answer {
    const [path = '', query = ''] = url.split('?', 2);
    if (this.#desk.serves(path)) {
      // Calls to the API have an id of their own each; pages and the token endpoint are not of it.
      const isRepeated = isApiPath(path) && !this.#isNewId(headers['x-request-id']);
      if (isRepeated) return this.#counted(null, '/consents', berlinError('tpp-messages', 'FORMAT_ERROR', 400));
      return this.#desk.answer(method, url, headers, body);
    }
    const match = PATH.exec(path);
    const [, base = '', resource, list] = match ?? [];
    const kind = match === null ? '/other' : `/${list ?? 'accounts'}`;
    const refused = (code: MessageCode, status: number) =>
      this.#counted(null, kind, berlinError('tpp-messages', code, status));
    if (match === null) return refused('RESOURCE_UNKNOWN', 404);
    if (method !== 'GET') return refused('SERVICE_INVALID', 405);
    const consentId = String(headers['consent-id'] ?? '');
    const fromStart = Number(CONSENT.exec(consentId)?.[1] ?? Number.NaN);
    const isFromStart = fromStart < this.#deps.connections;
    const opened = isFromStart ? { index: fromStart } : this.#opened(base, consentId, headers);
    if (opened.code !== undefined) {
      const { code, status, index } = opened;
      return this.#counted(
        index === undefined ? null : berlinConsent(index),
        kind,
        berlinError('tpp-messages', code, status),
      );
    }
    const { index } = opened;
    const settings = this.settings(index);
    const consent = isFromStart ? undefined : consentId;
    const request = { index, consent, base, settings, path, query: new URLSearchParams(query), headers };
    const good = this.#judged(request, kind, () =>
      this.#prepare(request, list, resource && decodeURIComponent(resource)),
    );
    const answer = this.#faulty(request, kind, good);
    this.#answers += 1;
    const requestId = headers['x-request-id'];
    const echoed = typeof requestId === 'string' ? { headers: { 'x-request-id': requestId } } : {};
    return this.#counted(berlinConsent(index), kind, { ...answer, ...echoed });
  }

  #opened(base: string, consentId: string, { authorization }: Headers) {
    const approach: Approach = base === banks.oauth ? 'oauth' : 'redirect';
    const bearer = typeof authorization === 'string' ? authorization.replace(/^Bearer /, '') : undefined;
    return this.#desk.opens(approach, consentId, bearer);
  }

  #counted(consent: string | null, kind: string, answer: Answer): Answer {
    this.#deps.calls.count(consent, `/berlin-group${kind}`, answer.outcome);
    return answer;
  }

  /** The request's own id, the consent and the quota come before what is asked for. */
  #judged({ index, consent, settings, headers }: Request, kind: string, prepare: () => Answer): Answer {
    const refused = (code: MessageCode, status: number) => berlinError(settings.errors, code, status);
    if (!this.#isNewId(headers['x-request-id'])) return refused('FORMAT_ERROR', 400);
    if (settings.consent === 'expired') return refused('CONSENT_EXPIRED', 401);
    if (settings.consent === 'revoked') return refused('CONSENT_INVALID', 401);
    if (settings.consent === 'unknown') return refused('CONSENT_UNKNOWN', 403);
    const isAttended = headers['psu-ip-address'] !== undefined;
    if (!isAttended && this.#quota.spend(`${consent ?? index}${kind}`, settings.callsPerDay) !== undefined)
      return refused('ACCESS_EXCEEDED', 429);
    return prepare();
  }

  /** A UUID, and one that no call has had before. */
  #isNewId(id: string | string[] | undefined): boolean {
    if (typeof id !== 'string' || !UUID.test(id) || this.#requestIds.has(id)) return false;
    if (this.#requestIds.size >= IDS_REMEMBERED) this.#requestIds.clear();
    this.#requestIds.add(id);
    return true;
  }

  #prepare(request: Request, list: string | undefined, id: string | undefined): Answer {
    const { bank, publication } = this.#deps;
    const { index, settings, consent } = request;
    const path = `${request.base}/accounts`;
    // Without a horizon each read of the account list is of the next day.
    if (list === undefined && publication.horizon(index) === null)
      publication.told(index, publication.current(index) + 1);
    const held = bank.bank(index);
    const open = held.accounts().filter((each) => each.state === 'open' && isInStandard(each));
    const resources = resourcesOf(open, settings, `bank-${index}`, consent);
    if (list === undefined) return this.#list({ accounts: resources.map((each) => accountJson(each, path)) }, request);
    const resource = resources.find(({ resourceId }) => resourceId === id);
    if (resource === undefined) return berlinError(settings.errors, 'RESOURCE_UNKNOWN', 404);
    const account = { iban: resource.iban };
    if (list === 'balances') {
      return this.#list({ account, balances: balancesJson(resource, calendarDay(held.today).text) }, request);
    }
    return this.#refusedQuery(request, held.today) ?? this.#report(request, resource, held.everything());
  }

  #list(body: object, { settings }: Request): Answer {
    return jsonAnswer(withNumbers(JSON.stringify(body), settings.amounts));
  }

  /** @returns `undefined` for a query that the bank takes */
  #refusedQuery({ query, settings }: Request, today: number): Answer | undefined {
    const refused = (code: MessageCode) => berlinError(settings.errors, code, 400);
    const status = query.get('bookingStatus');
    const from = query.get('dateFrom') ?? '';
    if (!STATUSES.includes(status) || !DATE.test(from)) return refused('FORMAT_ERROR');
    if (status !== 'booked' && settings.pending === 'refused') return refused('PARAMETER_NOT_SUPPORTED');
    const earliest = calendarDay(today - UNATTENDED_DAYS).text;
    return settings.history === '90-days' && from < earliest ? refused('PERIOD_INVALID') : undefined;
  }

  /** What is pending first, then the newest. */
  #report(request: Request, resource: BerlinResource, everything: readonly HeldTransaction[]): Answer {
    const { query, settings, path } = request;
    if (settings.report === 'download') {
      return jsonAnswer(JSON.stringify({ _links: { download: { href: `www.bank.example${path}/download/` } } }));
    }
    if (settings.report === 'empty') return jsonAnswer('{}');
    const ids = new Set(resource.accounts.map((account) => account.id));
    const [status, from = ''] = [query.get('bookingStatus'), query.get('dateFrom') ?? ''];
    const order = (one: HeldTransaction, other: HeldTransaction) =>
      Number(other.pending) - Number(one.pending) || (one.date < other.date ? 1 : one.date > other.date ? -1 : 0);
    const held = everything
      .filter(({ accountId }) => ids.has(accountId))
      .filter(({ pending, date }) => (pending ? status !== 'booked' : status !== 'pending' && date >= from))
      .toSorted(order);
    const page = Math.max(1, Number(query.get('page') ?? 1) || 1);
    const shown = held.slice((page - 1) * settings.pageSize, page * settings.pageSize);
    const of = (isPending: boolean) =>
      shown
        .filter(({ pending }) => pending === isPending)
        .map((each) => entryJson(each, resource, { settings, answers: this.#answers }));
    const next = page * settings.pageSize < held.length ? { next: { href: linkTo(request, page) } } : {};
    const transactions = {
      ...(status !== 'pending' && { booked: of(false) }),
      ...(status !== 'booked' && { pending: of(true) }),
      _links: { account: { href: path.replace(/\/transactions$/, '') }, ...next },
    };
    return this.#list({ account: { iban: resource.iban }, transactions }, request);
  }

  #faulty({ index, settings }: Pick<Request, 'index' | 'settings'>, kind: string, good: Answer): Answer {
    const { faults, nowEpochMs } = this.#deps;
    if (faults.idle) return good;
    const fault = faults.meet({ token: berlinConsent(index), path: kind, standard: 'berlin-group' });
    return fault === undefined ? good : altered(good, fault, settings, nowEpochMs);
  }
}

const isApiPath = (path: string): boolean => Object.values(banks).some((base) => path.startsWith(`${base}/`));

/** Of the page behind this one. */
function linkTo({ query, settings, path, headers }: Request, page: number): string {
  const origin = `http://${String(headers.host ?? 'localhost')}`;
  const to = (number: number) => {
    const next = new URLSearchParams(query);
    next.set('page', String(number));
    return `?${next}`;
  };
  const next = to(page + 1);
  const forms = {
    absolute: () => `${origin}${path}${next}`,
    path: () => `${path}${next}`,
    'gateway-path': () => `${path.replace('/berlin-group', '/internal')}${next}`,
    'no-scheme': () => `www.bank.example${path}${next}`,
    'null-host': () => `null${path}${next}`,
    self: () => `${origin}${path}${to(page)}`,
    'foreign-host': () => `https://elsewhere.example${path}${next}`,
    'other-list': () => `${origin}${path.replace(/transactions$/, 'balances')}${next}`,
    malformed: () => `http://[${path}${next}`,
  };
  return forms[settings.links]();
}

function altered(good: Answer, fault: FaultSetting, { errors }: BerlinSettings, nowEpochMs: () => number): Answer {
  if (fault.kind === 'tpp-error') {
    const { code, status } = fault.options;
    return berlinError(errors, code as MessageCode, status, `fault:${fault.kind}`);
  }
  const answer = alterAnswer(good, fault, { requestId: '', nowEpochMs, count: null }) ?? good;
  if (fault.kind !== 'too-many') return answer;
  const { body, contentType } = berlinError(errors, 'ACCESS_EXCEEDED', 429);
  return { ...answer, body, contentType };
}
