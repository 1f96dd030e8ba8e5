/** Links whose user agrees at the bank, over a table in memory. The bank's calls are scripted: `calls.test.ts` of the providers has the real ones. */
import { type ConsentExchange, type ConsentState, type ConsentWish, ProviderError } from '@quartersec/providers';
import { createDeadline } from '@quartersec/sla';
import {
  createExchangeRecords,
  createJournal,
  createMemoryTable,
  createPendingLinks,
  type Head,
  linkConnection,
  openToken,
  readConnectionIds,
  StorageError,
  sealToken,
} from '@quartersec/storage';
import type { Account } from '@quartersec/validation';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ConnectDependencies } from './connect-dependencies.ts';
import type { BroughtBack, LinkProvider } from './link-provider.ts';
import { readGrantedLink, readLinkUnderWay } from './link-under-way.ts';
import { createRedirectLinks } from './redirect-links.ts';

const tokenKeys = Buffer.alloc(32, 3).toString('base64');
const call = { userId: 'anna', deadline: createDeadline(600_000, () => performance.now()) };
let deleted: string[];
let consents: number;
let made: ConsentExchange | undefined;
let state: ConsentState;
let wished: ConsentWish | undefined;
let opened: string[];
let held: readonly Account[];
let linkFailure: Error | undefined;
let noteFailure: Error | undefined;
let deleteFailure: Error | undefined;
let logged: string[];
let deps: ConnectDependencies;
let links: LinkProvider;
let berlinLinks: LinkProvider;

beforeEach(() => {
  deleted = [];
  consents = 0;
  made = undefined;
  state = { status: 'authorised', expiresEpochMs: 77 };
  wished = undefined;
  opened = [];
  held = [];
  linkFailure = undefined;
  noteFailure = undefined;
  deleteFailure = undefined;
  logged = [];
  const table = createMemoryTable();
  const journal = createJournal({ table });
  let ids = 0;
  const edge = { newId: () => `id-${++ids}`, nowEpochMs: () => 1_000 };
  const exchanges = createExchangeRecords(table, edge);
  const unused = () => Promise.reject(new Error('not of these links'));
  deps = {
    ...edge,
    calls: undefined as never,
    settings: undefined as never,
    journal,
    exchanges: {
      ...exchanges,
      note: async (name, state, options) => {
        if (noteFailure !== undefined && state.state === 'exchanged') throw noteFailure;
        return exchanges.note(name, state, options);
      },
    },
    pending: createPendingLinks(table, edge),
    queue: { send: async () => {} },
    log: { write: (_level, message) => void logged.push(message) },
    link: async (request, deadline) => {
      if (linkFailure !== undefined) throw linkFailure;
      return linkConnection({ journal, table }, request, { deadline });
    },
    connectionIdsOf: (userId, deadline) => readConnectionIds(table, userId, { deadline }),
    keepFeedback: unused,
    forget: unused,
    sealToken: (text, connectionId) => sealToken(text, { tokenKeys, connectionId }),
    openToken: (sealed, connectionId) => openToken(sealed, { tokenKeys, connectionId }),
  };
  const bank = {
    calls: {
      async begin(wish: ConsentWish) {
        wished = wish;
        consents += 1;
        const secrets = { state: `state-${consents}`, nonce: 'n', verifier: 'v' };
        const consentId = `aac-${consents}`;
        return { ...secrets, consentId, authorizationUrl: 'https://bank.example/a', urlExpiresEpochMs: 9 };
      },
      async exchange(_back: unknown, { consentId }: { readonly consentId: string }): Promise<ConsentExchange> {
        const tokens = { consentId, accessToken: `access-${consentId}`, expiresEpochMs: 5_000, refreshToken: 'r' };
        return made ?? { outcome: 'granted', tokens };
      },
      refresh: unused,
      readConsent: async () => state,
      async deleteConsent(consentId: string) {
        if (deleteFailure !== undefined) throw deleteFailure;
        deleted.push(consentId);
        return 'deleted' as const;
      },
    },
    async readAccounts(secret: string) {
      opened.push(secret);
      return held;
    },
  };
  const options = { provider: 'openbanking-uk' as const, wish: () => ({}) };
  const bankOf = (id: string) => (id === 'bank-a' ? bank : undefined);
  links = createRedirectLinks({ ...options, bankOf }, deps);
  const ofBerlin = { ...options, provider: 'berlin-group' as const, consentsReplaceEachOther: true };
  berlinLinks = createRedirectLinks({ ...ofBerlin, bankOf }, deps);
});

const account: Account = {
  accountId: 'acc-1',
  identityBasis: 'iban',
  providerAccountId: 'r-1',
  currency: 'EUR',
  type: 'CACC',
  nature: 'asset',
  name: 'Main',
  mask: '6789',
  balances: [],
};
const back = (number = 1): BroughtBack => ({ kind: 'redirect', state: `state-${number}`, code: 'c' });
const failed = (code: ConstructorParameters<typeof ProviderError>[0]) =>
  new ProviderError(code, { provider: 'openbanking-uk' });
async function linked(): Promise<Head> {
  await links.begin('bank-a', call);
  return (await links.complete(back(consents), call)).head;
}

describe('a link by redirect', () => {
  it('sends the user to the bank, and makes a connection of what comes back', async () => {
    expect(await links.begin('bank-a', call)).toEqual({
      linkToken: 'state-1',
      authorizationUrl: 'https://bank.example/a',
      expiresEpochMs: 9,
    });
    const { head, how } = await links.complete(back(), call);
    expect(how).toBe('new');
    expect(head).toMatchObject({ itemId: 'aac-1', institutionId: 'bank-a', consentExpiresEpochMs: 77, userId: 'anna' });
    expect(openToken(head.sealedToken, { tokenKeys, connectionId: head.connectionId })).toContain('access-aac-1');
    expect(await links.complete(back(), call)).toMatchObject({ how: 'repeated', head: { version: 1 } });
  });

  it('is of a bank that is here', async () => {
    for (const bank of [undefined, 'bank-b'])
      await expect(links.begin(bank, call)).rejects.toMatchObject({ code: 'INSTITUTION_UNKNOWN' });
    const head = { ...(await linked()), institutionId: 'bank-b' };
    await expect(links.mend(head, call)).rejects.toMatchObject({ code: 'RELINK_REQUIRED' });
  });

  it('is of the user who began it, and of no other kind', async () => {
    await links.begin('bank-a', call);
    const code = 'LINK_UNKNOWN';
    await expect(links.complete(back(), { ...call, userId: 'bert' })).rejects.toMatchObject({ code });
    await expect(links.complete({ kind: 'public-token', publicToken: 'p' }, call)).rejects.toMatchObject({ code });
    await expect(links.complete({ kind: 'refusal', state: 'state-9' }, call)).rejects.toMatchObject({ code });
    expect(await links.complete(back(), call)).toMatchObject({ how: 'new' });
  });

  it('goes on where the call before ended, without another exchange', async () => {
    await links.begin('bank-a', call);
    linkFailure = new StorageError('TABLE_UNREACHABLE', {});
    await expect(links.complete(back(), call)).rejects.toBe(linkFailure);
    linkFailure = undefined;
    made = { outcome: 'refused', error: failed('CONSENT_EXPIRED') };
    expect(await links.complete(back(), call)).toMatchObject({ how: 'new', head: { itemId: 'aac-1' } });
  });

  it('leaves no consent behind that nobody could go on with', async () => {
    await links.begin('bank-a', call);
    noteFailure = new StorageError('TABLE_UNREACHABLE', {});
    await expect(links.complete(back(), call)).rejects.toBe(noteFailure);
    expect(deleted).toEqual(['aac-1']);
  });

  it('that the bank or the user refuses leaves nothing', async () => {
    await links.begin('bank-a', call);
    made = { outcome: 'refused', error: failed('CONSENT_EXPIRED') };
    await expect(links.complete(back(), call)).rejects.toMatchObject({ code: 'ACCESS_NOT_GIVEN' });
    await links.begin('bank-a', call);
    const refusal = { kind: 'refusal', state: 'state-2' } as const;
    await expect(links.complete(refusal, call)).rejects.toMatchObject({ code: 'ACCESS_NOT_GIVEN' });
    expect(deleted).toEqual(['aac-1', 'aac-2']);
    await links.begin('bank-a', call);
    made = { outcome: 'refused', error: failed('CONFIGURATION_REFUSED') };
    await expect(links.complete(back(3), call)).rejects.toBe(made.error);
  });

  it('whose answer was lost is not tried again', async () => {
    await links.begin('bank-a', call);
    made = { outcome: 'unknown', error: failed('TIMEOUT') };
    for (let time = 0; time < 2; time += 1)
      await expect(links.complete(back(), call)).rejects.toMatchObject({ code: 'EXCHANGE_UNSETTLED' });
    expect(logged).toEqual(['exchange without an answer']);
  });

  it('renews the consent of a connection, which goes on, and ends the one before', async () => {
    const head = await linked();
    await links.mend(head, call);
    const renewed = await links.complete(back(2), call);
    expect(renewed).toMatchObject({ how: 'relinked', head: { connectionId: head.connectionId, itemId: 'aac-2' } });
    expect(deleted).toEqual(['aac-1']);
  });

  it('renews also where the consent before cannot be ended, and says so', async () => {
    const head = await linked();
    await links.mend(head, call);
    deleteFailure = failed('SERVER_ERROR');
    expect(await links.complete(back(2), call)).toMatchObject({ how: 'relinked' });
    expect(logged).toEqual(['consent left at the bank']);
  });

  it('ends at the bank, and is left there where nothing is known of it', async () => {
    const head = await linked();
    await links.remove(head, call);
    expect(deleted).toEqual(['aac-1']);
    const { itemId: _, ...byCode } = head;
    await links.remove(byCode, call);
    await links.remove({ ...head, institutionId: 'bank-b' }, call);
    expect(logged).toEqual(['consent left at the bank', 'consent left at the bank']);
    expect(await links.readConsentEnd(head, call)).toBe(77);
    expect(await links.readConsentEnd({ ...byCode, consentExpiresEpochMs: 5 }, call)).toBe(5);
  });
});

describe('a link whose consent alone is the access', () => {
  const back = (number = 1): BroughtBack => ({ kind: 'redirect', state: `state-${number}` });
  beforeEach(() => {
    made = { outcome: 'granted' };
  });

  it('keeps the consent as its secret, and tells the bank where its user is', async () => {
    await berlinLinks.begin('bank-a', { ...call, sourceIp: '192.0.2.7' });
    expect(wished).toEqual({ userIpAddress: '192.0.2.7' });
    await berlinLinks.begin('bank-a', { ...call, sourceIp: 'unknown' });
    expect(wished).toEqual({});
    const { head, how } = await berlinLinks.complete(back(), call);
    expect([how, head.itemId]).toEqual(['new', 'aac-1']);
    expect(openToken(head.sealedToken, { tokenKeys, connectionId: head.connectionId })).toBe('aac-1');
    expect(opened).toEqual(['aac-1']);
  });

  it('is believed when the bank says that the user has agreed, and asked again until then', async () => {
    await berlinLinks.begin('bank-a', call);
    state = { status: 'awaiting' };
    for (let time = 0; time < 2; time += 1)
      await expect(berlinLinks.complete(back(), call)).rejects.toMatchObject({ code: 'ACCESS_PENDING' });
    state = { status: 'authorised' };
    expect(await berlinLinks.complete(back(), call)).toMatchObject({ how: 'new' });
  });

  it('is nothing where the user has not agreed, whatever came back', async () => {
    await berlinLinks.begin('bank-a', call);
    state = { status: 'ended' };
    await expect(berlinLinks.complete(back(), call)).rejects.toMatchObject({ code: 'ACCESS_NOT_GIVEN' });
    expect(deleted).toEqual(['aac-1']);
    state = { status: 'authorised' };
    await expect(berlinLinks.complete(back(), call)).rejects.toMatchObject({ code: 'LINK_UNKNOWN' });
  });

  it('has its connector open what a token and its consent open together', async () => {
    made = undefined;
    await berlinLinks.begin('bank-a', call);
    await berlinLinks.complete({ ...back(), code: 'c' } as BroughtBack, call);
    expect(opened).toEqual(['aac-1 access-aac-1']);
  });

  it('takes the place of the one before, which the bank has ended with it', async () => {
    held = [account];
    for (const number of [1, 2]) await berlinLinks.begin('bank-a', { ...call, sourceIp: `192.0.2.${number}` });
    const { head } = await berlinLinks.complete(back(1), call);
    deps.journal.readHead = async () => ({
      ...head,
      accounts: [{ ...account, state: 'open', replacedBy: null, sinceVersion: 1, readEpochMs: 1 }],
    });
    const again = await berlinLinks.complete(back(2), call);
    expect(again).toMatchObject({ how: 'relinked', head: { connectionId: head.connectionId, itemId: 'aac-2' } });
    expect(deleted).toEqual(['aac-1']);
  });
});

it('what is kept of a link and is none of ours is not used', () => {
  expect(readLinkUnderWay('{"state":"s"}')).toBeUndefined();
  expect(readGrantedLink('{"tokens":1}')).toBeUndefined();
});
