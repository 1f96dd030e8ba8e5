/**
 * The API for the page: the server adds the user's token, which the page never holds. Only what the page reads, and feedback.
 * Tokens come from the issuer for development of a running system; there is none in production.
 */
import { isUserId } from './sandbox-users.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface ApiCall {
  readonly method: 'GET' | 'POST';
  readonly userId: string;
  /** `/v1/...`, with its query. */
  readonly target: string;
  readonly body?: string;
  /** Ends the call when the page has gone. */
  readonly signal?: AbortSignal;
}

export interface UserApi {
  /** @throws {Error} when system or API do not answer */
  call(call: ApiCall): Promise<ApiAnswer>;
}

interface Access {
  readonly token: string;
  readonly apiUrl: string;
  readonly untilEpochMs: number;
}

const readable = ['insights', 'recommendations', 'forecast', 'accounts', 'transactions', 'connections', 'changes'];
const readPattern = new RegExp(`^/v1/(${readable.join('|')})$`);
const insightPattern = /^\/v1\/insights\/[\w-]{1,64}$/;
const feedbackPattern = /^\/v1\/insights\/[\w-]{1,64}\/feedback$/;

/** Well below the hour that a token of the sandbox lasts. */
const tokenKeptMs = 30 * 60_000;
const usersKept = 100;
/** Longer than the longest poll. */
const answerWithinMs = 30_000;
const targetAtMost = 8_000;

/** @param path `/user/api/<user>/v1/...` as it came @returns `undefined` for what the page has no business with */
export function readUserCall(
  method: string | undefined,
  path: string,
  search: string,
): Omit<ApiCall, 'body' | 'signal'> | undefined {
  const found = /^\/user\/api\/([^/]+)(\/v1\/[\w/-]+)$/.exec(path);
  const [, userId = '', apiPath = ''] = found ?? [];
  if (!isUserId(userId) || search.length > targetAtMost) return undefined;
  if (method === 'GET' && (readPattern.test(apiPath) || insightPattern.test(apiPath)))
    return { method, userId, target: apiPath + search };
  if (method === 'POST' && search === '' && feedbackPattern.test(apiPath)) return { method, userId, target: apiPath };
  return undefined;
}

/** @param systemUrl control address of the running system */
export function createUserApi(systemUrl: string, nowEpochMs: () => number): UserApi {
  const known = new Map<string, Access>();

  async function accessOf(userId: string): Promise<Access> {
    const kept = known.get(userId);
    if (kept !== undefined && kept.untilEpochMs > nowEpochMs()) return kept;
    const response = await fetch(`${systemUrl}/tokens`, {
      method: 'POST',
      body: JSON.stringify({ userId }),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    const { token, apiUrl } = (await response.json()) as { token?: unknown; apiUrl?: unknown };
    if (!response.ok || typeof token !== 'string' || typeof apiUrl !== 'string')
      throw new Error(`the system gives no token for ${userId}`);
    const access = { token, apiUrl, untilEpochMs: nowEpochMs() + tokenKeptMs };
    if (known.size >= usersKept) known.clear();
    known.set(userId, access);
    return access;
  }

  return {
    async call({ method, userId, target, body, signal }) {
      const { token, apiUrl } = await accessOf(userId);
      const timeout = AbortSignal.timeout(answerWithinMs);
      const response = await fetch(apiUrl + target, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body }),
        redirect: 'error',
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      if (response.status === 401) known.delete(userId); // the system has other keys now
      return {
        status: response.status,
        type: response.headers.get('content-type') ?? 'application/json',
        body: await response.text(),
      };
    },
  };
}
