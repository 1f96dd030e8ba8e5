/** Plaid's HTTP interface without HTTP: path, headers and body in, an answer out. */
import { type Answer, jsonAnswer } from '../answer.ts';
import type { Calls } from '../calls.ts';
import { alterAccounts, isAccountFault } from '../faults/alter-accounts.ts';
import { alterAnswer } from '../faults/alter-answer.ts';
import { alterPage, type PageSurroundings } from '../faults/alter-page.ts';
import { BAD_BYTE_MARK } from '../faults/bad-members.ts';
import type { FaultSchedule, PageFacts } from '../faults/schedule.ts';
import { answerLinkCall, linkPaths } from '../link/link-calls.ts';
import type { LinkDesk } from '../link/link-desk.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import { type PlaidErrorCode, plaidError } from './error-body.ts';
import { indexOfToken, requestId } from './identifiers.ts';
import { decodeLapCursor, encodeLapCursor, type LapCursor } from './lap-cursor.ts';
import type { PlaidBank, SyncRequest } from './plaid-bank.ts';
import type { RateLimit } from './rate-limit.ts';
import { readAccountFilter, readSyncRequest } from './request.ts';
import { type SyncPage, syncPageJson } from './sync-page.ts';

export interface PlaidServiceDeps {
  readonly bank: PlaidBank;
  readonly faults: FaultSchedule;
  readonly calls: Calls;
  readonly rateLimit: RateLimit;
  readonly desk: LinkDesk;
  readonly webhooks: Webhooks;
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
const REMOVE = '/item/remove';

/** Calls of one Item, by its access token. */
const itemPaths: readonly string[] = [SYNC, ACCOUNTS, BALANCES, ITEM, REMOVE];

export const plaidPaths: readonly string[] = [...itemPaths, ...linkPaths];

/** A good answer, and the page in it. */
interface Prepared {
  readonly answer: Answer;
  readonly sync?: { readonly page: SyncPage; readonly request: SyncRequest; readonly sent: LapCursor };
  /** Of an account list, and what stands around it. */
  readonly list?: {
    readonly accounts: readonly string[];
    answer(accounts: readonly string[], outcome?: string): Answer;
  };
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
    const isOfItem = itemPaths.includes(path);
    const { access_token: token } = isOfItem ? fields : { access_token: '' };
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
    if (!isOfItem) return this.#counted(null, path, this.#linkCall(path, fields, id));
    const index = this.#indexOf(token);
    if (index === undefined) return this.#counted(null, path, this.#refusal('INVALID_ACCESS_TOKEN', id));
    if (this.#deps.desk.isRemoved(index)) return this.#counted(token, path, this.#refusal('ITEM_NOT_FOUND', id));
    const answer = this.#faulty(token, index, path, id, this.#prepare(path, index, id, fields));
    if (path === REMOVE && answer.outcome === 'ok') this.#deps.desk.remove(index);
    calls.count(token, path, answer.outcome);
    return answer;
  }

  #indexOf(token: string): number | undefined {
    const index = indexOfToken(token);
    return index === null || index >= this.#deps.connections ? undefined : index;
  }

  /** A fault for every connection reaches these calls as well. */
  #linkCall(path: string, fields: Record<string, unknown>, id: string): Answer {
    const { desk, webhooks, faults, nowEpochMs } = this.#deps;
    const fault = faults.idle ? undefined : faults.meet({ token: path, path, accounts: 0 });
    const indexOf = (token: string) => this.#indexOf(token);
    const answered = answerLinkCall(path, fields, { desk, webhooks, indexOf });
    const answer =
      'refusal' in answered
        ? this.#refusal(answered.refusal as PlaidErrorCode, id, String(answered.message))
        : jsonAnswer(JSON.stringify({ ...answered, request_id: id }));
    if (fault === undefined) return answer;
    return alterAnswer(answer, fault, { requestId: id, nowEpochMs, count: null }) ?? answer;
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
    const refused = this.#deps.rateLimit.take(index, path);
    if (refused !== undefined) return { answer: this.#refusal(refused.code, id, refused.message) };
    if (path === SYNC) return this.#prepareSync(index, id, fields);
    if (path === ITEM) {
      const status = `{"last_webhook":null,"transactions":{"last_failed_update":null,"last_successful_update":"${bank.updatedAt(index)}"}}`;
      const item = bank.item(index, this.#deps.desk.itemFacts(index));
      return { answer: jsonAnswer(`{"item":${item},"request_id":"${id}","status":${status}}`) };
    }
    if (path === REMOVE) return { answer: jsonAnswer(`{"request_id":"${id}"}`) };
    const open = bank.accounts(index);
    const wanted = readAccountFilter(fields, open);
    if (!Array.isArray(wanted)) return { answer: this.#refusal(wanted.code, id, wanted.message) };
    const accounts = open.filter(([account]) => wanted.includes(account)).map(([, json]) => json);
    const item = bank.item(index, this.#deps.desk.itemFacts(index));
    const answer = (listed: readonly string[], outcome?: string) =>
      jsonAnswer(`{"accounts":[${listed.join(',')}],"item":${item},"request_id":"${id}"}`, outcome);
    return { answer: answer(accounts), list: { accounts, answer } };
  }

  #prepareSync(index: number, id: string, fields: Record<string, unknown>): Prepared {
    const { bank, seed } = this.#deps;
    const asked = readSyncRequest(fields, bank.accountIds(index));
    if ('message' in asked) return { answer: this.#refusal(asked.code, id, asked.message) };
    const sent = decodeLapCursor(seed, asked.cursor);
    const request = { ...asked, cursor: sent.cursor };
    // The pages of a circle that are told already would not be taken back.
    const isMoved = sent.head !== null && sent.head !== bank.headBehind(index, sent.cursor);
    const page = isMoved ? 'mutation' : bank.syncPage(index, request);
    if (page === 'foreign-cursor') {
      return { answer: this.#refusal('INVALID_FIELD', id, 'cursor not associated with access_token') };
    }
    if (page === 'mutation') return { answer: this.#refusal('TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION', id) };
    return { answer: jsonAnswer(syncPageJson(page)), sync: { page, request, sent } };
  }

  #pageFacts(index: number, { page, request, sent }: NonNullable<Prepared['sync']>): PageFacts {
    const { bank } = this.#deps;
    return {
      ...bank.placeOf(index, request.cursor),
      records: page.added.length,
      removed: page.removed.length,
      withCursor: sent.cursor !== null || sent.lap > 0,
      removals: () => bank.removedRecords(index, request.cursor).length,
    };
  }

  #faulty(token: string, index: number, path: string, id: string, prepared: Prepared): Answer {
    const { faults, nowEpochMs } = this.#deps;
    const { answer, sync, list } = prepared;
    if (faults.idle) return answer;
    const page = sync && this.#pageFacts(index, sync);
    const accounts = sync?.page.accounts.length ?? list?.accounts.length ?? 0;
    const fault = faults.meet({ token, path, accounts, ...(page === undefined ? {} : { page }) });
    if (page?.withCursor === false) faults.fullRead(token);
    if (fault === undefined) return answer;
    const altered = alterAnswer(answer, fault, { requestId: id, nowEpochMs, count: sync?.request.count ?? null });
    if (altered !== null) return altered;
    const outcome = `fault:${fault.kind}`;
    if (list !== undefined && isAccountFault(fault)) return list.answer(alterAccounts(list.accounts, fault), outcome);
    if (sync === undefined) return answer;
    const bad = alterPage(sync.page, fault, this.#surroundings(index, sync));
    return bad === null ? answer : withBadBytes(jsonAnswer(syncPageJson(bad), outcome));
  }

  #surroundings(index: number, { page, request, sent }: NonNullable<Prepared['sync']>): PageSurroundings {
    const { bank, seed } = this.#deps;
    const head = bank.headBehind(index, sent.cursor);
    return {
      cursor: sent.cursor === null && sent.lap === 0 ? null : encodeLapCursor(seed, sent),
      cursorBehindAll: () => bank.endOfRead(index, request, page),
      nextOfCircle: (length) => encodeLapCursor(seed, { ...sent, lap: (sent.lap + 1) % length, head }),
      pageBefore: () => bank.pageBefore(index, request),
      removedRecords: () => bank.removedRecords(index, request.cursor),
      earlierRecords: (count) => bank.earlierRecords(index, request.cursor, count),
    };
  }
}

function withBadBytes(answer: Answer): Answer {
  if (!answer.body.includes(BAD_BYTE_MARK)) return answer;
  const [before = '', after = ''] = answer.body.split(BAD_BYTE_MARK);
  return { ...answer, bytes: Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)]) };
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
