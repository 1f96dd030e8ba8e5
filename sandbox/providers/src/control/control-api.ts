/** The control API without HTTP: what tests, load runs and boards switch and count. Errors are 400, 404 or 409 with a message. */
import { tellBadDays } from '../bank/bad-days.ts';
import { ChangeRefused, readChange } from '../bank/change.ts';
import type { BerlinService } from '../berlin-group/berlin-service.ts';
import { readBerlinSettings } from '../berlin-group/settings.ts';
import type { Calls } from '../calls.ts';
import { type FaultSchedule, readFaultRequest } from '../faults/schedule.ts';
import { type Latency, latencyFault } from '../latency.ts';
import type { LinkDesk } from '../link/link-desk.ts';
import { eventKinds } from '../openbanking-uk/bank-events.ts';
import type { ObukService } from '../openbanking-uk/obuk-service.ts';
import { readObukSettings } from '../openbanking-uk/settings.ts';
import { plaidError } from '../plaid/error-body.ts';
import { accessToken, indexOfToken } from '../plaid/identifiers.ts';
import type { PlaidBank } from '../plaid/plaid-bank.ts';
import type { RateLimit } from '../plaid/rate-limit.ts';
import { EVERYONE, type Publication } from '../story/publication.ts';
import { LAST_STEP, type Story } from '../story/story.ts';
import type { WebhookRequest, Webhooks } from '../webhooks/webhooks.ts';

export interface ControlDeps {
  readonly story: Story;
  readonly publication: Publication;
  readonly bank: PlaidBank;
  readonly desk: LinkDesk;
  readonly webhooks: Webhooks;
  readonly faults: FaultSchedule;
  readonly calls: Calls;
  readonly latency: Latency;
  readonly rateLimit: RateLimit;
  readonly obuk: ObukService;
  readonly berlin: BerlinService;
}

export interface ControlAnswer {
  readonly status: number;
  /** JSON value. */
  readonly body: unknown;
}

/** A request that cannot be answered: becomes `{ "error": message }`. */
class Refused extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

type Route = (parts: readonly string[], query: URLSearchParams, body: () => Record<string, unknown>) => unknown;

function readBody(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw new Refused('the body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refused('the body must be a JSON object');
  return value as Record<string, unknown>;
}

function onlyMembers(body: Record<string, unknown>, allowed: readonly string[]): void {
  const unknown = Object.keys(body).find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw new Refused(`unknown member ${JSON.stringify(unknown)}: give ${allowed.join(', ')}`);
}

/** A whole number within bounds, or `null` where that means "none". */
function whole(value: unknown, name: string, from: number, to: number, none = ''): number | null {
  if (value === null && none !== '') return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to) return value;
  throw new Refused(
    `${name} must be a whole number from ${from} to ${to}${none === '' ? '' : `, or null for ${none}`}`,
  );
}

export class ControlApi {
  readonly #deps: ControlDeps;
  readonly #routes: Readonly<Record<string, Route>>;

  constructor(deps: ControlDeps) {
    this.#deps = deps;
    this.#routes = {
      'GET faults': () => deps.faults.list(),
      'POST faults': (_, __, body) => this.#addFault(body()),
      'DELETE faults': () => deps.faults.clear(),
      'GET faults/:': ([id = '']) => deps.faults.get(id) ?? this.#noFault(id),
      'DELETE faults/:': ([id = '']) => (deps.faults.remove(id) ? undefined : this.#noFault(id)),
      'GET latency': () => deps.latency.settings,
      'POST latency': (_, __, body) => this.#setLatency(body()),
      'GET limits': () => deps.rateLimit.limits,
      'POST limits': (_, __, body) => this.#setLimits(body()),
      'GET calls': (_, query) => this.#countedCalls(query.get('token')),
      'DELETE calls': () => deps.calls.reset(),
      'GET webhooks': () => ({ url: deps.webhooks.defaultUrl, ...deps.webhooks.counts() }),
      'POST webhooks': (_, __, body) => this.#setWebhookUrl(body()),
      'POST webhook-keys': (_, __, body) => this.#rotateKeys(body()),
      'POST connections/:/webhook': ([token = ''], _, body) => this.#sendWebhook(this.#index(token), body()),
      'GET connections/:': ([token = '']) => this.#connection(this.#index(token)),
      'POST connections/:': ([token = ''], _, body) => this.#setConnection(token, body()),
      'POST connections/:/advance': ([token = ''], _, body) => this.#advance(token, body()),
      'POST connections/:/changes': ([token = ''], _, body) => this.#change(this.#index(token), body()),
      'POST connections/:/restart': ([token = ''], _, body) => this.#restart(this.#index(token), body()),
      'POST connections/:/relink': ([token = ''], _, body) => this.#relink(this.#index(token), body()),
      'POST connections/:/bad-days': ([token = ''], _, body) => this.#badDays(this.#index(token), body()),
      'GET open-banking/:': ([token = '']) => deps.obuk.settings(this.#index(token)),
      'POST open-banking/:': ([token = ''], _, body) => this.#setObuk(this.#index(token), body()),
      'GET open-banking/:/access': ([token = '']) => deps.obuk.accessBooks(this.#index(token)),
      'POST open-banking/:/events': ([token = ''], _, body) => this.#bankEvent(this.#index(token), body()),
      'GET bank-events': () => ({ url: deps.obuk.events.url, ...deps.obuk.events.counts() }),
      'POST bank-events': (_, __, body) => this.#setEventsUrl(body()),
      'POST open-banking/:/expire-access': ([token = '']) => deps.obuk.expireAccess(this.#index(token)),
      'GET berlin-group/:': ([token = '']) => deps.berlin.settings(this.#index(token)),
      'GET berlin-group/:/access': ([token = '']) => deps.berlin.accessBooks(this.#index(token)),
      'POST berlin-group/:/expire-access': ([token = '']) => deps.berlin.expireAccess(this.#index(token)),
      'POST berlin-group/:': ([token = ''], _, body) => this.#setBerlin(this.#index(token), body()),
      'GET connections/:/holds': ([token = '']) => deps.bank.holds(this.#index(token)),
      'GET connections/:/truth': ([token = ''], query) => this.#truth(this.#index(token), query.get('cursor')),
    };
  }

  /** @param path behind `/control`, with its query; without a leading slash */
  answer(method: string, path: string, body: string): ControlAnswer {
    try {
      const [place = '', query = ''] = path.split('?', 2);
      const [head = '', subject, ...rest] = place.split('/').map(decode);
      const shape = [head, ...(subject === undefined ? [] : [':']), ...rest].join('/');
      const route = this.#routes[`${method} ${shape}`];
      if (route === undefined) {
        throw new Refused(`no such call; there are: ${Object.keys(this.#routes).join(', ')} (all below /control)`, 404);
      }
      const value = route(subject === undefined ? [] : [subject], new URLSearchParams(query), () => readBody(body));
      return { status: 200, body: value ?? { done: true } };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { status: error.status, body: { error: error.message } };
    }
  }

  /** By the token of any standard: the bank behind all is the same. */
  #index(token: string): number {
    const index = indexOfAnyToken(token);
    if (index === null || index >= this.#deps.story.options.connections) {
      const last = accessToken(this.#deps.story.options.connections - 1);
      throw new Refused(
        `no connection has the access token ${JSON.stringify(token)}: there are ${accessToken(0)} to ${last}`,
        404,
      );
    }
    return index;
  }

  #setObuk(index: number, body: Record<string, unknown>) {
    const { obuk } = this.#deps;
    const settings = readObukSettings(obuk.settings(index), body);
    if (typeof settings === 'string') throw new Refused(settings);
    obuk.set(index, settings);
    return settings;
  }

  /** About each consent of the household that stands; with `deliver: false` it comes back signed, and is told to nobody. */
  #bankEvent(index: number, body: Record<string, unknown>) {
    onlyMembers(body, ['kind', 'claims', 'deliver']);
    const { obuk } = this.#deps;
    const kind = eventKinds.find((each) => each === body.kind);
    if (kind === undefined) throw new Refused(`kind must be one of ${eventKinds.join(', ')}`);
    const claims = typeof body.claims === 'object' && body.claims !== null ? { ...body.claims } : {};
    const standing = obuk.standing(index);
    if (body.deliver === false) return { tokens: standing.map((each) => obuk.events.signed(each, kind, claims).token) };
    for (const consent of standing) obuk.events.tell(consent, kind, claims);
    return { tokens: [] };
  }

  #setEventsUrl(body: Record<string, unknown>) {
    onlyMembers(body, ['url']);
    const { url = null } = body;
    if (url !== null && (typeof url !== 'string' || !URL.canParse(url)))
      throw new Refused('url must be an address, or null for none');
    this.#deps.obuk.events.url = url;
    return { url };
  }

  #setBerlin(index: number, body: Record<string, unknown>) {
    const { berlin } = this.#deps;
    const settings = readBerlinSettings(berlin.settings(index), body);
    if (typeof settings === 'string') throw new Refused(settings);
    berlin.set(index, settings);
    return settings;
  }

  #who(token: string): number | typeof EVERYONE {
    return token === EVERYONE ? EVERYONE : this.#index(token);
  }

  #noFault(id: string): never {
    throw new Refused(`no fault has the id ${JSON.stringify(id)}`, 404);
  }

  #addFault(body: Record<string, unknown>) {
    const request = readFaultRequest(body);
    if (typeof request === 'string') throw new Refused(request);
    if (request.token !== EVERYONE) {
      const index = indexOfAnyToken(request.token);
      if (index === null || index >= this.#deps.story.options.connections) {
        throw new Refused(`token names no connection: ${JSON.stringify(request.token)}; "*" is all`);
      }
    }
    const id = this.#deps.faults.add(request);
    if (id === null)
      throw new Refused(`a fault with the id ${JSON.stringify(request.id)} exists: DELETE it first`, 409);
    if (request.setting.kind === 'login-required' && request.token !== EVERYONE)
      this.#tellLoginError(this.#index(request.token));
    return this.#deps.faults.get(id);
  }

  #tellLoginError(index: number): void {
    const { body } = plaidError('ITEM_LOGIN_REQUIRED', '');
    const { request_id: _, documentation_url: __, ...error } = JSON.parse(body) as Record<string, unknown>;
    this.#deps.webhooks.send(index, { type: 'ITEM', code: 'ERROR', members: { error: { ...error, status: 400 } } });
  }

  #setLatency(body: Record<string, unknown>) {
    onlyMembers(body, ['medianMs', 'p99Ms']);
    const { medianMs, p99Ms = medianMs } = body;
    if (typeof medianMs !== 'number' || typeof p99Ms !== 'number')
      throw new Refused('medianMs and p99Ms must be numbers');
    const wrong = latencyFault({ medianMs, p99Ms });
    if (wrong !== undefined) throw new Refused(wrong);
    this.#deps.latency.settings = { medianMs, p99Ms };
    return this.#deps.latency.settings;
  }

  #setLimits(body: Record<string, unknown>) {
    const names = [
      'perItemPerMinute',
      'perClientPerMinute',
      'accountsPerItemPerMinute',
      'balancesPerItemPerMinute',
      'itemsPerItemPerMinute',
    ] as const;
    onlyMembers(body, names);
    const given = names.filter((name) => name in body);
    const limits = given.map((name) => [name, whole(body[name], name, 0, 1_000_000_000, 'no limit')] as const);
    this.#deps.rateLimit.limits = { ...this.#deps.rateLimit.limits, ...Object.fromEntries(limits) };
    return this.#deps.rateLimit.limits;
  }

  #countedCalls(token: string | null) {
    const { calls } = this.#deps;
    if (token === null) return { ...calls.total(), byToken: calls.byToken() };
    this.#index(token);
    return calls.ofToken(token);
  }

  #connection(index: number) {
    const { story, bank, publication } = this.#deps;
    const accountIds = bank.accounts(index).map(([id]) => id);
    return {
      token: accessToken(index),
      currency: story.household(index).currency.code,
      accounts: accountIds.length,
      account_ids: accountIds,
      published: publication.horizon(index),
      pageSize: publication.pageSize(index) ?? null,
    };
  }

  #setConnection(token: string, body: Record<string, unknown>) {
    onlyMembers(body, ['published', 'pageSize', 'consentEnds']);
    const who = this.#who(token);
    const { publication } = this.#deps;
    const published = 'published' in body ? whole(body.published, 'published', 0, LAST_STEP - 1, 'no end') : undefined;
    const pageSize = 'pageSize' in body ? whole(body.pageSize, 'pageSize', 1, 500, 'no cap') : undefined;
    if ('consentEnds' in body) this.#setConsentEnd(who, body.consentEnds);
    if (published !== undefined) publication.publish(who, published);
    if (pageSize !== undefined) publication.setPageSize(who, pageSize);
    return who === EVERYONE ? undefined : this.#connection(who);
  }

  #advance(token: string, body: Record<string, unknown>) {
    onlyMembers(body, ['steps']);
    const who = this.#who(token);
    const steps = whole(body.steps ?? 1, 'steps', 1, LAST_STEP) ?? 1;
    if (this.#deps.publication.advance(who, steps) === 0) {
      throw new Refused('nothing to advance: the story has no end here; set one with {"published": <step>} first', 409);
    }
    this.#tell(who);
    return who === EVERYONE ? undefined : this.#connection(who);
  }

  /** As Plaid tells: of Items whose transactions have been asked for. */
  #tell(who: number | typeof EVERYONE): void {
    const { bank, webhooks, story } = this.#deps;
    const [from, to] = who === EVERYONE ? [0, story.options.connections - 1] : [who, who];
    for (let index = from; index <= to; index += 1) if (bank.hasBegun(index)) webhooks.updatesAvailable(index);
  }

  #setConsentEnd(who: number | typeof EVERYONE, time: unknown): void {
    if (who === EVERYONE) throw new Refused('consentEnds is set for one connection at a time');
    if (time !== null && (typeof time !== 'string' || Number.isNaN(Date.parse(time))))
      throw new Refused('consentEnds must be a date-time, or null for none');
    this.#deps.desk.setConsentEnd(who, time);
  }

  #setWebhookUrl(body: Record<string, unknown>) {
    onlyMembers(body, ['url']);
    const { url = null } = body;
    if (url !== null && (typeof url !== 'string' || !URL.canParse(url)))
      throw new Refused('url must be an address, or null for none');
    this.#deps.webhooks.defaultUrl = url;
    return { url };
  }

  #rotateKeys(body: Record<string, unknown>) {
    onlyMembers(body, ['expireOld']);
    return { keyId: this.#deps.webhooks.signer.rotate(body.expireOld === true) };
  }

  /** With `deliver: false` the signed request comes back instead of being sent. */
  #sendWebhook(index: number, body: Record<string, unknown>) {
    onlyMembers(body, ['type', 'code', 'members', 'issuedEpochSeconds', 'deliver']);
    const { type, code, members, issuedEpochSeconds, deliver = true } = body;
    if (typeof type !== 'string' || typeof code !== 'string') throw new Refused('type and code must be texts');
    const { webhooks } = this.#deps;
    const webhook = {
      type,
      code,
      ...(typeof members === 'object' && members !== null && { members }),
      ...(typeof issuedEpochSeconds === 'number' && { issuedEpochSeconds }),
    } as WebhookRequest;
    if (deliver === false) return webhooks.signed(index, webhook);
    if (!webhooks.send(index, webhook)) throw new Refused('nobody listens: POST webhooks {"url": ...} first', 409);
    return undefined;
  }

  /** All changes or, when one is refused, those before it. */
  #change(index: number, body: Record<string, unknown>) {
    onlyMembers(body, ['changes']);
    const { changes: given } = body;
    if (!Array.isArray(given) || given.length === 0) throw new Refused('changes must be a list with something in it');
    const changes = given.map((each, place) => {
      const change = readChange(each);
      if (typeof change === 'string') throw new Refused(`changes[${place}]: ${change}`);
      return change;
    });
    try {
      return {
        results: changes.map((change, place) => {
          try {
            return this.#deps.bank.change(index, change);
          } catch (error) {
            if (!(error instanceof ChangeRefused)) throw error;
            throw new Refused(`changes[${place}]: ${error.message}`, 409);
          }
        }),
      };
    } finally {
      this.#tell(index);
    }
  }

  #restart(index: number, body: Record<string, unknown>) {
    onlyMembers(body, ['transactions']);
    const { historyTransactions } = this.#deps.story.options;
    const transactions = whole(body.transactions ?? historyTransactions, 'transactions', 0, 100_000) ?? 0;
    this.#deps.bank.restart(index, transactions);
    return this.#connection(index);
  }

  #relink(index: number, body: Record<string, unknown>) {
    onlyMembers(body, ['to']);
    if (typeof body.to !== 'string') throw new Refused('to must be the access token of the new Item');
    const to = this.#index(body.to);
    if (to === index) throw new Refused('to must be another connection: a new Item has a token of its own');
    this.#deps.bank.relink(index, to);
    return this.#connection(to);
  }

  #badDays(index: number, body: Record<string, unknown>) {
    onlyMembers(body, ['days', 'seed']);
    const days = whole(body.days ?? 1, 'days', 1, 1_000) ?? 1;
    const seed = whole(body.seed ?? this.#deps.story.options.seed, 'seed', 0, 4_294_967_295) ?? 0;
    const changes = tellBadDays(this.#deps.bank, index, { days, seed });
    this.#tell(index);
    return { changes };
  }

  #truth(index: number, cursor: string | null) {
    const truth = this.#deps.bank.truth(index, cursor);
    if (truth === 'foreign-cursor') throw new Refused('cursor was not given out by this connection');
    return Object.fromEntries(truth);
  }
}

function indexOfAnyToken(token: string): number | null {
  return indexOfToken(token.replace(/^(?:obuk|berlin)-sandbox-/, 'access-sandbox-'));
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Refused('the path is not valid percent-encoding');
  }
}
