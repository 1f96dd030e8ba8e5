/** What every bank-data provider looks like to the pipeline. `connector.contract.ts` says what each must do. */
import type { Deadline } from '@quartersec/sla';
import type { Account, CanonicalPage, Transaction } from '@quartersec/validation';
import type { ReadAhead } from './read-ahead.ts';

export type ProviderName = 'plaid' | 'openbanking-uk' | 'berlin-group';

/** How long one call may take. */
export interface CallLimits {
  /** From the first byte sent to the last byte received, connecting included. */
  readonly attemptTimeoutMs: number;
  /** Of the whole event; the nearer of the two ends the call. */
  readonly deadline: Deadline;
}

/** One page to ask for. */
export interface PageRequest {
  /** Secret of the connection; never in a log, an error or a metric. */
  readonly accessToken: string;
  /** `null` asks for the whole history. */
  readonly cursor: string | null;
  /** Calls for this page that ended by their timeout: each of them halves what is asked for. Default 0. */
  readonly timeouts?: number;
  /** Of the user who waits for the answer; absent while nobody does. Some standards let calls with one past the quota of the day. */
  readonly userIpAddress?: string;
  /** Of the run: a connector that knows which pages come next asks for them at once. Absent: one call a page, one after the other. */
  readonly ahead?: ReadAhead;
}

/** The bytes of one answer, already known to be complete, JSON by its content type, and of status 200. */
export interface RawPage {
  /** A lone surrogate stands for each byte that is not UTF-8; no undamaged body has one, escapes aside. */
  readonly text: string;
  /** Quoted in logs, so that the provider's support can find the call. */
  readonly requestId: string | null;
  /** Where in its read the page is, for a connector whose next cursor follows from that: the cursor that it was asked with, made whole. */
  readonly asked?: string;
}

/** A page that has the shape we know. Its records are checked one by one, so that a defect costs only what it touches. */
export interface ValidPage<Wire> {
  readonly wire: Wire;
  /** Cursor behind this page; `null` when the provider has nothing yet (keep the old one). */
  readonly nextCursor: string | null;
  /** More pages belong to this loop: nothing of it counts until the last one is here. */
  readonly hasMore: boolean;
  /** How far the provider's own history of the connection is; `unknown` where it does not say, or says something new. */
  readonly history: 'not-ready' | 'recent' | 'complete' | 'unknown';
  readonly requestId: string | null;
  /** Members that the types do not name, and members that they require and that are missing or of another type. */
  readonly unknownFields: number;
  readonly unknownEnums: number;
}

export interface NormaliseContext {
  readonly connectionId: string;
  readonly institutionId: string;
  /** Accounts known from earlier pages: a page need not repeat them. */
  readonly knownAccounts: readonly Account[];
  /** Local date YYYY-MM-DD against which implausible dates are judged. */
  readonly today: string;
}

/**
 * Three steps, each on its own, so that the pipeline can time, retry and test them apart.
 * `fetchPage` and `validatePage` throw `ProviderError`; `normalisePage` never throws: what it cannot read exactly is quarantined.
 */
export interface Connector<Wire = unknown> {
  readonly provider: ProviderName;
  /** Its pages are the lists of one read, each of its own things: what fits is stored together. */
  readonly readsLists?: true;
  /** ONE attempt: no retry in here. Ends within `attemptTimeoutMs` and within the deadline, whatever the provider does. */
  fetchPage(request: PageRequest, limits: CallLimits): Promise<RawPage>;
  /** Pure. @throws {ProviderError} `PAGE_INVALID`, `BODY_UNREADABLE` */
  validatePage(raw: RawPage): ValidPage<Wire>;
  /** Pure. */
  normalisePage(page: ValidPage<Wire>, context: NormaliseContext): CanonicalPage;
  /** The full list of the connection's accounts, also of those without transactions. ONE attempt, with a quota of its own. */
  fetchAccounts(request: Pick<PageRequest, 'accessToken' | 'userIpAddress'>, limits: CallLimits): Promise<RawPage>;
  /** Pure. @throws {ProviderError} `PAGE_INVALID`, `BODY_UNREADABLE` */
  readAccounts(raw: RawPage, context: Pick<NormaliseContext, 'institutionId' | 'knownAccounts'>): AccountList;
  /**
   * A record that had been set aside, once more. Pure.
   * @param original its JSON text, as the provider sent it
   * @returns `undefined` while it still cannot be read
   */
  readRecord(original: string, context: NormaliseContext): Transaction | undefined;
}

export interface AccountList {
  readonly accounts: readonly Account[];
  /** Every account that the provider listed is among them, and it listed some: what is missing is no longer there. */
  readonly isWhole: boolean;
}
