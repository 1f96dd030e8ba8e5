/** A user of an app: what they have done, and what their app knows of them by the feed of changes alone. */
import { createHmac } from 'node:crypto';
import { tokenSecret } from './environment.ts';
import { createFollower, type Follower } from './feed-follower.ts';

export interface User {
  readonly id: string;
  /** That they have been told of, and have not removed. */
  readonly connections: Set<string>;
  /** That they have removed, and been told so. */
  readonly removed: Set<string>;
  /** Removals and links that were asked for, and not answered yet. */
  readonly removing: Set<string>;
  readonly linking: Set<string>;
  readonly dismissed: Set<string>;
  readonly feed: Follower;
}

export const createUser = (id: string): User => ({
  id,
  connections: new Set(),
  removed: new Set(),
  removing: new Set(),
  linking: new Set(),
  dismissed: new Set(),
  feed: createFollower(),
});

/** Made by hand: signing on another thread would cost each call a turn. */
export function signToken(userId: string, expiresEpochMs: number, secret: Uint8Array = tokenSecret): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { sub: userId, aud: 'quartersec', exp: Math.floor(expiresEpochMs / 1_000) };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
