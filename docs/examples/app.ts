/**
 * What an app does, by the API alone: links a bank, waits for its first data, lists transactions, follows changes.
 * docs/integrate.md says how to run it; `sandbox/journeys/src/api.test.ts` does.
 */
import createClient from 'openapi-fetch';
import type { paths } from './api.d.ts'; // made by npm run docs:client

const { API_URL = '', API_TOKEN = '', LOGIN_URL = '' } = process.env;
const headers = { authorization: `Bearer ${API_TOKEN}` };
const api = createClient<paths>({ baseUrl: API_URL, headers, fetch: askAgain });

/** Each call may be made again. A problem with 503 says when; a gateway in front answers 429 and 5xx without a word about that. */
async function askAgain(request: Request): Promise<Response> {
  for (let failures = 0; ; failures++) {
    const response = await fetch(request.clone());
    if (failures === 3 || (response.status !== 429 && response.status < 500)) return response;
    const seconds = Number(response.headers.get('retry-after') ?? 2 ** failures);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  }
}

/** In production this is the provider's Link in the app's own page; at the sandbox a login is played. */
async function login(linkToken: string): Promise<string> {
  const body = JSON.stringify({ link_token: linkToken, username: 'example' });
  const response = await fetch(LOGIN_URL, { method: 'POST', body });
  return ((await response.json()) as { public_token: string }).public_token;
}

interface Answer<Body> {
  readonly data?: Body;
  readonly error?: { readonly code?: string }; // none where the gateway answered, and not the API
  readonly response: Response;
}

/** The answer's body. @throws {Error} with the problem's code, which a real app would branch on; else with the status alone */
function of<Body>({ data, error, response }: Answer<Body>): Body {
  if (data === undefined) throw new Error(`refused: ${error?.code ?? `status ${response.status} without a problem`}`);
  return data;
}

const { linkToken } = of(await api.POST('/v1/link-tokens', { body: {} }));
const publicToken = await login(linkToken);
const { connection } = of(await api.POST('/v1/connections', { body: { publicToken } }));
console.log(`linked ${connection.connectionId}`);

// The copy that the app keeps: every change applied once, in the order that it comes. It begins with the first change of all.
const copy = new Map<string, string>();
let after: string | undefined;

async function follow(waitSeconds: number): Promise<number> {
  const query = { wait: waitSeconds, ...(after !== undefined && { after }) };
  const { changes, nextCursor } = of(await api.GET('/v1/changes', { params: { query } }));
  for (const change of changes) {
    if (change.kind === 'transaction.added' || change.kind === 'transaction.modified')
      copy.set(change.transaction.transactionId, change.transaction.amount.minor);
    if (change.kind === 'transaction.removed') copy.delete(change.transactionId);
    if (change.kind === 'connection.changed')
      console.log(`${change.connection.status}, ${change.connection.userAction}`);
  }
  after = nextCursor;
  return changes.length;
}

const isRead = async () => {
  const path = { connectionId: connection.connectionId };
  return of(await api.GET('/v1/connections/{connectionId}', { params: { path } })).history === 'complete';
};
while (!(await isRead())) await follow(5);
while ((await follow(0)) > 0);

let listed = 0;
let cursor: string | undefined;
do {
  const query = { limit: 100, ...(cursor !== undefined && { cursor }) };
  const page = of(await api.GET('/v1/transactions', { params: { query } }));
  listed += page.transactions.length;
  cursor = page.nextCursor ?? undefined;
} while (cursor !== undefined);
console.log(`${listed} transactions listed, ${copy.size} in the copy`);
