/** The API through the page's own server, which adds the user's token. */
import type { Answers, UserData, UserForecast, UserTransaction } from '../answers.ts';
import type { Verdict } from './evidence.ts';

/** More transactions than that in half a year are not drawn back to its beginning. */
const pagesAtMost = 8;
const pageSize = 500;
/** Longer than a long poll of the API. */
const answerWithinMs = 35_000;

const base = `/user/api/${encodeURIComponent(document.body.dataset.user ?? '')}/v1`;

/** @throws {Error} with the problem's title */
async function call(path: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(base + path, { ...init, signal: AbortSignal.timeout(answerWithinMs) });
  const text = await response.text();
  if (!response.ok) {
    const { title, error } = JSON.parse(text) as { title?: string; error?: string };
    throw new Error(title ?? error ?? `${response.status}`);
  }
  return text === '' ? undefined : JSON.parse(text);
}

/** @throws {Error} as `call` */
async function read<Path extends keyof Answers>(path: Path, query = ''): Promise<Answers[Path]> {
  return (await call(path + query)) as Answers[Path];
}

export const readConnections = () => read('/connections');

export const readAccounts = async () => (await read('/accounts')).accounts;

export async function readInsights(): Promise<Pick<UserData, 'insights' | 'recommendations' | 'forecasts'>> {
  const [{ insights }, { recommendations }, forecasts] = await Promise.all([
    read('/insights'),
    read('/recommendations'),
    readForecast(new Set()),
  ]);
  return { insights, recommendations, forecasts };
}

export async function readForecast(without: ReadonlySet<string>): Promise<readonly UserForecast[]> {
  const query = without.size === 0 ? '' : `?without=${[...without].join(',')}`;
  return (await read('/forecast', query)).accounts;
}

export async function readTransactions(from: string): Promise<Pick<UserData, 'transactions' | 'isCut'>> {
  const transactions: UserTransaction[] = [];
  let cursor: string | null = '';
  for (let page = 0; page < pagesAtMost && cursor !== null; page += 1) {
    const next: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer: Answers['/transactions'] = await read('/transactions', `?from=${from}&limit=${pageSize}${next}`);
    transactions.push(...answer.transactions);
    cursor = answer.nextCursor;
  }
  return { transactions, isCut: cursor !== null };
}

/** One insight as the API tells it, with the movements that it rests on: a page of its own. */
export function insightAddress(fingerprint: string): string {
  return `${base}/insights/${fingerprint}`;
}

export async function pollChanges(cursor: string, waitSeconds: number) {
  const { nextCursor, changes } = await read('/changes', `?after=${encodeURIComponent(cursor)}&wait=${waitSeconds}`);
  return { nextCursor, kinds: changes.map(({ kind }) => kind) };
}

export async function sendFeedback(fingerprint: string, verdict: Verdict, until: string): Promise<void> {
  await call(`/insights/${fingerprint}/feedback`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ verdict, ...(verdict === 'snoozed' && { until }) }),
  });
}
