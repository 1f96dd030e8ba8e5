/** The simulator's control API, as the journeys use it. */
import type { AccessBooks, BankHolding } from '@quartersec/sandbox-providers';
import type { Fault } from '@quartersec/sandbox-simulation';

/** Answers of this connection hold `records` records a page at most: makes loops of many pages. */
export async function setPageSize(controlUrl: string | undefined, token: string, records: number): Promise<void> {
  await call(controlUrl, 'POST', `/connections/${token}`, { pageSize: records });
}

/** @param token the connection's access token, or `*` for all */
export async function plantFault(controlUrl: string | undefined, token: string, fault: Fault): Promise<void> {
  await call(controlUrl, 'POST', '/faults', { token, ...fault });
}

export async function clearFaults(controlUrl: string | undefined): Promise<void> {
  await call(controlUrl, 'DELETE', '/faults');
}

export async function setLatency(
  controlUrl: string | undefined,
  latency: Readonly<Record<string, number>>,
): Promise<void> {
  await call(controlUrl, 'POST', '/latency', latency);
}

/** Calls of one connection since the start or the last reset. */
export async function countCalls(controlUrl: string | undefined, token: string): Promise<number> {
  const { total } = (await call(controlUrl, 'GET', `/calls?token=${token}`)) as { total: number };
  return total;
}

/** The Item as just linked, with a history of so many records. */
export async function restartHistory(controlUrl: string | undefined, token: string, transactions: number) {
  await call(controlUrl, 'POST', `/connections/${token}/restart`, { transactions });
}

/** What happens at the bank, in order. */
export async function changeBank(
  controlUrl: string | undefined,
  token: string,
  changes: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  await call(controlUrl, 'POST', `/connections/${token}/changes`, { changes });
}

export interface TrueTransaction {
  readonly account_id: string;
  readonly amount: string;
  readonly iso_currency_code: string | null;
  readonly date: string;
  readonly pending: boolean;
}

/** What the provider has published and not removed up to a cursor, by its own model. */
export async function truthAt(
  controlUrl: string | undefined,
  token: string,
  cursor: string,
): Promise<Readonly<Record<string, TrueTransaction>>> {
  const path = `/connections/${token}/truth?cursor=${encodeURIComponent(cursor)}`;
  return (await call(controlUrl, 'GET', path)) as Record<string, TrueTransaction>;
}

async function call(controlUrl: string | undefined, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${controlUrl}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** How a bank of Open Banking behaves: see the simulator's README. */
export async function setObuk(
  controlUrl: string | undefined,
  token: string,
  settings: Readonly<Record<string, string | number | null>>,
): Promise<void> {
  await call(controlUrl, 'POST', `/open-banking/${token}`, settings);
}

/** How a bank of the Berlin Group behaves: see the simulator's README. */
export async function setBerlin(
  controlUrl: string | undefined,
  token: string,
  settings: Readonly<Record<string, string | number | null>>,
): Promise<void> {
  await call(controlUrl, 'POST', `/berlin-group/${token}`, settings);
}

/** So many steps more of a story that has a horizon. */
export async function advance(controlUrl: string | undefined, token: string, steps: number): Promise<void> {
  await call(controlUrl, 'POST', `/connections/${token}/advance`, { steps });
}

/** Stops a connection's story at a step. */
export async function publish(controlUrl: string | undefined, token: string, published: number): Promise<void> {
  await call(controlUrl, 'POST', `/connections/${token}`, { published });
}

/** What the bank holds now. */
export async function holdsOf(controlUrl: string | undefined, token: string): Promise<BankHolding> {
  return (await call(controlUrl, 'GET', `/connections/${token}/holds`)) as BankHolding;
}

/** Banks of one standard, as the control API knows them. */
export type BankKind = 'open-banking' | 'berlin-group';

/** What access a bank has given to a household, by its own books. */
export async function accessBooks(controlUrl: string | undefined, kind: BankKind, token: string): Promise<AccessBooks> {
  return (await call(controlUrl, 'GET', `/${kind}/${token}/access`)) as AccessBooks;
}

/** Its access tokens end now, its refresh tokens stay good. */
export async function expireAccess(controlUrl: string | undefined, kind: BankKind, token: string): Promise<void> {
  await call(controlUrl, 'POST', `/${kind}/${token}/expire-access`, {});
}

/** Calls with a token that opens nothing (any more). */
export async function refusedCalls(controlUrl: string | undefined): Promise<number> {
  const { byOutcome } = (await call(controlUrl, 'GET', '/calls')) as { byOutcome: Readonly<Record<string, number>> };
  return byOutcome['error:401'] ?? 0;
}
