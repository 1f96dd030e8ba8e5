/** Who renews an access, and that nobody else does at the same time. The bank here is a book of refresh tokens that are good once. */
import { type ConsentCalls, ProviderError, type TokenSet, writeTokenSet } from '@quartersec/providers';
import { createGrantRecords, createMemoryTable, type Head } from '@quartersec/storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AccessDependencies, createAccessKeeper } from './keep-access.ts';
import { withAccess } from './with-access.ts';

const consentId = 'aac-1';
const linked: TokenSet = { consentId, accessToken: 'a0', expiresEpochMs: 100_000, refreshToken: 'r0' };
const headOf = (tokens: TokenSet | string) =>
  ({ connectionId: 'c-1', sealedToken: typeof tokens === 'string' ? tokens : writeTokenSet(tokens) }) as Head;
const deadlineOf = (remainingMs = () => 5_000) => ({ remainingMs, elapsedMs: () => 0 });
const deadline = deadlineOf();

let nowEpochMs: number;
let renewals: string[];
let failure: ProviderError | undefined;
let table: ReturnType<typeof createMemoryTable>;
let deps: AccessDependencies;

beforeEach(() => {
  nowEpochMs = 1_000;
  renewals = [];
  failure = undefined;
  table = createMemoryTable();
  let ids = 0;
  const calls: Pick<ConsentCalls, 'refresh'> = {
    async refresh(tokens) {
      await Promise.resolve();
      if (failure !== undefined) throw failure;
      const used = tokens.refreshToken ?? '';
      if (renewals.includes(used)) throw new ProviderError('CONSENT_EXPIRED', { provider: 'openbanking-uk' });
      renewals.push(used);
      const number = renewals.length;
      return {
        consentId: tokens.consentId,
        accessToken: `a${number}`,
        expiresEpochMs: nowEpochMs + 60_000,
        refreshToken: `r${number}`,
      };
    },
  };
  deps = {
    grants: createGrantRecords(table, { newId: () => `run-${++ids}` }),
    callsOf: () => calls as ConsentCalls,
    open: (sealed) => sealed,
    seal: (text) => text,
    sleep: async (ms) => {
      nowEpochMs += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
    random: () => 0,
    nowEpochMs: () => nowEpochMs,
  };
});

describe('the access of a connection', () => {
  it('is the token it was linked with, until that ends soon', async () => {
    const keeper = createAccessKeeper(deps);
    expect(await keeper.tokenOf(headOf(linked), deadline)).toBe('a0');
    nowEpochMs = 85_000;
    expect(await keeper.tokenOf(headOf(linked), deadline)).toBe('a1');
    expect(await keeper.tokenOf(headOf(linked), deadline)).toBe('a1');
    expect(renewals).toEqual(['r0']);
  });

  it('is a bare token where the connection was made by code, whatever the bank says to it', async () => {
    expect(await createAccessKeeper(deps).tokenOf(headOf('bare'), deadline, 'bare')).toBe('bare');
    expect(renewals).toEqual([]);
  });

  it('is the consent with its token, where the connector of its standard takes both', async () => {
    const head = { ...headOf(linked), provider: 'berlin-group' };
    const keeper = createAccessKeeper(deps);
    expect(await keeper.tokenOf(head, deadline)).toBe('aac-1 a0');
    expect(await keeper.tokenOf(head, deadline, 'aac-1 a0')).toBe('aac-1 a1');
    expect(renewals).toEqual(['r0']);
  });

  it('is renewed by one of many that are refused at once, in whatever environment they are', async () => {
    const keepers = Array.from({ length: 5 }, () => createAccessKeeper(deps));
    const tokens = await Promise.all(keepers.map((keeper) => keeper.tokenOf(headOf(linked), deadline, 'a0')));
    expect(tokens).toEqual(Array(5).fill('a1'));
    expect(renewals).toEqual(['r0']);
    expect(await createAccessKeeper(deps).tokenOf(headOf(linked), deadline, 'a0')).toBe('a1');
  });

  it('is renewed with the refresh token that came last', async () => {
    const [one, other] = [createAccessKeeper(deps), createAccessKeeper(deps)];
    expect(await one.tokenOf(headOf(linked), deadline, 'a0')).toBe('a1');
    expect(await other.tokenOf(headOf(linked), deadline, 'a1')).toBe('a0'); // not refused here yet
    expect(await other.tokenOf(headOf(linked), deadline, 'a0')).toBe('a1');
    expect(await other.tokenOf(headOf(linked), deadline, 'a1')).toBe('a2');
    expect(renewals).toEqual(['r0', 'r1']);
  });

  it('is taken over from one that died with the lease, and not before its end', async () => {
    const lease = { consentId, sealedTokens: writeTokenSet(linked), leaseUntilEpochMs: 16_000 };
    await deps.grants.follow('c-1', undefined, lease, { deadline });
    const begunEpochMs = nowEpochMs;
    expect(await createAccessKeeper(deps).tokenOf(headOf(linked), deadline, 'a0')).toBe('a1');
    expect(nowEpochMs - begunEpochMs).toBeGreaterThanOrEqual(15_000);
  });

  it('comes again later where there is no time to wait, and begins no renewal that would be cut off', async () => {
    const call = createAccessKeeper(deps).tokenOf(
      headOf(linked),
      deadlineOf(() => 900),
      'a0',
    );
    await expect(call).rejects.toMatchObject({ code: 'TIMEOUT', outcome: 'soon' });
    expect(renewals).toEqual([]);
  });

  it('is over where there is no refresh token, or the bank takes it no more', async () => {
    const { refreshToken: _, ...without } = linked;
    const keeper = createAccessKeeper(deps);
    await expect(keeper.tokenOf(headOf(without), deadline, 'a0')).rejects.toMatchObject({ code: 'CONSENT_EXPIRED' });
    renewals.push('r0');
    await expect(keeper.tokenOf(headOf(linked), deadline, 'a0')).rejects.toMatchObject({ code: 'CONSENT_EXPIRED' });
  });

  it('gives its lease back when the bank is down, and keeps the refresh token', async () => {
    failure = new ProviderError('SERVER_ERROR', { provider: 'openbanking-uk' });
    const keeper = createAccessKeeper(deps);
    await expect(keeper.tokenOf(headOf(linked), deadline, 'a0')).rejects.toBe(failure);
    failure = undefined;
    const begunEpochMs = nowEpochMs;
    expect(await keeper.tokenOf(headOf(linked), deadline, 'a0')).toBe('a1');
    expect(nowEpochMs).toBe(begunEpochMs);
  });

  it('is ours to mend where the bank is not configured any more', async () => {
    const keeper = createAccessKeeper({ ...deps, callsOf: () => undefined });
    await expect(keeper.tokenOf(headOf(linked), deadline, 'a0')).rejects.toMatchObject({ outcome: 'configuration' });
  });

  it('of another consent begins with its own tokens', async () => {
    const keeper = createAccessKeeper(deps);
    await keeper.tokenOf(headOf(linked), deadline, 'a0');
    const renewed = { ...linked, consentId: 'aac-2', accessToken: 'b0', refreshToken: 's0' };
    expect(await keeper.tokenOf(headOf(renewed), deadline)).toBe('b0');
    expect(await keeper.tokenOf(headOf(renewed), deadline, 'b0')).toBe('a2');
    expect(renewals).toEqual(['r0', 's0']);
  });

  it('that is stored over what was written meanwhile loses no refresh token', async () => {
    const { follow } = deps.grants;
    let writes = 0;
    const grants = {
      ...deps.grants,
      follow: async (...args: Parameters<typeof follow>) => {
        writes += 1;
        // A new key has sealed the tokens between lease and result.
        const [connectionId, before, next, within] = args;
        if (writes === 2 && before !== undefined) await follow(connectionId, before, before, within);
        return follow(connectionId, before, next, within);
      },
    };
    expect(await createAccessKeeper({ ...deps, grants }).tokenOf(headOf(linked), deadline, 'a0')).toBe('a1');
    expect(await deps.grants.read('c-1', { deadline })).toMatchObject({
      sealedTokens: expect.stringContaining('"r1"'),
      leaseUntilEpochMs: 0,
    });
  });
});

describe('a call with the access', () => {
  const unauthorised = () => new ProviderError('CONSENT_EXPIRED', { provider: 'openbanking-uk', status: 401 });
  async function callWith(tokens: readonly string[], good: string) {
    const tried: string[] = [];
    const left = [...tokens];
    const openToken = () => left.shift() ?? (tokens.at(-1) as string);
    const call = withAccess({ head: headOf(linked), deadline, deps: { openToken } }, async (token) => {
      tried.push(token);
      if (token !== good) throw unauthorised();
      return token;
    });
    return { got: await call.catch((error: ProviderError) => error.code), tried };
  }

  it('is made with what was known, what another had stored, and what is renewed', async () => {
    expect(await callWith(['a0', 'a1', 'a2'], 'a2')).toEqual({ got: 'a2', tried: ['a0', 'a1', 'a2'] });
  });

  it('ends where there is no other token, or three were refused', async () => {
    expect(await callWith(['a0', 'a0'], 'none')).toEqual({ got: 'CONSENT_EXPIRED', tried: ['a0'] });
    expect(await callWith(['a0', 'a1', 'a2', 'a3'], 'a3')).toMatchObject({ tried: ['a0', 'a1', 'a2'] });
  });

  it('is made once where it is the consent that has ended', async () => {
    const facts = { provider: 'berlin-group', status: 401, providerCode: 'CONSENT_EXPIRED' };
    let calls = 0;
    const deps = {
      openToken: (_head: Head, _deadline: unknown, refused?: string) => (refused === undefined ? 'a0' : 'a1'),
    };
    const call = withAccess({ head: headOf(linked), deadline, deps }, () => {
      calls += 1;
      return Promise.reject(new ProviderError('CONSENT_EXPIRED', facts));
    });
    await expect(call).rejects.toMatchObject({ code: 'CONSENT_EXPIRED' });
    expect(calls).toBe(1);
  });

  it('is made once where it fails for another reason', async () => {
    const error = new ProviderError('SERVER_ERROR', { provider: 'openbanking-uk', status: 500 });
    const call = withAccess({ head: headOf(linked), deadline, deps: { openToken: () => 'a0' } }, () =>
      Promise.reject(error),
    );
    await expect(call).rejects.toBe(error);
  });
});
