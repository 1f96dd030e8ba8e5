/** Every route of the table, with every token that is none and with every id of somebody else. */
import { generateKeyPairSync } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { account, transaction } from '../scripted-pipeline.ts';
import { type Answer, ask, createApiSystem, nowEpochMs, secret, signedToken } from '../testing/api-system.ts';
import { type ApiDependencies, type ApiHandler, type ApiOperations, createApiHandler } from './api-handler.ts';
import { createJwks } from './jwks.ts';
import type { OperationId } from './operations.ts';
import { ApiError } from './problems.ts';
import { type OperationsOf, type Route, routes } from './routes.ts';
import { type Authorise, createTokenVerifier } from './token-verifier.ts';

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

const issuer = 'https://login.example';
const nowSeconds = nowEpochMs / 1_000;
const all = Object.entries(routes) as readonly [OperationId, Route][];
const closed = all
  .filter(([, { auth }]) => auth === 'bearer')
  .map(([id, { method, path }]) => [id, method, path] as const);
const bodies: Partial<Record<OperationId, string>> = { createConnection: '{"publicToken":"p"}', createLinkToken: '{}' };

/** `connect` in short: whatever reaches an operation of it is counted. */
function connectOperations(
  reached: string[],
  owned: (userId: string, connectionId: string) => boolean,
): ApiOperations<OperationsOf<'connect'>> {
  const note = (id: string, userId: string, connectionId: string) => {
    reached.push(id);
    if (connectionId !== '' && !owned(userId, connectionId)) throw new ApiError('CONNECTION_UNKNOWN');
  };
  return {
    createLinkToken: async ({ userId, body }) => {
      note('createLinkToken', userId, body.connectionId ?? '');
      return { status: 201, body: { provider: 'plaid', linkToken: 'l', expiresEpochMs: 1 } };
    },
    createConnection: async ({ userId }) => {
      note('createConnection', userId, '');
      throw new ApiError('PUBLIC_TOKEN_REFUSED');
    },
    refreshConnection: async ({ userId, pathId }) => {
      note('refreshConnection', userId, pathId);
      return { status: 202, body: { correlationId: 'x' } };
    },
    giveFeedback: async ({ userId }) => {
      note('giveFeedback', userId, '');
      return { status: 204 };
    },
    deleteConnection: async ({ userId, pathId }) => {
      note('deleteConnection', userId, pathId);
      return { status: 204 };
    },
  };
}

async function setUp(authorise?: Authorise) {
  const system = createApiSystem(authorise && { authorise });
  for (const [connectionId, userId] of [
    ['mine', 'user-1'],
    ['theirs', 'user-2'],
  ] as const) {
    await system.link(connectionId, userId);
    await system.append(connectionId, system.accounts([{ ...account('100'), accountId: `acc-${connectionId}` }]));
    await system.append(
      connectionId,
      system.page([
        transaction(`t-${connectionId}`, { accountId: `acc-${connectionId}`, merchantName: `shop of ${connectionId}` }),
      ]),
    );
  }
  const reached: string[] = [];
  const owned = (userId: string, connectionId: string) =>
    (connectionId === 'mine') === (userId === 'user-1') && ['mine', 'theirs'].includes(connectionId);
  const deps: ApiDependencies = system.deps;
  const connect = createApiHandler(connectOperations(reached, owned), deps);
  const handlerOf = (id: OperationId): ApiHandler => (routes[id].servedBy === 'connect' ? connect : system.handler);
  const send = (id: OperationId, connectionId: string, asking: Parameters<typeof ask>[2]): Promise<Answer> => {
    const { method, path } = routes[id];
    const body = bodies[id];
    const headers = { ...asking?.headers, ...(body !== undefined && { 'content-type': 'application/json' }) };
    return ask(handlerOf(id), path.replace(/\{\w+\}/, connectionId), {
      method,
      ...(body !== undefined && { body }),
      ...asking,
      headers,
    });
  };
  return { system, reached, send };
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = { sub: 'user-1', aud: 'quartersec', exp: nowSeconds + 60, iss: issuer };

describe('with a shared secret', () => {
  const bad: readonly (readonly [string, () => Promise<string | undefined> | string | undefined])[] = [
    ['no token', () => undefined],
    ['an empty header', () => ''],
    ['another scheme', () => 'Basic dXNlci0xOng='],
    ['no JWT', () => 'Bearer abc'],
    ['two tokens', async () => `Bearer ${await signedToken()}, Bearer ${await signedToken()}`],
    ['another secret', async () => `Bearer ${await signedToken({}, new Uint8Array(32).fill(8))}`],
    [
      'the text of the secret in place of its bytes',
      async () => `Bearer ${await signedToken({}, Buffer.from(Buffer.from(secret).toString('base64')))}`,
    ],
    ['an expired token', async () => `Bearer ${await signedToken({ expSeconds: nowSeconds })}`],
    ['another audience', async () => `Bearer ${await signedToken({ aud: 'elsewhere' })}`],
    [
      'no expiry',
      async () =>
        `Bearer ${await new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setSubject('user-1').setAudience('quartersec').sign(secret)}`,
    ],
    [
      'no subject',
      async () =>
        `Bearer ${await new SignJWT({ exp: nowSeconds + 60 }).setProtectedHeader({ alg: 'HS256' }).setAudience('quartersec').sign(secret)}`,
    ],
    ['an empty subject', async () => `Bearer ${await signedToken({ sub: '' })}`],
    [
      'a subject of no text',
      async () =>
        `Bearer ${await new SignJWT({ ...claims, sub: 7 as never }).setProtectedHeader({ alg: 'HS256' }).sign(secret)}`,
    ],
    ['a subject without end', async () => `Bearer ${await signedToken({ sub: 'u'.repeat(257) })}`],
    [
      'not valid yet',
      async () =>
        `Bearer ${await new SignJWT({ ...claims, nbf: nowSeconds + 30 }).setProtectedHeader({ alg: 'HS256' }).sign(secret)}`,
    ],
    ['a longer hash', async () => `Bearer ${await signedToken({}, new Uint8Array(64).fill(7), { alg: 'HS512' })}`],
    ['alg none', () => `Bearer ${new UnsecuredJWT(claims).encode()}`],
    ['alg none with something in place of a signature', () => `Bearer ${part({ alg: 'none' })}.${part(claims)}.x`],
    [
      'altered claims',
      async () =>
        (await signedToken({ sub: 'user-2' })).replace(/\.[\w-]+\./, `.${part(claims)}.`).replace(/^/, 'Bearer '),
    ],
    ['a critical extension', async () => `Bearer ${part({ alg: 'HS256', crit: ['x'], x: 1 })}.${part(claims)}.x`],
    [
      'a key of its own choice',
      async () => {
        const { publicKey, privateKey } = await generateKeyPair('ES256');
        return `Bearer ${await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', jwk: await exportJWK(publicKey) }).sign(privateKey)}`;
      },
    ],
  ];

  it.each(closed)('%s (%s %s) refuses every token that is none, all alike, before it does anything', async (id) => {
    const { send, reached } = await setUp();
    const first = await send(id, 'mine', { authorization: undefined });
    expect(first).toMatchObject({
      status: 401,
      body: { code: 'TOKEN_INVALID' },
      headers: { 'www-authenticate': 'Bearer' },
    });
    for (const [title, authorization] of bad) {
      const answer = await send(id, 'mine', { authorization: await authorization() });
      expect([title, answer]).toEqual([title, first]);
    }
    expect(reached).toEqual([]);
    expect((await send(id, 'mine', { userId: 'user-1' })).status).not.toBe(401);
  });

  it('every route but the one for the document asks for a token', () => {
    expect(all.filter(([, { auth }]) => auth === 'none').map(([id]) => id)).toEqual(['getOpenApi']);
  });
});

describe('with public keys', () => {
  let verifier: Authorise;
  let good: string;
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    const rsa = await generateKeyPair('RS256', { extractable: true });
    const ec = await generateKeyPair('ES256', { extractable: true });
    const strange = await generateKeyPair('ES256');
    const keys = [
      { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256', use: 'sig' },
      { ...(await exportJWK(ec.publicKey)), kid: 'ec' },
    ];
    const jwks = createJwks({ fetchText: async () => JSON.stringify({ keys }), nowMs: () => 0 });
    verifier = createTokenVerifier(
      { kind: 'jwks', jwks, algorithms: ['RS256', 'ES256'] },
      { audience: 'quartersec', issuer },
      () => nowEpochMs,
    );
    const signed = (alg: string, kid: string, key: Parameters<SignJWT['sign']>[0], changes: object = {}) =>
      new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg, kid }).sign(key);
    good = await signed('RS256', 'rsa', rsa.privateKey);
    expect(
      await verifier(`Bearer ${await signed('ES256', 'ec', ec.privateKey)}`, {
        remainingMs: () => 1_000,
        elapsedMs: () => 0,
      }),
    ).toBe('user-1');
    const pem = Buffer.from(await exportSPKI(rsa.publicKey));
    const modulus = Buffer.from(String((await exportJWK(rsa.publicKey)).n), 'base64url');
    const weak = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
    for (const [title, token] of [
      ['the public key as a secret: its PEM', await signed('HS256', 'rsa', pem)],
      ['the public key as a secret: its modulus', await signed('HS256', 'rsa', modulus)],
      ['the public key as a secret: its JWK', await signed('HS256', 'rsa', Buffer.from(JSON.stringify(keys[0])))],
      ['the shared secret of another set-up', await signedToken({ iss: issuer })],
      ['a key that is not of the set under a name that is', await signed('ES256', 'ec', strange.privateKey)],
      ['a key that is not of the set', await signed('ES256', 'nobody', strange.privateKey)],
      ['another RSA key', await signed('RS256', 'rsa', weak)],
      ['another algorithm of the same key', await signed('PS256', 'rsa', await rsaPss(rsa.privateKey))],
      ['another issuer', await signed('RS256', 'rsa', rsa.privateKey, { iss: 'https://evil.example' })],
      ['no issuer', await signed('RS256', 'rsa', rsa.privateKey, { iss: undefined })],
      ['another audience', await signed('RS256', 'rsa', rsa.privateKey, { aud: 'elsewhere' })],
      ['expired', await signed('RS256', 'rsa', rsa.privateKey, { exp: nowSeconds - 1 })],
      ['alg none', new UnsecuredJWT(claims).encode()],
    ] as const)
      tokens.set(title, token);
  });

  /** WebCrypto ties a key to its algorithm. */
  async function rsaPss(key: PrivateKey): Promise<PrivateKey> {
    const jwk = await crypto.subtle.exportKey('jwk', key);
    const { alg: _, ...rest } = jwk;
    return crypto.subtle.importKey('jwk', rest, { name: 'RSA-PSS', hash: 'SHA-256' }, false, ['sign']);
  }

  it.each(closed)('%s (%s %s) refuses every token that is none, all alike', async (id) => {
    const { send, reached } = await setUp(verifier);
    const first = await send(id, 'mine', { authorization: undefined });
    expect(first.status).toBe(401);
    for (const [title, token] of tokens)
      expect([title, await send(id, 'mine', { authorization: `Bearer ${token}` })]).toEqual([title, first]);
    expect(reached).toEqual([]);
    expect((await send(id, 'mine', { authorization: `bearer ${good}` })).status).not.toBe(401);
  });
});

describe('a user', () => {
  it.each(closed)('%s (%s %s) never shows anything of another one', async (id) => {
    const { send } = await setUp();
    const answer = await send(id, 'theirs', { userId: 'user-1' });
    // The id itself is in no answer either, nor in a problem.
    expect(JSON.stringify(answer)).not.toContain('theirs');
    expect(await send(id, 'never-there', { userId: 'user-1' })).toEqual(answer);
  });

  it.each(['connection=theirs', 'account=acc-theirs', 'connection=mine&account=acc-theirs'])(
    'finds nothing of another one by %s',
    async (filter) => {
      const { system } = await setUp();
      const answer = await system.get(`/v1/transactions?${filter}`);
      expect(answer.body.transactions ?? []).toEqual([]);
      expect(JSON.stringify(answer)).not.toContain('shop of theirs');
      expect(JSON.stringify(answer)).not.toContain('t-theirs');
    },
  );

  it.each(['transactions', 'accounts', 'changes'])(
    'of whom another one has a cursor of %s is not read with it',
    async (what) => {
      const { system } = await setUp();
      await system.append(
        'theirs',
        system.page([transaction('second')], { accounts: [{ ...account('1'), accountId: 'acc-second' }] }),
      );
      const theirs = (await system.get(`/v1/${what}?limit=1`, { userId: 'user-2' })).body.nextCursor;
      expect(theirs).toEqual(expect.any(String));
      const parameter = what === 'changes' ? 'after' : 'cursor';
      expect(await system.get(`/v1/${what}?limit=1&${parameter}=${theirs}`)).toMatchObject({
        status: 400,
        body: { code: 'CURSOR_INVALID' },
      });
    },
  );
});
