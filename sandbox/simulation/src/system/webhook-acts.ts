/** Webhooks as Plaid sends them, and as others would like to: each with the answer that it must get. */
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { accessToken } from '@quartersec/sandbox-providers';
import type { World } from './world.ts';

const forger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const members = { initial_update_complete: true, historical_update_complete: true };

export interface Webhook {
  readonly type: string;
  readonly code: string;
  readonly members?: Readonly<Record<string, unknown>>;
}

export const updates: Webhook = { type: 'TRANSACTIONS', code: 'SYNC_UPDATES_AVAILABLE', members };

const kinds: readonly Webhook[] = [
  updates,
  { type: 'ITEM', code: 'NEW_ACCOUNTS_AVAILABLE' },
  { type: 'ITEM', code: 'LOGIN_REPAIRED' },
  { type: 'ITEM', code: 'PENDING_EXPIRATION', members: { consent_expiration_time: '2027-06-01T00:00:00Z' } },
  { type: 'TRANSACTIONS', code: 'DEFAULT_UPDATE', members: { new_transactions: 3 } },
  { type: 'ITEM', code: 'OF_TOMORROW' },
];

function signed({ at, time }: World, index: number, webhook: Webhook, ageMs = 0) {
  const issuedEpochSeconds = Math.floor((time.nowEpochMs() - ageMs) / 1_000);
  const { body, headers } = at.simulator.webhooks.signed(index, { ...webhook, issuedEpochSeconds });
  return { body, token: headers['plaid-verification'] };
}

/** As often as it takes: the sender repeats under a token of its own each time. */
export async function sendWebhook(world: World, index: number, webhook: Webhook): Promise<void> {
  for (let sent = 0; sent < 5; sent += 1) {
    const { body, token } = signed(world, index, webhook);
    const status = await world.hook(body, token);
    // Clocks that are minutes apart may refuse a genuine one, and nothing is lost by it: Plaid sends it again, the schedule looks anyway.
    assert([0, 200, 503].includes(status) || world.weather.skewMs !== 0, `a genuine webhook gets ${status}`);
    if (status === 200) return;
    await world.time.wait(30_000);
  }
}

export async function anyWebhook(world: World, index: number): Promise<void> {
  await sendWebhook(world, index, kinds[world.dice.roll(kinds.length)] ?? updates);
}

function forge(header: object, claims: object): string {
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(text), { key: forger, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

/** Each is refused, and leaves nothing on the queue. */
const forgeries: readonly ((
  world: World,
  index: number,
) => { readonly body: string; readonly token: string | undefined })[] = [
  (world, index) => ({ body: signed(world, index, updates).body, token: undefined }),
  (world, index) => {
    const { body, token } = signed(world, index, updates);
    return { body: body.replace('SYNC_UPDATES_AVAILABLE', 'SYNC_UPDATES_AVAILABLF'), token };
  },
  (world, index) => signed(world, index, updates, 301_000 + 600_000 + Math.abs(world.weather.skewMs)),
  (world, index) => signed(world, index, updates, -(61_000 + 600_000 + Math.abs(world.weather.skewMs))),
  (world, index) => {
    const { body, token } = signed(world, index, updates);
    return { body, token: `${token}, ${token}` };
  },
  (world, index) => {
    const { body } = signed(world, index, updates);
    const claims = claimsOf(world, body);
    return { body, token: forge({ alg: 'none', kid: 'key-1', typ: 'JWT' }, claims) };
  },
  (world, index) => {
    // Under the name of the right key, by another one.
    const { body, token } = signed(world, index, updates);
    const [header = ''] = token.split('.');
    return { body, token: forge(JSON.parse(Buffer.from(header, 'base64url').toString()), claimsOf(world, body)) };
  },
];

function claimsOf({ time }: World, body: string) {
  return {
    iat: Math.floor(time.nowEpochMs() / 1_000),
    request_body_sha256: createHash('sha256').update(body).digest('hex'),
  };
}

export async function forgedWebhook(world: World, index: number): Promise<void> {
  const make = forgeries[world.dice.roll(forgeries.length)] ?? forgeries[0];
  if (make === undefined) return;
  const { body, token } = make(world, index);
  const before = world.queue.size;
  const status = await world.hook(body, token);
  assert([0, 401, 503].includes(status), `a forged webhook gets ${status}`);
  assert.equal(world.queue.size, before, 'a forged webhook is on the queue');
  if (status === 401) world.trace.saw(41);
}

/** The very same request twice: the environment that has taken it queues no second message. */
export async function replayedWebhook(world: World, index: number): Promise<void> {
  const { body, token } = signed(world, index, updates);
  const first = await world.hook(body, token);
  const before = world.queue.size;
  const second = await world.hook(body, token);
  if (first !== 200 || second !== 200) return;
  assert.equal(world.queue.size, before, 'a replayed webhook is a second message');
  world.trace.saw(41);
}

/** A new key signs; the old one may be void from now on. */
export function rotateKey({ at, dice }: World): void {
  at.simulator.webhooks.signer.rotate(dice.roll(2) === 0);
}

export const tokenOfIndex = (index: number): string => accessToken(index);
