/**
 * Link without its pages: link tokens, the public tokens that a finished login gives, and the Items that come of exchanging them.
 * A login is a person at the bank: the first time it brings a connection of its own, later times the same accounts under the ids
 * of a new Item, as Plaid does.
 */
import { householdAsOf } from '../labelled/as-of.ts';
import { createLabelledHousehold } from '../labelled/household.ts';
import { accessToken, itemId } from '../plaid/identifiers.ts';
import type { PlaidBank } from '../plaid/plaid-bank.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';

export interface LinkSession {
  readonly webhook: string | null;
  /** The Item that is mended; `null` for a new one. */
  readonly updates: number | null;
  readonly expiresEpochMs: number;
}

export interface FinishedLink {
  readonly publicToken: string;
  /** Of the connection that the token will be exchanged for. */
  readonly index: number;
}

export interface LinkDeskDeps {
  readonly bank: PlaidBank;
  readonly webhooks: Webhooks;
  readonly connections: number;
  /** Connections from here on are free to be linked; those below have their tokens already. */
  readonly linkFrom: number;
  readonly nowEpochMs: () => number;
  readonly newId: () => string;
  /** The user has mended an Item's login. */
  onRepaired(index: number): void;
}

interface PublicToken {
  readonly index: number;
  readonly expiresEpochMs: number;
}

const dayMs = 86_400_000;
const linkTokenMs = 4 * 3_600_000;
const publicTokenMs = 30 * 60_000;

export class LinkDesk {
  readonly #deps: LinkDeskDeps;
  readonly #sessions = new Map<string, LinkSession>();
  readonly #publicTokens = new Map<string, PublicToken>();
  /** By login: the connection that it brought first. */
  readonly #logins = new Map<string, number>();
  /** By login: the connection that `household` gave for it. */
  readonly #households = new Map<string, number>();
  /** Of Items that share a bank with an earlier one: that one. */
  readonly #firstOf = new Map<number, number>();
  readonly #removed = new Set<number>();
  readonly #consentEnds = new Map<number, string>();
  #next: number;

  constructor(deps: LinkDeskDeps) {
    this.#deps = deps;
    this.#next = deps.linkFrom;
  }

  createLinkToken(webhook: string | null, updates: number | null): { linkToken: string; expiration: string } {
    const linkToken = `link-sandbox-${this.#deps.newId()}`;
    const expiresEpochMs = this.#deps.nowEpochMs() + linkTokenMs;
    this.#sessions.set(linkToken, { webhook, updates, expiresEpochMs });
    return { linkToken, expiration: new Date(expiresEpochMs).toISOString() };
  }

  session(linkToken: string): LinkSession | undefined {
    const session = this.#sessions.get(linkToken);
    return session !== undefined && session.expiresEpochMs > this.#deps.nowEpochMs() ? session : undefined;
  }

  /**
   * What the end of Link's pages does.
   * @param login a name of the caller's choice; `user-<n>` is the person behind connection n, `household-<seed>-<n>` a labelled
   *   household at the nth of its banks, from 0
   * @returns `undefined` when no connection is left to be linked
   */
  finish(session: Pick<LinkSession, 'webhook' | 'updates'>, login: string | null): FinishedLink | undefined {
    const { updates, webhook } = session;
    if (updates !== null) {
      this.#deps.onRepaired(updates);
      if (webhook !== null) this.#deps.webhooks.setUrl(updates, webhook);
      return { publicToken: this.#publicToken(updates), index: updates };
    }
    const index = this.#newItem(login);
    if (index === undefined) return undefined;
    if (webhook !== null) this.#deps.webhooks.setUrl(index, webhook);
    return { publicToken: this.#publicToken(index), index };
  }

  /** The connection behind a login at a bank whose account ids outlive a consent: the same one, however often it is linked. */
  household(login: string): number | undefined {
    const known = this.#households.get(login) ?? this.#startedLogin(login) ?? this.#newItem(login);
    if (known !== undefined) this.#households.set(login, known);
    return known;
  }

  /** Good once. */
  exchange(publicToken: string): { accessToken: string; itemId: string } | undefined {
    const known = this.#publicTokens.get(publicToken);
    this.#publicTokens.delete(publicToken);
    if (known === undefined || known.expiresEpochMs <= this.#deps.nowEpochMs()) return undefined;
    return { accessToken: accessToken(known.index), itemId: itemId(known.index) };
  }

  remove(index: number): void {
    this.#removed.add(index);
  }

  isRemoved(index: number): boolean {
    return this.#removed.size > 0 && this.#removed.has(index);
  }

  /** @param time date-time, `null` = none */
  setConsentEnd(index: number, time: string | null): void {
    if (time === null) this.#consentEnds.delete(index);
    else this.#consentEnds.set(index, time);
  }

  /** What an Item says beside its bank. */
  itemFacts(index: number): { consentEnd: string | null; webhook: string | null; institutionOf: number } {
    return {
      consentEnd: this.#consentEnds.get(index) ?? null,
      webhook: this.#deps.webhooks.urlOf(index),
      institutionOf: this.#firstOf.get(index) ?? index,
    };
  }

  #publicToken(index: number): string {
    const token = `public-sandbox-${this.#deps.newId()}`;
    this.#publicTokens.set(token, { index, expiresEpochMs: this.#deps.nowEpochMs() + publicTokenMs });
    return token;
  }

  #newItem(login: string | null): number | undefined {
    if (this.#next >= this.#deps.connections) return undefined;
    const index = this.#next;
    this.#next += 1;
    const first = login === null ? undefined : (this.#logins.get(login) ?? this.#startedLogin(login));
    if (first === undefined) {
      if (login !== null) {
        this.#logins.set(login, index);
        this.#adopt(index, login);
      }
      return index;
    }
    this.#deps.bank.relink(first, index);
    this.#firstOf.set(index, first);
    return index;
  }

  #adopt(index: number, login: string): void {
    const named = /^household-(\d{1,6})-(\d)$/.exec(login);
    if (named === null) return;
    const today = Math.floor(this.#deps.nowEpochMs() / dayMs);
    const holding = householdAsOf(createLabelledHousehold(Number(named[1])), Number(named[2]), today);
    if (holding !== undefined) this.#deps.bank.adopt(index, holding);
  }

  /** `user-<n>` of a connection that had its token from the start. */
  #startedLogin(login: string): number | undefined {
    const digits = /^user-(0|[1-9]\d{0,7})$/.exec(login)?.[1];
    const index = digits === undefined ? undefined : Number(digits);
    return index !== undefined && index < this.#deps.linkFrom ? index : undefined;
  }
}
