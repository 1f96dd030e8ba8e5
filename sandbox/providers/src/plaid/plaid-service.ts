/** Plaid's HTTP interface without HTTP: path, headers and body in, an answer out. */
import { type Answer, jsonAnswer } from '../answer.ts';
import type { Calls } from '../calls.ts';
import { alterAnswer } from '../faults/alter-answer.ts';
import { alterPage } from '../faults/alter-page.ts';
import type { FaultSchedule, PageFacts } from '../faults/schedule.ts';
import { type PlaidErrorCode, plaidError } from './error-body.ts';
import { indexOfToken, requestId } from './identifiers.ts';
import type { PlaidBank, SyncRequest } from './plaid-bank.ts';
import type { RateLimit } from './rate-limit.ts';
import { readAccountFilter, readSyncRequest } from './request.ts';
import { type SyncPage, syncPageJson } from './sync-page.ts';

export interface PlaidServiceDeps {
  readonly bank: PlaidBank;
  readonly faults: FaultSchedule;
  readonly calls: Calls;
  readonly rateLimit: RateLimit;
  readonly seed: number;
  readonly connections: number;
  readonly clientId: string;
  readonly secret: string;
  readonly nowEpochMs: () => number;
}

/** Header names in lower case. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

const SYNC = '/transactions/sync';
const ACCOUNTS = '/accounts/get';
const BALANCES = '/accounts/balance/get';
const ITEM = '/item/get';

export const plaidPaths: readonly string[] = [SYNC, ACCOUNTS, BALANCES, ITEM];

/** A good answer, and the page in it. */
interface Prepared {
  readonly answer: Answer;
  readonly sync?: { readonly page: SyncPage; readonly request: SyncRequest };
}

export class PlaidService {
  readonly #deps: PlaidServiceDeps;

  constructor(deps: PlaidServiceDeps) {
    this.#deps = deps;
  }

  /** Answers one call and counts it. Never throws. */
  answer(method: string, path: string, headers: Headers, body: string): Answer {
    const { seed, calls } = this.#deps;
    if (method !== 'POST' || !plaidPaths.includes(path)) {
      return this.#counted(null, 'other', this.#refusal('NOT_FOUND', requestId(seed, path)));
    }
    const id = requestId(seed, path + body);
    const fields = readObject(body);
    if (fields === null) return this.#counted(null, path, this.#refusal('INVALID_BODY', id));
    const clientId = fields.client_id ?? headers['plaid-client-id'];
    const secret = fields.secret ?? headers['plaid-secret'];
    const { access_token: token } = fields;
    if (typeof clientId !== 'string' || typeof secret !== 'string' || typeof token !== 'string') {
      const missing = Object.entries({ client_id: clientId, secret, access_token: token })
        .filter(([, value]) => typeof value !== 'string')
        .map(([name]) => name);
      const message = `the following required fields are missing: ${missing.join(', ')}`;
      return this.#counted(null, path, this.#refusal('MISSING_FIELDS', id, message));
    }
    if (clientId !== this.#deps.clientId || secret !== this.#deps.secret) {
      return this.#counted(null, path, this.#refusal('INVALID_API_KEYS', id));
    }
    const index = indexOfToken(token);
    if (index === null || index >= this.#deps.connections) {
      return this.#counted(null, path, this.#refusal('INVALID_ACCESS_TOKEN', id));
    }
    const answer = this.#faulty(token, index, path, id, this.#prepare(path, index, id, fields));
    calls.count(token, path, answer.outcome);
    return answer;
  }

  #counted(token: string | null, path: string, answer: Answer): Answer {
    this.#deps.calls.count(token, path, answer.outcome);
    return answer;
  }

  #refusal(code: PlaidErrorCode, id: string, message?: string): Answer {
    const { status, body } = plaidError(code, id, message === undefined ? {} : { message });
    return jsonAnswer(body, `error:${code}`, status);
  }

  #prepare(path: string, index: number, id: string, fields: Record<string, unknown>): Prepared {
    const { bank } = this.#deps;
    if (path === SYNC) return this.#prepareSync(index, id, fields);
    if (path === ITEM) {
      const status = `{"last_webhook":null,"transactions":{"last_failed_update":null,"last_successful_update":"${bank.updatedAt(index)}"}}`;
      return { answer: jsonAnswer(`{"item":${bank.item(index)},"request_id":"${id}","status":${status}}`) };
    }
    const open = bank.accounts(index);
    const wanted = readAccountFilter(fields, open);
    if (!Array.isArray(wanted)) return { answer: this.#refusal(wanted.code, id, wanted.message) };
    const accounts = open.filter(([account]) => wanted.includes(account)).map(([, json]) => json);
    return {
      answer: jsonAnswer(`{"accounts":[${accounts.join(',')}],"item":${bank.item(index)},"request_id":"${id}"}`),
    };
  }

  #prepareSync(index: number, id: string, fields: Record<string, unknown>): Prepared {
    const { bank, rateLimit } = this.#deps;
    const refused = rateLimit.take(index);
    if (refused !== undefined) return { answer: this.#refusal('TRANSACTIONS_SYNC_LIMIT', id, refused) };
    const request = readSyncRequest(fields, bank.accountIds(index));
    if ('message' in request) return { answer: this.#refusal(request.code, id, request.message) };
    const page = bank.syncPage(index, request);
    if (page === 'foreign-cursor') {
      return { answer: this.#refusal('INVALID_FIELD', id, 'cursor not associated with access_token') };
    }
    if (page === 'mutation') return { answer: this.#refusal('TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION', id) };
    return { answer: jsonAnswer(syncPageJson(page)), sync: { page, request } };
  }

  #pageFacts(index: number, { page, request }: NonNullable<Prepared['sync']>): PageFacts {
    const { bank } = this.#deps;
    return {
      ...bank.placeOf(index, request.cursor),
      records: page.added.length,
      removals: () => bank.removedRecords(index, request.cursor).length,
    };
  }

  #faulty(token: string, index: number, path: string, id: string, { answer, sync }: Prepared): Answer {
    const { bank, faults, nowEpochMs } = this.#deps;
    if (faults.idle) return answer;
    const cursor = sync?.request.cursor ?? null;
    const target = { token, path };
    const fault = faults.meet(sync === undefined ? target : { ...target, page: this.#pageFacts(index, sync) });
    if (fault === undefined) return answer;
    const altered = alterAnswer(answer, fault, { requestId: id, nowEpochMs });
    if (altered !== null || sync === undefined) return altered ?? answer;
    const page = alterPage(sync.page, fault, {
      pageBefore: () => bank.pageBefore(index, sync.request),
      removedRecords: () => bank.removedRecords(index, cursor),
      earlierRecords: (count) => bank.earlierRecords(index, cursor, count),
    });
    return page === null ? answer : jsonAnswer(syncPageJson(page), `fault:${fault.kind}`);
  }
}

function readObject(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
