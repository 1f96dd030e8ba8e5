/**
 * Links of a standard whose user agrees at the bank itself: sent there with an address, back with a code. The code is exchanged once,
 * whatever is repeated, and what it gives is kept before anything is done with it.
 */
import {
  type ConsentCalls,
  type ConsentState,
  type ConsentWish,
  ProviderError,
  type ProviderName,
  readTokenSet,
  secretOf,
  type TokenSet,
  writeTokenSet,
} from '@quartersec/providers';
import type { Deadline } from '@quartersec/sla';
import { type ExchangeName, type Head, sealedFor } from '@quartersec/storage';
import { type Account, connectionIdOf } from '@quartersec/validation';
import { type ConnectCall, type ConnectDependencies, presentAt, readHeads, readOwn } from './connect-dependencies.ts';
import { ConnectError } from './connect-error.ts';
import { accountsOrNone, type LinkedBank, linkItem } from './link-item.ts';
import type { BroughtBack, LinkProvider, LinkSession } from './link-provider.ts';
import { type LinkUnderWay, readGrantedLink, readLinkUnderWay } from './link-under-way.ts';

export interface RedirectBank {
  readonly calls: ConsentCalls;
  /** @param secret as the bank's connector takes it @throws {ProviderError} */
  readAccounts(secret: string, deadline: Deadline): Promise<readonly Account[]>;
}

export interface RedirectLinksOptions {
  readonly provider: ProviderName;
  /** @returns `undefined` for one that is not configured */
  bankOf(institutionId: string): RedirectBank | undefined;
  wish(): ConsentWish;
  /** Whether a bank ends a user's consent by itself when they give the next one. */
  readonly consentsReplaceEachOther?: boolean;
}

/** A user may take their time at the bank, and look for their card reader. */
const pendingMs = 3_600_000;

export function createRedirectLinks(options: RedirectLinksOptions, deps: ConnectDependencies): LinkProvider {
  const links = new RedirectLinks(options, deps);
  return {
    provider: options.provider,
    async begin(institutionId, call) {
      const bank = institutionId === undefined ? undefined : options.bankOf(institutionId);
      if (institutionId === undefined || bank === undefined) throw new ConnectError('INSTITUTION_UNKNOWN');
      return links.begin(bank, { institutionId }, call);
    },
    async mend({ connectionId, institutionId }, call) {
      const bank = options.bankOf(institutionId);
      if (bank === undefined) throw new ConnectError('RELINK_REQUIRED');
      return links.begin(bank, { institutionId, connectionId }, call);
    },
    complete: (brought, call) => links.complete(brought, call),
    async remove({ itemId, institutionId, connectionId, provider }, { deadline }) {
      const calls = options.bankOf(institutionId)?.calls;
      // A connection that was made by code has no consent that we know, and a bank that is not configured is not asked.
      if (itemId !== undefined && calls !== undefined) await calls.deleteConsent(itemId, deadline);
      else deps.log.write('warn', 'consent left at the bank', { connection_id: connectionId, provider });
    },
    async readConsentEnd({ itemId, institutionId, consentExpiresEpochMs = null }, { deadline }) {
      const calls = options.bankOf(institutionId)?.calls;
      if (itemId === undefined || calls === undefined) return consentExpiresEpochMs;
      return (await calls.readConsent(itemId, deadline)).expiresEpochMs ?? null;
    },
  };
}

/** What the exchange of a code has given. */
interface Granted {
  readonly consentId: string;
  /** Absent where the consent alone is the access. */
  readonly tokens?: TokenSet;
  readonly link: Pick<LinkUnderWay, 'institutionId' | 'connectionId'>;
}

class RedirectLinks {
  readonly #options: RedirectLinksOptions;
  readonly #deps: ConnectDependencies;

  constructor(options: RedirectLinksOptions, deps: ConnectDependencies) {
    this.#options = options;
    this.#deps = deps;
  }

  async begin(bank: RedirectBank, link: Granted['link'], call: ConnectCall): Promise<LinkSession> {
    const { userId, deadline } = call;
    const { pending, sealToken, nowEpochMs } = this.#deps;
    const begun = await bank.calls.begin({ ...this.#options.wish(), ...presentAt(call) }, deadline);
    const { authorizationUrl, urlExpiresEpochMs: expiresEpochMs, ...consent } = begun;
    const name = { userId, state: consent.state };
    const sealed = sealToken(JSON.stringify({ ...consent, ...link }), sealedFor(name));
    await pending.keep(name, sealed, nowEpochMs() + pendingMs, { deadline });
    return { linkToken: consent.state, authorizationUrl, expiresEpochMs };
  }

  async complete(brought: BroughtBack, call: ConnectCall): Promise<LinkedBank> {
    if (brought.kind === 'public-token') throw new ConnectError('LINK_UNKNOWN');
    if (brought.kind === 'refusal') return this.#refused(brought.state, call);
    const { exchanges, journal } = this.#deps;
    const within = { deadline: call.deadline };
    const name = { userId: call.userId, provider: this.#options.provider, publicToken: brought.state };
    const begun = await exchanges.begin(name, within);
    if (begun !== 'ours' && begun.state === 'begun') throw new ConnectError('EXCHANGE_UNSETTLED');
    if (begun !== 'ours' && begun.state === 'linked') {
      const head = await journal.readHead(begun.connectionId, { ...within, fresh: true });
      if (head === undefined || head.userId !== call.userId) throw new ConnectError('LINK_UNKNOWN'); // erased since
      return { head, how: 'repeated' };
    }
    const granted =
      begun === 'ours' ? await this.#exchange(brought, call) : await this.#reopen(begun.itemId, begun.sealedToken);
    const state = await this.#agreed(granted, name, call);
    const linked = await this.#link(granted, state, call);
    await exchanges.note(name, { state: 'linked', connectionId: linked.head.connectionId }, within);
    return linked;
  }

  /** The user does not want to, or the bank does not let them: nothing of it is left. */
  async #refused(state: string, call: ConnectCall): Promise<never> {
    const link = await this.#take({ userId: call.userId, state }, call.deadline);
    if (link === undefined) throw new ConnectError('LINK_UNKNOWN');
    await this.#endQuietly(link.institutionId, link.consentId, call);
    throw new ConnectError('ACCESS_NOT_GIVEN');
  }

  /** @returns what was known of the link, which is good no more */
  async #take(name: { readonly userId: string; readonly state: string }, deadline: Deadline) {
    const { pending, openToken } = this.#deps;
    const sealed = await pending.read(name, { deadline });
    if (sealed === undefined) return undefined;
    const link = readLinkUnderWay(await openToken(sealed, sealedFor(name)));
    await pending.drop(name, { deadline });
    return link;
  }

  /** Makes the exchange, and keeps its result before anything else is done. */
  async #exchange(back: BroughtBack & { readonly kind: 'redirect' }, call: ConnectCall): Promise<Granted> {
    const { exchanges, sealToken, log } = this.#deps;
    const { provider, bankOf } = this.#options;
    const within = { deadline: call.deadline };
    const name = { userId: call.userId, provider, publicToken: back.state };
    const link = await this.#take({ userId: call.userId, state: back.state }, call.deadline);
    const bank = link && bankOf(link.institutionId);
    if (link === undefined || bank === undefined) {
      await exchanges.drop(name, within);
      throw new ConnectError('LINK_UNKNOWN');
    }
    const { consentId, institutionId } = link;
    const made = await bank.calls.exchange(back, link);
    if (made.outcome === 'unknown') {
      log.write('error', 'exchange without an answer', { error_code: made.error.code });
      throw new ConnectError('EXCHANGE_UNSETTLED', { cause: made.error });
    }
    if (made.outcome === 'refused') {
      await this.#endQuietly(institutionId, consentId, call);
      await exchanges.drop(name, within);
      if (made.error.outcome === 'configuration') throw made.error; // ours to mend
      throw new ConnectError('ACCESS_NOT_GIVEN', { cause: made.error });
    }
    const { tokens } = made;
    const granted = { consentId, link: pick(link), ...(tokens !== undefined && { tokens }) };
    const text = JSON.stringify({ ...granted.link, tokens: tokens && writeTokenSet(tokens) });
    const sealedToken = sealToken(text, connectionIdOf({ provider, itemId: consentId }));
    try {
      await exchanges.note(name, { state: 'exchanged', itemId: consentId, sealedToken }, within);
    } catch (error) {
      // Without the record nobody could go on from here: the consent must not be left behind.
      await this.#endQuietly(institutionId, consentId, call);
      await exchanges.drop(name, within).catch(() => undefined);
      throw error;
    }
    return granted;
  }

  async #reopen(consentId: string, sealed: string): Promise<Granted> {
    const { provider } = this.#options;
    const text = await this.#deps.openToken(sealed, connectionIdOf({ provider, itemId: consentId }));
    const link = readGrantedLink(text);
    if (link === undefined) throw new ConnectError('LINK_UNKNOWN');
    if (link.tokens === undefined) return { consentId, link: pick(link) };
    const tokens = readTokenSet(link.tokens);
    if (tokens === undefined) throw new ConnectError('LINK_UNKNOWN');
    return { consentId, tokens, link: pick(link) };
  }

  /** Nothing but the consent itself says that the user has agreed. Safe to repeat, until they have. */
  async #agreed({ consentId, link }: Granted, name: ExchangeName, call: ConnectCall): Promise<ConsentState> {
    const bank = this.#options.bankOf(link.institutionId);
    if (bank === undefined) throw new ConnectError('INSTITUTION_UNKNOWN');
    const state = await bank.calls.readConsent(consentId, call.deadline);
    if (state.status === 'authorised') return state;
    if (state.status === 'awaiting') throw new ConnectError('ACCESS_PENDING');
    await this.#endQuietly(link.institutionId, consentId, call);
    await this.#deps.exchanges.drop(name, { deadline: call.deadline });
    throw new ConnectError('ACCESS_NOT_GIVEN');
  }

  /** Safe to repeat. */
  async #link({ consentId, tokens, link }: Granted, state: ConsentState, call: ConnectCall): Promise<LinkedBank> {
    const { provider, bankOf, consentsReplaceEachOther = false } = this.#options;
    const { institutionId, connectionId } = link;
    const same = (await readHeads(call, this.#deps)).find((head) => head.itemId === consentId);
    if (same !== undefined) return { head: same, how: 'repeated' };
    const bank = bankOf(institutionId);
    if (bank === undefined) throw new ConnectError('INSTITUTION_UNKNOWN');
    const { expiresEpochMs: consentExpiresEpochMs } = state;
    const opens = tokens === undefined ? consentId : secretOf(provider, tokens);
    const mends = connectionId === undefined ? undefined : await readOwn(this.#deps, connectionId, call);
    const accounts = mends === undefined ? await accountsOrNone(() => bank.readAccounts(opens, call.deadline)) : [];
    const secret = tokens === undefined ? consentId : writeTokenSet(tokens);
    return linkItem(
      {
        ...{
          provider,
          itemId: consentId,
          institutionId,
          consentExpiresEpochMs,
          secret,
          accounts,
          consentsReplaceEachOther,
        },
        ...(mends !== undefined && { mends }),
      },
      {
        endNew: () => this.#endQuietly(institutionId, consentId, call),
        endOld: async (before: Head) => {
          if (before.itemId !== undefined) await this.#endQuietly(before.institutionId, before.itemId, call);
        },
      },
      call,
      this.#deps,
    );
  }

  /** What the user asked for is done all the same. A consent that stays is seen in the bank's own list of them. */
  async #endQuietly(institutionId: string, consentId: string, { deadline }: ConnectCall): Promise<void> {
    try {
      await this.#options.bankOf(institutionId)?.calls.deleteConsent(consentId, deadline);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      this.#deps.log.write('error', 'consent left at the bank', {
        provider: this.#options.provider,
        error_code: error.code,
      });
    }
  }
}

function pick({ institutionId, connectionId }: Granted['link']): Granted['link'] {
  return connectionId === undefined ? { institutionId } : { institutionId, connectionId };
}
