/**
 * What a bank remembers of the access it has given: consents, codes, access and refresh tokens. A code and a refresh token are good
 * once; one that is used again ends all that came of it (RFC 6749, sections 4.1.2 and 10.4).
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** `replaced`: by the household's next consent. `terminated`: by the one who asked for it. */
export type ConsentStatus = 'awaiting' | 'authorised' | 'rejected' | 'revoked' | 'replaced' | 'terminated';

export interface Consent {
  readonly id: string;
  /** Which of the standard's banks has it. */
  readonly bank: string;
  readonly permissions: readonly string[];
  readonly expiresEpochMs: number | null;
  readonly createdEpochMs: number;
  changedEpochMs: number;
  status: ConsentStatus;
  /** Of the household that has agreed. */
  index: number | undefined;
}

export interface Code {
  readonly consent: Consent;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string;
  readonly endsEpochMs: number;
  isUsed: boolean;
}

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly seconds: number;
}

interface AccessToken {
  readonly consent: Consent;
  endsEpochMs: number;
}

interface RefreshToken {
  readonly consent: Consent;
  isUsed: boolean;
}

/** What became of a household's access: the books that a test compares with. */
export interface AccessBooks {
  readonly consents: readonly { readonly id: string; readonly status: ConsentStatus }[];
  readonly liveAccessTokens: number;
  readonly refreshes: number;
  readonly codesExchanged: number;
}

/** FAPI 1.0: a code is for the one who comes straight back with it. */
const codeMs = 60_000;

const unguessable = (kind: string) => `${kind}-${randomBytes(24).toString('base64url')}`;

export class Grants {
  readonly #nowEpochMs: () => number;
  readonly #consents = new Map<string, Consent>();
  readonly #codes = new Map<string, Code>();
  readonly #access = new Map<string, AccessToken>();
  readonly #refresh = new Map<string, RefreshToken>();
  readonly #refreshes = new Map<number, number>();
  readonly #exchanges = new Map<number, number>();

  constructor(nowEpochMs: () => number) {
    this.#nowEpochMs = nowEpochMs;
  }

  createConsent(bank: string, permissions: readonly string[], expiresEpochMs: number | null): Consent {
    const now = this.#nowEpochMs();
    const id = `consent-${randomUUID()}`;
    const times = { createdEpochMs: now, changedEpochMs: now };
    const consent: Consent = {
      id,
      bank,
      permissions,
      expiresEpochMs,
      ...times,
      status: 'awaiting',
      index: undefined,
    };
    this.#consents.set(id, consent);
    return consent;
  }

  consent(id: string, bank: string): Consent | undefined {
    const consent = this.#consents.get(id);
    return consent?.bank === bank ? consent : undefined;
  }

  /** @param index of the household that agrees */
  agree(consent: Consent, index: number): void {
    this.#turn(consent, 'authorised');
    consent.index = index;
  }

  /** @returns what the household that has agreed is sent back with */
  codeFor(consent: Consent, request: Pick<Code, 'redirectUri' | 'challenge' | 'nonce'>): string {
    const code = unguessable('code');
    this.#codes.set(code, { ...request, consent, endsEpochMs: this.#nowEpochMs() + codeMs, isUsed: false });
    return code;
  }

  reject(consent: Consent): void {
    this.#turn(consent, 'rejected');
  }

  /** The consent is no longer there: at the wish of the one who asked for it. */
  remove(consent: Consent): void {
    this.#end(consent);
    this.#consents.delete(consent.id);
  }

  /** Where a bank lets a household have one at a time: those that it had there. */
  replaceOthers(consent: Consent): void {
    for (const other of this.#of(consent.index ?? -1)) {
      if (other === consent || other.bank !== consent.bank || other.status !== 'authorised') continue;
      this.#turn(other, 'replaced');
      this.#end(other);
    }
  }

  /** Ended at the wish of the one who asked for it, where a bank keeps what has ended. */
  terminate(consent: Consent): void {
    this.#turn(consent, 'terminated');
    this.#end(consent);
  }

  /** Those of a household that stand. */
  standing(index: number): readonly Consent[] {
    return this.#of(index).filter((consent) => !this.isOver(consent));
  }

  /** At the bank, by the household itself: every consent that it has given. */
  revokeAll(index: number): void {
    for (const consent of this.#of(index)) {
      if (consent.status === 'authorised') this.#turn(consent, 'revoked');
      this.#end(consent);
    }
  }

  isOver(consent: Consent): boolean {
    const { status, expiresEpochMs } = consent;
    return status !== 'authorised' || (expiresEpochMs !== null && expiresEpochMs <= this.#nowEpochMs());
  }

  /** @returns the code's grant, `undefined` where it is none, too old, or used before: then its tokens are gone, too */
  takeCode(text: string, redirectUri: string, verifier: string): Code | undefined {
    const code = this.#codes.get(text);
    if (code === undefined) return undefined;
    if (code.isUsed) {
      this.#end(code.consent);
      return undefined;
    }
    code.isUsed = true;
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const fits = code.redirectUri === redirectUri && code.challenge === challenge;
    return fits && code.endsEpochMs > this.#nowEpochMs() && !this.isOver(code.consent) ? code : undefined;
  }

  /** The household of a refresh token, whatever it is still worth. */
  refreshIndex(text: string): number | undefined {
    return this.#refresh.get(text)?.consent.index;
  }

  /** @returns `undefined` where it is none, used before, or its consent is over */
  takeRefreshToken(text: string): Consent | undefined {
    const refresh = this.#refresh.get(text);
    if (refresh === undefined) return undefined;
    if (refresh.isUsed) {
      this.#end(refresh.consent);
      return undefined;
    }
    refresh.isUsed = true;
    if (this.isOver(refresh.consent)) return undefined;
    count(this.#refreshes, refresh.consent.index);
    return refresh.consent;
  }

  issue(consent: Consent, seconds: number): Tokens {
    const tokens = { accessToken: unguessable('access'), refreshToken: unguessable('refresh'), seconds };
    this.#access.set(tokens.accessToken, { consent, endsEpochMs: this.#nowEpochMs() + seconds * 1_000 });
    this.#refresh.set(tokens.refreshToken, { consent, isUsed: false });
    return tokens;
  }

  noteExchange(consent: Consent): void {
    count(this.#exchanges, consent.index);
  }

  /** @returns the household whose data the token opens, `undefined` where it opens none (any more) */
  indexOf(accessToken: string, bank: string): number | undefined {
    const access = this.#access.get(accessToken);
    if (access === undefined || access.consent.bank !== bank || access.endsEpochMs <= this.#nowEpochMs())
      return undefined;
    return access.consent.index;
  }

  /** @returns `undefined` for what is no access token, or no longer one that opens the consent's data */
  consentOf(accessToken: string): Consent | undefined {
    const access = this.#access.get(accessToken);
    return access !== undefined && access.endsEpochMs > this.#nowEpochMs() ? access.consent : undefined;
  }

  /** Access tokens end now, refresh tokens stay good. */
  expireAccess(index: number): void {
    for (const access of this.#access.values()) if (access.consent.index === index) access.endsEpochMs = 0;
  }

  books(index: number): AccessBooks {
    const live = [...this.#access.values()].filter(
      ({ consent, endsEpochMs }) => consent.index === index && endsEpochMs > this.#nowEpochMs(),
    );
    return {
      consents: this.#of(index).map(({ id, status }) => ({ id, status })),
      liveAccessTokens: live.length,
      refreshes: this.#refreshes.get(index) ?? 0,
      codesExchanged: this.#exchanges.get(index) ?? 0,
    };
  }

  #of(index: number): readonly Consent[] {
    return [...this.#consents.values()].filter((consent) => consent.index === index);
  }

  #turn(consent: Consent, status: ConsentStatus): void {
    consent.status = status;
    consent.changedEpochMs = this.#nowEpochMs();
  }

  #end(consent: Consent): void {
    for (const [text, access] of this.#access) if (access.consent === consent) this.#access.delete(text);
    for (const [text, refresh] of this.#refresh) if (refresh.consent === consent) this.#refresh.delete(text);
  }
}

function count(counts: Map<number, number>, index: number | undefined): void {
  if (index !== undefined) counts.set(index, (counts.get(index) ?? 0) + 1);
}
