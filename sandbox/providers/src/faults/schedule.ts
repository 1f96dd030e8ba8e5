/** Which call meets which fault. Seeded, and counted per connection, so that interleaved traffic changes no draw. */
import { hash32, hashText } from '../random.ts';
import { catalogue, type FaultKind, type FaultSetting, faultKinds } from './catalogue.ts';
import { readOptions } from './option-spec.ts';

/** Every connection. */
const EVERYONE = '*';

export interface FaultRequest {
  readonly id?: string;
  /** An access token, or `*`. */
  readonly token: string;
  /** Only calls of this path; by default every path the kind can act on. */
  readonly path?: string;
  readonly setting: FaultSetting;
  /** Matching calls let through first. */
  readonly after: number;
  /** Matching calls met after those; `null` = all. */
  readonly times: number | null;
  /** Of each matching call, 0 to 1. */
  readonly probability: number;
}

export interface FaultStatus {
  readonly id: string;
  readonly token: string;
  readonly path: string | null;
  readonly kind: FaultKind;
  readonly options: Readonly<Record<string, unknown>>;
  readonly after: number;
  readonly times: number | null;
  readonly probability: number;
  /** Calls met so far. */
  readonly hits: number;
}

/** What of a page decides which faults can act on it. */
export interface PageFacts {
  /** In `added`. */
  readonly records: number;
  /** Behind the first page of a pagination loop. */
  readonly insideLoop: boolean;
  /** Nothing was read before it. */
  readonly first: boolean;
  /** Asked for with a cursor. */
  readonly withCursor: boolean;
  /** In `removed`. */
  readonly removed: number;
  /** How many records its step and the one before remove. */
  removals(): number;
}

/** What is known about a call before its answer is chosen. */
export interface FaultTarget {
  readonly token: string;
  readonly path: string;
  /** `undefined` when the answer is no page. */
  readonly page?: PageFacts;
  /** Accounts that the answer lists. */
  readonly accounts?: number;
  /** Which the call is of; default: Plaid's interface. */
  readonly standard?: 'openbanking-uk' | 'berlin-group';
}

interface Active {
  readonly id: string;
  readonly request: FaultRequest;
  readonly seen: Map<string, number>;
  /** Connections for which it has ended. */
  readonly endedFor: Set<string>;
  matched: number;
  hits: number;
}

const allowed = new Set(['id', 'token', 'kind', 'path', 'after', 'times', 'probability', 'options']);

/** Reads what a caller sent. @returns what to say about the first thing wrong with it, as a text */
export function readFaultRequest(given: unknown): FaultRequest | string {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return 'the body must be a JSON object';
  const unknown = Object.keys(given).find((name) => !allowed.has(name));
  if (unknown !== undefined) return `unknown member ${JSON.stringify(unknown)}: a fault has ${[...allowed].join(', ')}`;
  const {
    id,
    token = EVERYONE,
    kind,
    path,
    after = 0,
    times,
    probability = 1,
    options,
  } = given as Record<string, unknown>;
  if (id !== undefined && (typeof id !== 'string' || !/^[\w.-]{1,64}$/.test(id))) {
    return 'id must be 1 to 64 letters, digits, dots, dashes';
  }
  if (typeof token !== 'string') return 'token must be an access token or "*"';
  if (path !== undefined && (typeof path !== 'string' || !path.startsWith('/'))) return 'path must begin with "/"';
  if (!Number.isInteger(after) || Number(after) < 0) return 'after must be a whole number from 0';
  if (times !== undefined && times !== null && (!Number.isInteger(times) || Number(times) < 1)) {
    return 'times must be a whole number from 1, or null';
  }
  if (typeof probability !== 'number' || !(probability > 0 && probability <= 1)) {
    return 'probability must be above 0 and at most 1';
  }
  const known = faultKinds.find((name) => name === kind);
  if (known === undefined) return `kind must be one of ${faultKinds.join(', ')}`;
  const values = readOptions(catalogue[known].options, options);
  if (typeof values === 'string') return values;
  return {
    ...(id === undefined ? {} : { id }),
    ...(path === undefined ? {} : { path }),
    token,
    setting: { kind: known, options: values } as FaultSetting, // readOptions has checked exactly this
    after: Number(after),
    times: times === undefined || times === null ? null : Number(times),
    probability,
  };
}

function canActOn(kind: FaultKind, { page, accounts = 0, standard }: FaultTarget): boolean {
  const { on } = catalogue[kind];
  if (on === 'a call of Open Banking') return standard === 'openbanking-uk';
  if (on === 'a call of the Berlin Group') return standard === 'berlin-group';
  if (standard !== undefined) return 'inAnyStandard' in catalogue[kind];
  if (on === 'any call') return true;
  if (on === 'a list of accounts') return accounts > 0;
  if (page === undefined) return false;
  switch (on) {
    case 'a page':
      return true;
    case 'a page with records':
      return page.records > 0;
    case 'a page with a cursor':
      return page.withCursor;
    case 'a page from the empty cursor':
      return !page.withCursor;
    case 'a page that removes':
      return page.removed > 0;
    case 'a page behind the first of a loop':
      return page.insideLoop;
    case 'a page that is not the very first':
      return !page.first;
    case 'a page with removals near':
      return page.removals() > 0;
  }
}

/** Errors that update mode cures. */
const loginCodes: ReadonlySet<string> = new Set([
  'ITEM_LOGIN_REQUIRED',
  'ITEM_LOCKED',
  'INVALID_CREDENTIALS',
  'USER_SETUP_REQUIRED',
  'PASSWORD_RESET_REQUIRED',
  'ADDITIONAL_CONSENT_REQUIRED',
  'ACCESS_NOT_GRANTED',
]);

export class FaultSchedule {
  readonly #seed: number;
  readonly #faults = new Map<string, Active>();
  /** Those that can still meet a call, oldest first. */
  #live: Active[] = [];
  #named = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** No call can meet a fault. */
  get idle(): boolean {
    return this.#live.length === 0;
  }

  /** @returns the fault's id; `null` when the id is taken */
  add(request: FaultRequest): string | null {
    const id = request.id ?? this.#freeId();
    if (this.#faults.has(id)) return null;
    const fault: Active = { id, request, seen: new Map(), endedFor: new Set(), matched: 0, hits: 0 };
    this.#faults.set(id, fault);
    this.#live.push(fault);
    return id;
  }

  /** @returns false when there is no such fault */
  remove(id: string): boolean {
    this.#live = this.#live.filter((fault) => fault.id !== id);
    return this.#faults.delete(id);
  }

  /** The user of a connection has logged in again: what asked for that ends. */
  endLoginFaults(token: string): void {
    for (const { id, request } of this.#faults.values()) {
      const { kind, options } = request.setting;
      const code = kind === 'plaid-error' ? options.code : kind === 'login-required' ? 'ITEM_LOGIN_REQUIRED' : '';
      if (request.token === token && loginCodes.has(code)) this.remove(id);
    }
  }

  clear(): void {
    this.#faults.clear();
    this.#live = [];
  }

  get(id: string): FaultStatus | undefined {
    return this.list().find((fault) => fault.id === id);
  }

  list(): FaultStatus[] {
    return [...this.#faults.values()].map(({ id, request, hits }) => ({
      id,
      token: request.token,
      path: request.path ?? null,
      kind: request.setting.kind,
      options: request.setting.options,
      after: request.after,
      times: request.times,
      probability: request.probability,
      hits,
    }));
  }

  /** The fault this call meets: the oldest that matches. Counts it. */
  meet(target: FaultTarget): FaultSetting | undefined {
    const fault = this.#live.find((candidate) => this.#matches(candidate, target));
    if (fault === undefined) return undefined;
    fault.hits += 1;
    if (fault.hits === fault.request.times) this.#live = this.#live.filter((other) => other !== fault);
    return fault.request.setting;
  }

  /** A connection has read a page from the empty cursor: some faults end with that. */
  fullRead(token: string): void {
    for (const fault of this.#live) {
      if ('endsAtFullRead' in catalogue[fault.request.setting.kind]) fault.endedFor.add(token);
    }
  }

  #matches(fault: Active, target: FaultTarget): boolean {
    const { request } = fault;
    const { token, path } = target;
    if (fault.endedFor.has(token)) return false;
    if (request.token !== EVERYONE && request.token !== token) return false;
    if (request.path !== undefined && request.path !== path) return false;
    if (!canActOn(request.setting.kind, target)) return false;
    fault.matched += 1;
    if (fault.matched <= request.after) return false;
    if (request.probability === 1) return true;
    const seen = fault.seen.get(token) ?? 0;
    fault.seen.set(token, seen + 1);
    return hash32(hashText(this.#seed, fault.id), hashText(0, token), seen) < request.probability * 4_294_967_296;
  }

  #freeId(): string {
    do this.#named += 1;
    while (this.#faults.has(`fault-${this.#named}`));
    return `fault-${this.#named}`;
  }
}
