/**
 * The access of a connection whose token ends and is renewed: who reads it renews it where it ends soon, or was refused. One renewal at
 * a time over all invocations, by a lease in the table, since a refresh token may be good once; what came back is stored before it is
 * used.
 */
import {
  type ConsentCalls,
  ProviderError,
  readTokenSet,
  secretOf,
  type TokenSet,
  writeTokenSet,
} from '@quartersec/providers';
import type { Deadline } from '@quartersec/sla';
import type { GrantRecords, Head, StoredGrant } from '@quartersec/storage';

export interface AccessDependencies {
  readonly grants: GrantRecords;
  /** @returns `undefined` where we are not registered with the bank (any more) */
  callsOf(head: Head): ConsentCalls | undefined;
  /** Of the connection. @throws {StorageError} `TOKEN_UNREADABLE` */
  open(sealed: string, connectionId: string): string | Promise<string>;
  seal(text: string, connectionId: string): string;
  sleep(ms: number): Promise<void>;
  /** 0 to 1. */
  random(): number;
  nowEpochMs(): number;
}

export interface AccessKeeper {
  /**
   * @param refused what this has given before, and the bank has just refused: something else is wanted
   * @returns what the connector takes as its access token
   * @throws {ProviderError} `CONSENT_EXPIRED` when there is none to be had; `TIMEOUT` while another invocation renews it
   */
  tokenOf(head: Head, deadline: Deadline, refused?: string): Promise<string>;
}

/** Longer than a call of an event takes, and far shorter than any token lives. */
const endsSoonMs = 20_000;
const refreshTimeoutMs = 8_000;
/** A renewal that is cut off may cost the user's consent: it is not begun with less time. */
const refreshNeedsMs = 1_000;
/** Longer than a renewal, so that nobody takes it over from one that is still at work. */
const leaseMs = 15_000;
const lookAgainMs = 100;
const keptAtMost = 1_000;

export function createAccessKeeper(deps: AccessDependencies): AccessKeeper {
  /** By connection: what this environment has seen last. */
  const seen = new Map<string, TokenSet>();
  const keeper = new Keeper(deps);

  return {
    async tokenOf(head, deadline, refused) {
      const text = await deps.open(head.sealedToken, head.connectionId);
      const linked = readTokenSet(text);
      // A connection that was made by code, of which nothing but its token is known; or a consent that is all the access there is.
      if (linked === undefined) return text;
      const latest = seen.get(head.connectionId);
      const known = latest?.consentId === linked.consentId ? latest : linked;
      if (keeper.isGood(head, known, refused)) return secretOf(head.provider, known);
      const tokens = await keeper.current(head, linked, deadline, refused);
      if (seen.size >= keptAtMost) seen.clear();
      seen.set(head.connectionId, tokens);
      return secretOf(head.provider, tokens);
    },
  };
}

class Keeper {
  readonly #deps: AccessDependencies;

  constructor(deps: AccessDependencies) {
    this.#deps = deps;
  }

  isGood({ provider }: Head, tokens: TokenSet, refused: string | undefined): boolean {
    return secretOf(provider, tokens) !== refused && tokens.expiresEpochMs - this.#deps.nowEpochMs() > endsSoonMs;
  }

  /** The stored tokens while they are valid. Else one invocation takes the lease and renews them, and the others wait for its result. */
  async current(head: Head, linked: TokenSet, deadline: Deadline, refused: string | undefined): Promise<TokenSet> {
    const { grants, nowEpochMs, sleep, random } = this.#deps;
    const { provider } = head;
    for (;;) {
      const stored = await grants.read(head.connectionId, { deadline });
      const tokens = await this.#newest(head, linked, stored);
      if (this.isGood(head, tokens, refused)) return tokens;
      if (deadline.remainingMs() < refreshNeedsMs)
        throw new ProviderError('TIMEOUT', { provider, detail: 'no time left to renew the access' });
      if (tokens.refreshToken === undefined)
        throw new ProviderError('CONSENT_EXPIRED', { provider, detail: 'no refresh token' });
      const isLeased = stored !== undefined && stored.leaseUntilEpochMs > nowEpochMs();
      if (!isLeased) {
        const lease = { ...this.#write(head, tokens), leaseUntilEpochMs: nowEpochMs() + leaseMs };
        const taken = await grants.follow(head.connectionId, stored, lease, { deadline });
        if (taken !== undefined) return this.#renew(head, tokens, taken, deadline);
      }
      await sleep(lookAgainMs * (1 + random()));
    }
  }

  /** Tokens of an earlier consent are void: the connection has been linked anew since. */
  async #newest({ connectionId }: Head, linked: TokenSet, stored: StoredGrant | undefined): Promise<TokenSet> {
    if (stored?.consentId !== linked.consentId) return linked;
    return readTokenSet(await this.#deps.open(stored.sealedTokens, connectionId)) ?? linked;
  }

  #write({ connectionId }: Head, tokens: TokenSet): Pick<StoredGrant, 'consentId' | 'sealedTokens'> {
    return { consentId: tokens.consentId, sealedTokens: this.#deps.seal(writeTokenSet(tokens), connectionId) };
  }

  async #renew(head: Head, tokens: TokenSet, taken: StoredGrant, deadline: Deadline): Promise<TokenSet> {
    const { grants, callsOf } = this.#deps;
    const { provider } = head;
    const calls = callsOf(head);
    try {
      if (calls === undefined)
        throw new ProviderError('CONFIGURATION_REFUSED', { provider, detail: 'no registration' });
      const renewed = await calls.refresh(tokens, { attemptTimeoutMs: refreshTimeoutMs, deadline });
      await this.#store(head, renewed, taken, deadline);
      return renewed;
    } catch (error) {
      // Nobody needs to wait for the lease's end. That it could not be given back costs the others only that.
      if (error instanceof ProviderError)
        await grants
          .follow(head.connectionId, taken, { ...taken, leaseUntilEpochMs: 0 }, { deadline })
          .catch(() => undefined);
      throw error;
    }
  }

  /** The bank knows no others from now on: they are written over whatever came between, but for those of another consent. */
  async #store(head: Head, renewed: TokenSet, taken: StoredGrant, deadline: Deadline): Promise<void> {
    const { grants } = this.#deps;
    let before: StoredGrant | undefined = taken;
    while (before?.consentId === renewed.consentId) {
      const next = { ...this.#write(head, renewed), leaseUntilEpochMs: 0 };
      if ((await grants.follow(head.connectionId, before, next, { deadline })) !== undefined) return;
      before = await grants.read(head.connectionId, { deadline });
    }
  }
}
