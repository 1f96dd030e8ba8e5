/**
 * The Account and Transaction API of the UK's Open Banking without HTTP: path, query and headers in, an answer out. Written from the
 * published standard, versions 3.1.11 and 4.0.
 */
import { type Answer, jsonAnswer } from '../answer.ts';
import type { HeldAccount } from '../bank/held-account.ts';
import type { HeldTransaction } from '../bank/held-transaction.ts';
import type { Calls } from '../calls.ts';
import type { AccessBooks, Consent } from '../consent/grants.ts';
import { DailyQuota } from '../daily-quota.ts';
import { alterAnswer } from '../faults/alter-answer.ts';
import type { FaultSetting } from '../faults/catalogue.ts';
import type { FaultSchedule } from '../faults/schedule.ts';
import type { PlaidBank } from '../plaid/plaid-bank.ts';
import { calendarDay } from '../story/calendar.ts';
import type { Publication } from '../story/publication.ts';
import type { WebhookSender } from '../webhooks/webhook-sender.ts';
import { AuthorisationServer } from './authorisation/authorisation-server.ts';
import type { RegisteredClient } from './authorisation/client.ts';
import { BankEvents } from './bank-events.ts';
import { bodiless, obieError, type Version } from './error-body.ts';
import { accountJson, balancesJson, isInStandard, transactionJson } from './resources.ts';
import { type ObukSettings, usualSettings } from './settings.ts';

export interface ObukServiceDeps {
  readonly bank: PlaidBank;
  readonly publication: Publication;
  readonly faults: FaultSchedule;
  readonly calls: Calls;
  readonly connections: number;
  readonly nowEpochMs: () => number;
  /** Of events. */
  readonly sender: WebhookSender;
  /** Its tokens open the lists, too: those of `obukToken` come from nowhere and never end. */
  readonly client?: RegisteredClient | undefined;
  /** @returns the household that a login opens at every bank of the standard; `undefined` when none is left */
  householdOf(login: string): number | undefined;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const PATH = /^\/open-banking\/(v3\.1|v4\.0)\/aisp\/accounts(?:\/([^/]+)\/(balances|transactions))?$/;
const EVENTS = /^\/open-banking\/(v3\.1|v4\.0)\/events$/;
const TOKEN = /^Bearer obuk-sandbox-(0|[1-9]\d{0,7})$/;
const FILTER = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})?$/;

export const obukToken = (index: number): string => `obuk-sandbox-${index}`;

export const isObukPath = (path: string): boolean => /^\/open-banking(?:-auth)?\//.test(path);

interface Request {
  readonly version: Version;
  readonly index: number;
  readonly settings: ObukSettings;
  readonly path: string;
  readonly query: URLSearchParams;
  /** What links begin with. */
  readonly origin: string;
}

export class ObukService {
  readonly #deps: ObukServiceDeps;
  readonly #settings = new Map<number, ObukSettings>();
  /** By connection and path. */
  readonly #quota: DailyQuota;
  readonly #authorisation: AuthorisationServer;
  readonly events: BankEvents;
  #answers = 0;

  constructor(deps: ObukServiceDeps) {
    this.#deps = deps;
    this.#quota = new DailyQuota(deps.nowEpochMs);
    this.#authorisation = new AuthorisationServer({
      client: deps.client,
      nowEpochMs: deps.nowEpochMs,
      settings: (index) => this.settings(index),
      householdOf: deps.householdOf,
      onAgreed: (index) => this.set(index, { ...this.settings(index), consent: 'authorised' }),
      alter: (index, path, good) => this.#faulty({ version: 'v3.1', index }, path, good),
      count: (index, path, answer) => this.#counted(index === null ? null : obukToken(index), path, answer),
    });
    this.events = new BankEvents({
      ...{ clientId: deps.client?.clientId, sender: deps.sender, nowEpochMs: deps.nowEpochMs },
      sign: (claims, bank) => this.#authorisation.sign(claims, bank),
    });
  }

  settings(index: number): ObukSettings {
    return this.#settings.get(index) ?? usualSettings;
  }

  set(index: number, settings: ObukSettings): void {
    const before = this.settings(index);
    this.#settings.set(index, settings);
    if (settings.consent !== 'revoked' || before.consent === 'revoked') return;
    const ended = this.standing(index);
    this.#authorisation.grants.revokeAll(index);
    for (const consent of ended) this.events.tell(consent, 'consent-authorization-revoked');
  }

  /** Consents of the household that stand. */
  standing(index: number): readonly Consent[] {
    return this.#authorisation.grants.standing(index);
  }

  /** Access tokens of the household end now; refresh tokens stay good. */
  expireAccess(index: number): void {
    this.#authorisation.grants.expireAccess(index);
  }

  accessBooks(index: number): AccessBooks {
    return this.#authorisation.grants.books(index);
  }

  /** Answers one call and counts it. @param url path and query */
  answer(method: string, url: string, headers: Headers, body: string): Answer {
    const [path = '', query = ''] = url.split('?', 2);
    if (this.#authorisation.serves(path)) return this.#authorisation.answer(method, url, headers, body);
    const [, eventsOf] = EVENTS.exec(path) ?? [];
    if (eventsOf !== undefined) return this.#counted(null, '/events', this.#poll(method, eventsOf, headers, body));
    const [, version, account, list] = PATH.exec(path) ?? [];
    if (version === undefined) return this.#counted(null, 'other', bodiless(404, 'error:404'));
    const kind = `/${list ?? 'accounts'}`;
    if (method !== 'GET') return this.#counted(null, kind, bodiless(405, 'error:405'));
    const index = this.#indexOf(String(headers.authorization ?? ''), version as Version);
    if (!(index < this.#deps.connections)) return this.#counted(null, kind, bodiless(401, 'error:401'));
    const settings = this.settings(index);
    const request: Request = {
      version: version as Version,
      index,
      settings,
      path,
      query: new URLSearchParams(query),
      origin: `http://${String(headers.host ?? 'localhost')}`,
    };
    const interactionId = headers['x-fapi-interaction-id'];
    const good = this.#judged(request, kind, () =>
      this.#prepare(request, list, account && decodeURIComponent(account)),
    );
    const answer = this.#faulty(request, kind, good);
    this.#answers += 1;
    const echoed = typeof interactionId === 'string' ? { headers: { 'x-fapi-interaction-id': interactionId } } : {};
    return this.#counted(obukToken(index), kind, { ...answer, ...echoed });
  }

  #poll(method: string, version: string, { authorization }: Headers, body: string): Answer {
    const bearer = String(authorization ?? '').replace(/^Bearer /, '');
    if (!this.#authorisation.isClient(bearer, version as Version)) return bodiless(401, 'error:401');
    return method === 'POST' ? this.events.poll(version, body) : bodiless(405, 'error:405');
  }

  /** NaN for a token that opens nothing. */
  #indexOf(authorization: string, version: Version): number {
    const issued = this.#authorisation.grants.indexOf(authorization.replace(/^Bearer /, ''), version);
    return issued ?? Number(TOKEN.exec(authorization)?.[1] ?? Number.NaN);
  }

  #counted(token: string | null, kind: string, answer: Answer): Answer {
    this.#deps.calls.count(token, `/open-banking${kind}`, answer.outcome);
    return answer;
  }

  /** The consent and the quota come before what is asked for. */
  #judged({ version, index, settings }: Request, kind: string, prepare: () => Answer): Answer {
    if (settings.consent === 'expired') return bodiless(401, 'error:401');
    if (settings.consent === 'revoked') return obieError(version, 'UK.OBIE.Resource.InvalidConsentStatus', 403);
    const leftMs = this.#quota.spend(`${index}${kind}`, settings.callsPerDay);
    if (leftMs !== undefined) {
      return { ...bodiless(429, 'error:429'), retryAfter: String(Math.ceil(leftMs / 1_000)) };
    }
    return prepare();
  }

  #prepare(request: Request, list: string | undefined, id: string | undefined): Answer {
    const { bank, publication } = this.#deps;
    const { index, version } = request;
    // Without a horizon each read of the account list is of the next day.
    if (list === undefined && publication.horizon(index) === null)
      publication.told(index, publication.current(index) + 1);
    const held = bank.bank(index);
    const accounts = held.accounts().filter((each) => each.state === 'open' && isInStandard(each));
    if (list === undefined) {
      return this.#page(
        request,
        'Account',
        accounts.map((each) => accountJson(each, version)),
      );
    }
    const account = accounts.find((each) => each.id === id);
    // An id that is not known is no missing page: 400.
    if (account === undefined) return obieError(version, 'UK.OBIE.Resource.NotFound', 400);
    if (list === 'balances') {
      const time = `${calendarDay(held.today).text}T06:00:00+00:00`;
      return this.#page(request, 'Balance', balancesJson(account, time, version));
    }
    const from = request.query.get('fromBookingDateTime') ?? '';
    if (from !== '' && !FILTER.test(from)) return obieError(version, 'UK.OBIE.Field.InvalidDate', 400);
    return this.#page(
      request,
      'Transaction',
      this.#transactions(request, account, held.everything(), from.slice(0, 10)),
    );
  }

  /** The newest first. */
  #transactions(request: Request, account: HeldAccount, held: readonly HeldTransaction[], from: string) {
    const order = (one: HeldTransaction, other: HeldTransaction) =>
      one.date < other.date ? 1 : one.date > other.date ? -1 : 0;
    return held
      .filter(({ accountId, date }) => accountId === account.id && date >= from)
      .toSorted(order)
      .map((each) => transactionJson(each, request.version, { settings: request.settings, answers: this.#answers }));
  }

  #page({ query, settings, origin, path }: Request, name: string, records: readonly object[]): Answer {
    const page = Math.max(1, Number(query.get('page') ?? 1) || 1);
    const pages = Math.max(1, Math.ceil(records.length / settings.pageSize));
    const shown = records.slice((page - 1) * settings.pageSize, page * settings.pageSize);
    const linkTo = (number: number, base = `${origin}${path}`) => {
      const next = new URLSearchParams(query);
      next.set('page', String(number));
      return `${base}?${next}`;
    };
    const others = {
      absolute: () => linkTo(page + 1),
      path: () => linkTo(page + 1, path),
      'null-host': () => linkTo(page + 1, `null${path}`),
      self: () => linkTo(page),
      'foreign-host': () => linkTo(page + 1, `https://elsewhere.example${path}`),
      'other-list': () => linkTo(page + 1, `${origin}${path}/statements`),
    };
    const Next = page < pages ? { Next: others[settings.links]() } : {};
    const body = {
      Data: { [name]: shown },
      Links: { Self: linkTo(page), First: linkTo(1), ...Next, Last: linkTo(pages) },
      Meta: { TotalPages: pages },
    };
    return jsonAnswer(JSON.stringify(body));
  }

  #faulty({ version, index }: Pick<Request, 'version' | 'index'>, kind: string, good: Answer): Answer {
    const { faults, nowEpochMs } = this.#deps;
    if (faults.idle) return good;
    const fault = faults.meet({ token: obukToken(index), path: kind, standard: 'openbanking-uk' });
    return fault === undefined ? good : altered(good, fault, { version, nowEpochMs });
  }
}

function altered(
  good: Answer,
  fault: FaultSetting,
  { version, nowEpochMs }: { readonly version: Version; readonly nowEpochMs: () => number },
): Answer {
  const outcome = `fault:${fault.kind}`;
  if (fault.kind === 'obie-error')
    return obieError(version, fault.options.code as Parameters<typeof obieError>[1], fault.options.status, outcome);
  const answer = alterAnswer(good, fault, { requestId: '', nowEpochMs, count: null }) ?? good;
  // Its status and Retry-After alone: the standard has no body for it.
  return fault.kind === 'too-many' ? { ...answer, body: '', contentType: 'text/plain' } : answer;
}
