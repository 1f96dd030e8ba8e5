/** What `authorisation.test.ts` does not show of every route: keys that change, and keys that cannot be read. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nowEpochMs, secret, signedToken } from '../testing/api-system.ts';
import { composeAuthorise } from './compose-authorise.ts';
import { readTokenSettings } from './token-settings.ts';
import { createTokenVerifier } from './token-verifier.ts';

const deadline = { remainingMs: () => 1_000, elapsedMs: () => 0 };
const claims = { audience: 'quartersec', issuer: undefined };

it('takes a token of any of two secrets, so that one can follow the other', async () => {
  const other = new Uint8Array(32).fill(9);
  const verify = createTokenVerifier({ kind: 'secret', secrets: [other, secret] }, claims, () => nowEpochMs);
  expect(await verify(`Bearer ${await signedToken({ sub: 'a' }, secret)}`, deadline)).toBe('a');
  expect(await verify(`Bearer ${await signedToken({ sub: 'b' }, other)}`, deadline)).toBe('b');
  const third = await signedToken({}, new Uint8Array(32).fill(1));
  await expect(verify(`Bearer ${third}`, deadline)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  // Right secret, wrong claims: the other secret does not make it better.
  const expired = await signedToken({ expSeconds: 1 }, secret);
  await expect(verify(`Bearer ${expired}`, deadline)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
});

it('verifies the signature of a token once, and ends with the token; one byte more is another token', async () => {
  let atEpochMs = nowEpochMs;
  const verify = createTokenVerifier({ kind: 'secret', secrets: [secret] }, claims, () => atEpochMs);
  const subtle = vi.spyOn(crypto.subtle, 'verify');
  const token = await signedToken({ sub: 'a', expSeconds: nowEpochMs / 1_000 + 60 });
  expect(await verify(`Bearer ${token}`, deadline)).toBe('a');
  const verified = subtle.mock.calls.length;
  expect(await verify(`Bearer ${token}`, deadline)).toBe('a');
  expect([verified, subtle.mock.calls.length]).toEqual([1, 1]);
  subtle.mockRestore();
  const [header, , signature] = token.split('.');
  const forged = Buffer.from(JSON.stringify({ sub: 'b', aud: 'quartersec', exp: 9e9 })).toString('base64url');
  for (const other of [`${token}A`, `${header}.${forged}.${signature}`])
    await expect(verify(`Bearer ${other}`, deadline)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  atEpochMs += 59_999;
  expect(await verify(`Bearer ${token}`, deadline)).toBe('a');
  atEpochMs += 1;
  await expect(verify(`Bearer ${token}`, deadline)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
});

it('demands the issuer where one is configured, also of a shared secret', async () => {
  const verify = createTokenVerifier(
    { kind: 'secret', secrets: [secret] },
    { ...claims, issuer: 'me' },
    () => nowEpochMs,
  );
  expect(await verify(`Bearer ${await signedToken({ iss: 'me' })}`, deadline)).toBe('user-1');
  await expect(verify(`Bearer ${await signedToken()}`, deadline)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
});

describe('keys at an address', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function setUp(variables: Record<string, string> = {}) {
    const state = { status: 200, body: '', asked: [] as (string | undefined)[] };
    server = createServer((request, response) => {
      state.asked.push(request.url);
      response.writeHead(state.status).end(state.body);
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys?v=1`;
    let nowMs = 0;
    const settings = readTokenSettings({
      READ_TOKEN_JWKS_URL: url,
      READ_TOKEN_ISSUER: 'me',
      READ_TOKEN_AUDIENCE: 'app',
      ...variables,
    });
    const verify = composeAuthorise(settings, { nowMs: () => nowMs, nowEpochMs: () => nowEpochMs });
    const key = async (kid: string) => {
      const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
      const sign = async () =>
        `Bearer ${await new SignJWT({ sub: 'u', aud: 'app', iss: 'me', exp: nowEpochMs / 1_000 + 60 }).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey)}`;
      return { jwk: { ...(await exportJWK(publicKey)), kid }, sign };
    };
    return { state, verify, key, passMs: (ms: number) => (nowMs += ms) };
  }

  it('are read from there, and again when a token names a new one', async () => {
    const { state, verify, key, passMs } = await setUp();
    const [one, two] = [await key('one'), await key('two')];
    state.body = JSON.stringify({ keys: [one.jwk] });
    expect(await verify(await one.sign(), deadline)).toBe('u');
    expect(state.asked).toEqual(['/keys?v=1']);
    // A key that nobody has published yet; then it is.
    await expect(verify(await two.sign(), deadline)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    state.body = JSON.stringify({ keys: [one.jwk, two.jwk] });
    passMs(30_000);
    expect(await verify(await two.sign(), deadline)).toBe('u');
    expect(state.asked).toHaveLength(2);
  });

  it('that are withdrawn end the tokens that were verified with them', async () => {
    const { state, verify, key, passMs } = await setUp();
    const [one, two] = [await key('one'), await key('two')];
    state.body = JSON.stringify({ keys: [one.jwk] });
    const token = await one.sign();
    for (const _ of [1, 2]) expect(await verify(token, deadline)).toBe('u');
    state.body = JSON.stringify({ keys: [two.jwk] });
    passMs(10 * 60_000);
    await expect(verify(token, deadline)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    expect(await verify(await two.sign(), deadline)).toBe('u');
  });

  it('that cannot be read make no good token a bad one', async () => {
    const { state, verify, key, passMs } = await setUp();
    const [one, two] = [await key('one'), await key('two')];
    state.status = 500;
    await expect(verify(await one.sign(), deadline)).rejects.toMatchObject({ code: 'TOKEN_KEYS_UNAVAILABLE' });
    state.status = 200;
    state.body = JSON.stringify({ keys: [one.jwk] });
    passMs(2_000);
    expect(await verify(await one.sign(), deadline)).toBe('u');
    state.status = 500;
    passMs(30_000);
    expect(await verify(await one.sign(), deadline)).toBe('u');
    await expect(verify(await two.sign(), deadline)).rejects.toMatchObject({ code: 'TOKEN_KEYS_UNAVAILABLE' });
  });

  it('are of the algorithms that are configured, and no others', async () => {
    const { state, verify, key } = await setUp({ READ_TOKEN_ALGORITHMS: 'RS256' });
    const one = await key('one');
    state.body = JSON.stringify({ keys: [one.jwk] });
    await expect(verify(await one.sign(), deadline)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });
});
