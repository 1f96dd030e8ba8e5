/** A user's way through Link as an app leads it, by the API alone; the login itself is played at the simulator. */
import { CommandError } from '@quartersec/command-line';
import type { ApiClient } from '../api-client.ts';

/** What the simulated bank may do to a connection right after it is linked. */
export const badDays = {
  none: 'nothing: a good day',
  'institution-down': 'the bank is down for the first four calls',
  'login-required': 'the login expires at once',
  'bad-record': 'one record of each page cannot be read',
  'slow-body': 'answers that trickle in',
} as const;
export type BadDay = keyof typeof badDays;

/** A fault that is over by itself lasts as many calls as one event makes; an expired login stays until the user mends it. */
const faultTimes: Partial<Record<BadDay, number>> = { 'institution-down': 4 };

export interface LinkSession {
  readonly provider: string;
  readonly linkToken: string;
  /** Where the user is sent, at banks with pages of their own. */
  readonly authorizationUrl?: string;
  readonly expiresEpochMs: number;
}

export interface Linked {
  readonly how: string;
  readonly connection: { readonly connectionId: string; readonly institutionId: string };
}

interface ConnectionNow {
  readonly syncedEpochMs: number | null;
  readonly status: string;
  readonly userAction: string;
  readonly history: string;
}

/** What is linked: a connection is mended, or a bank is named with its provider; Plaid's users name it in Link. */
export type Wanted =
  | { readonly connectionId: string }
  | { readonly provider?: 'plaid' }
  | { readonly provider: 'openbanking-uk' | 'berlin-group'; readonly institutionId: string };

export function beginLink(api: ApiClient, wanted: Wanted = {}): Promise<LinkSession> {
  return api.call<LinkSession>('POST', '/v1/link-tokens', wanted);
}

/** @throws {CommandError} with the simulator's reason */
export async function playLogin(
  api: ApiClient,
  linkToken: string,
  household: string,
  badDay: BadDay,
): Promise<{ readonly publicToken: string }> {
  const body = JSON.stringify({ link_token: linkToken, username: household });
  const response = await fetch(`${api.system.url}/logins`, { method: 'POST', body });
  const finished = (await response.json()) as { public_token?: string; access_token?: string; error_message?: string };
  const { public_token: publicToken, access_token: token } = finished;
  if (publicToken === undefined)
    throw new CommandError('FAILED', `the bank's login failed: ${finished.error_message ?? JSON.stringify(finished)}`);
  if (badDay !== 'none') {
    const fault = { kind: badDay, token, ...(faultTimes[badDay] !== undefined && { times: faultTimes[badDay] }) };
    // The exchange and the look at the new Item come first: the bad day is the data's.
    const planted = await fetch(`${api.system.url}/faults`, {
      method: 'POST',
      body: JSON.stringify({ ...fault, path: '/transactions/sync' }),
    });
    if (!planted.ok) throw new CommandError('FAILED', `no bad day: ${await planted.text()}`);
  }
  return { publicToken };
}

export function completeLink(api: ApiClient, publicToken: string): Promise<Linked> {
  return api.call<Linked>('POST', '/v1/connections', { publicToken });
}

/** After update mode: the connection is read again at once. */
export async function refresh(api: ApiClient, connectionId: string): Promise<void> {
  await api.call('POST', `/v1/connections/${connectionId}/refresh`);
}

/**
 * Waits until the connection was read, or needs its user.
 * @param since when its state before was read; `null` for a new one
 * @returns what became of it by `withinMs`
 */
export async function awaitData(
  api: ApiClient,
  connectionId: string,
  withinMs: number,
  since: number | null = null,
): Promise<ConnectionNow> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const now = await api.call<ConnectionNow>('GET', `/v1/connections/${connectionId}`);
    const isRead = now.syncedEpochMs !== since;
    if (isRead || now.userAction !== 'none' || performance.now() > endMs) return now;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
