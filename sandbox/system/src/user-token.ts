/** Bearer tokens for development: on AWS the app's identity provider signs them, and nothing of this is deployed. */
import { createHmac } from 'node:crypto';

const lifetimeSeconds = 3_600;

/** @param readTokenKey base64, as `READ_TOKEN_KEY` has it: its bytes sign (HS256) */
export function signUserToken(userId: string, readTokenKey: string, nowEpochMs: number): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(nowEpochMs / 1_000) + lifetimeSeconds;
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: userId, aud: 'quartersec', exp })}`;
  return `${signed}.${createHmac('sha256', Buffer.from(readTokenKey, 'base64')).update(signed).digest('base64url')}`;
}
