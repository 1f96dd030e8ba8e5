/**
 * What an app and the API say to each other, under `/v1`. These types are the contract: request validation, the OpenAPI document
 * and docs/api.md are all made from them, so their comments are written for the reader of those. Times are ms since 1970 (UTC).
 */
import type { AccountForecast, Insight, Recommendation } from '@quartersec/insights';
import type { UserAction } from '@quartersec/providers/rules';
import type { ConnectionStatus, History } from '@quartersec/storage';
import type { Account, Transaction } from '@quartersec/validation';
import type { tags } from 'typia';

export type ConnectionId = string & tags.Pattern<'^[A-Za-z0-9_-]{1,128}$'>;
export type AccountId = string & tags.Pattern<'^[A-Za-z0-9_-]{1,64}$'>;
/** The fingerprint of an insight or a recommendation: stays the same while names and amounts drift. */
export type InsightId = string & tags.Pattern<'^[A-Za-z0-9_-]{1,64}$'>;
export type LocalDate = string & tags.Format<'date'>;
export type Integer = number & tags.Type<'int64'>;
export type PageLimit = number & tags.Type<'uint32'> & tags.Minimum<1> & tags.Maximum<500>;
export type Cursor = string & tags.MinLength<1> & tags.MaxLength<6_000>;

// Requests.

/** No parameters, no members. */
// biome-ignore lint/complexity/noBannedTypes: typia reads it as an object without members
export type Nothing = {};

export interface LinkTokenRequest {
  /** The connection to mend (update mode), or whose consent is to be renewed; absent to link a new bank. */
  readonly connectionId?: ConnectionId;
  /** Whose bank is linked; `plaid` where absent. Of no meaning with `connectionId`. */
  readonly provider?: 'plaid' | 'openbanking-uk' | 'berlin-group';
  /** Which bank, where its provider has no list of them to choose from: required with `openbanking-uk` and `berlin-group`. */
  readonly institutionId?: string & tags.Pattern<'^[A-Za-z0-9_.-]{1,64}$'>;
}

/**
 * Either `publicToken`, or `provider` with `state` and what else the bank's redirect had: `code` and `iss`, or `error`; banks of
 * `berlin-group` may send the user back with `state` alone.
 */
export interface ConnectionRequest {
  /** What the provider's Link gave the app when the user was done. */
  readonly publicToken?: string & tags.Pattern<'^[A-Za-z0-9_.-]{1,512}$'>;
  /** As the link session had it; `plaid` where absent. */
  readonly provider?: 'plaid' | 'openbanking-uk' | 'berlin-group';
  /** Of the redirect: the `linkToken` of the session. */
  readonly state?: string & tags.Pattern<'^[A-Za-z0-9_-]{16,128}$'>;
  /** Of the redirect, where the user has agreed. Good once, and for a minute or so. */
  readonly code?: string & tags.Pattern<'^[\\x21-\\x7e]{1,4096}$'>;
  /** Of the redirect, where it had one: who has sent it (RFC 9207). */
  readonly iss?: string & tags.Pattern<'^https?://[\\x21-\\x7e]{1,512}$'>;
  /** Of the redirect, where the user has not agreed. */
  readonly error?: string & tags.Pattern<'^[A-Za-z0-9_.-]{1,80}$'>;
}

export interface AccountsQuery {
  /** Only the accounts of this connection. */
  readonly connection?: ConnectionId;
  /** Accounts a page; 500 where absent. */
  readonly limit?: PageLimit;
  /** `nextCursor` of the page before, as it came. */
  readonly cursor?: Cursor;
}

export interface TransactionsQuery {
  /** Only transactions of this connection. */
  readonly connection?: ConnectionId;
  /** Only transactions of this account. */
  readonly account?: AccountId;
  /** First day, inclusive. */
  readonly from?: LocalDate;
  /** Last day, inclusive. */
  readonly to?: LocalDate;
  readonly status?: Transaction['status'];
  /** Transactions a page; 50 where absent. */
  readonly limit?: PageLimit;
  /** `nextCursor` of the page before, as it came, with the same filters. */
  readonly cursor?: Cursor;
}

export interface ChangesQuery {
  /** `nextCursor` of the page before; `now` to begin with what changes from now on; absent to begin with the first change of all. */
  readonly after?: Cursor;
  /** Seconds to wait for a change where there is none yet; 0 where absent. The answer comes as soon as there is one. */
  readonly wait?: number & tags.Type<'uint32'> & tags.Maximum<20>;
  /** Changes a page; 100 where absent. */
  readonly limit?: PageLimit;
}

export interface InsightsQuery {
  readonly kind?: Insight['kind'];
}

export interface ForecastQuery {
  /** Fingerprints of recurring insights, with commas between: what if these ended? */
  readonly without?: string & tags.Pattern<'^[A-Za-z0-9_-]{1,64}(,[A-Za-z0-9_-]{1,64}){0,19}$'>;
}

/** The last word counts, and it is kept for as long as the user has a connection. */
export interface FeedbackRequest {
  /** `dismissed`: never again, until something really new happens. `snoozed`: not until the day after `until`. */
  readonly verdict: 'confirmed' | 'dismissed' | 'snoozed';
  /** Of a snooze, and only of one: its last day. */
  readonly until?: LocalDate;
}

// Replies.

export interface LinkToken {
  readonly provider: string;
  /** For the provider's Link in the app. With `authorizationUrl` it is the `state` that comes back with the user: compare the two. */
  readonly linkToken: string;
  /** Where to send the user, where the bank asks them on pages of its own: to be opened in their browser, at once. */
  readonly authorizationUrl?: string;
  /** Of the token, or of the address. */
  readonly expiresEpochMs: Integer;
}

/** How far one may rely on what is read of a connection. */
export interface ConnectionState {
  readonly connectionId: ConnectionId;
  /** Grows with each entry of the connection's journal. */
  readonly version: Integer;
  readonly status: ConnectionStatus;
  /** What the user of the connection can do about its status. */
  readonly userAction: UserAction;
  /** How far back its transactions go: none yet, recent ones, or all that the provider has. */
  readonly history: History;
  /** When the provider was last read to the end; `null` before the first time. */
  readonly syncedEpochMs: Integer | null;
}

export interface Connection extends ConnectionState {
  readonly provider: string;
  readonly institutionId: string;
  /** When the user's consent, and the data with it, ends; `null` where nobody has said so. */
  readonly consentExpiresEpochMs: Integer | null;
  /** Open accounts. */
  readonly accounts: Integer;
}

export interface LinkedConnection {
  /**
   * `new`; `existing`: the same accounts were linked already, and that connection works; `relinked`: they were, and that
   * connection works again or has its consent renewed; `repeated`: this public token or redirect has been used for it before.
   */
  readonly how: 'new' | 'existing' | 'relinked' | 'repeated';
  readonly connection: Connection;
}

export interface RefreshAccepted {
  /** Names the event that was queued, also in the logs. */
  readonly correlationId: string;
}

/** A connection whose stored data do not verify: it is left out, and nothing else is. Its operator has been alerted. */
export interface UnreadableConnection {
  readonly connectionId: ConnectionId;
  /** See docs/errors.md. */
  readonly code: string;
}

export interface ConnectionList {
  readonly connections: readonly Connection[];
  /** Connections of the user that are missing above. */
  readonly unreadable: readonly UnreadableConnection[];
}

export interface ConnectionAccount extends Account {
  readonly connectionId: ConnectionId;
  /** A closed or replaced account has no balances. */
  readonly state: 'open' | 'closed' | 'replaced';
  /** The account that carries on a replaced one, whose id the bank has reissued. */
  readonly replacedBy: string | null;
  /** When the provider was last asked about it: its balances are as old as that, or as their `asOf`. */
  readonly readEpochMs: Integer;
}

export interface AccountPage {
  readonly accounts: readonly ConnectionAccount[];
  /** `null` on the last page. */
  readonly nextCursor: string | null;
  /** Whose accounts these are, by the state of the moment. */
  readonly connections: readonly ConnectionState[];
  /** Connections of the user whose accounts are missing. */
  readonly unreadable: readonly UnreadableConnection[];
}

export interface ConnectionTransaction extends Transaction {
  readonly connectionId: ConnectionId;
}

export interface TransactionPage {
  /** By date, newest first: booked, else when it happened, else the value date. */
  readonly transactions: readonly ConnectionTransaction[];
  /** `null` on the last page. All pages of a reading show what stood when its first page was read. */
  readonly nextCursor: string | null;
  /** Whose transactions these are. `version` is the one that the reading began with. */
  readonly connections: readonly ConnectionState[];
  /** Connections of the user whose transactions are missing from this page on. */
  readonly unreadable: readonly UnreadableConnection[];
}

/** What an insight is told with. Its amounts are integers of minor units: value = minor x 10^-exponent. */
export interface InsightContext {
  /** Decimals of the insight's currency; `null` where no money is concerned. */
  readonly exponent: Integer | null;
  /** The user has said that it is right. Dismissed and snoozed ones are not told at all. */
  readonly isConfirmed: boolean;
}

export type UserInsight = Insight & InsightContext;

/** By importance, the most important first. */
export interface InsightList {
  readonly insights: readonly UserInsight[];
  /** Whose data these come from, by the state of the moment: silence of an old connection says nothing. */
  readonly connections: readonly ConnectionState[];
  /** Connections of the user that are left out of it. */
  readonly unreadable: readonly UnreadableConnection[];
}

export type UserRecommendation = Recommendation & InsightContext;

/** One insight, for a link to it: a message of the app's, a recommendation that names it. */
export interface InsightDetail {
  readonly insight: UserInsight;
  /** What the user can do about it; those that were dismissed are not told. */
  readonly recommendations: readonly UserRecommendation[];
  /** Whose data it comes from, by the state of the moment. */
  readonly connections: readonly ConnectionState[];
  /** Connections of the user that are left out of it. */
  readonly unreadable: readonly UnreadableConnection[];
}

/** By importance, the most important first. */
export interface RecommendationList {
  readonly recommendations: readonly UserRecommendation[];
  readonly connections: readonly ConnectionState[];
  readonly unreadable: readonly UnreadableConnection[];
}

export type UserForecast = AccountForecast & Pick<InsightContext, 'exponent'>;

export interface Forecast {
  /** Of each current account whose balance is known. */
  readonly accounts: readonly UserForecast[];
  readonly connections: readonly ConnectionState[];
  readonly unreadable: readonly UnreadableConnection[];
}

interface ChangeBase {
  /** Stable: a change that is delivered twice has the same. */
  readonly id: string;
  readonly connectionId: ConnectionId;
  /** Of the connection's journal; the changes of a connection come in the order of their versions. */
  readonly version: Integer;
}

export interface TransactionChanged extends ChangeBase {
  readonly kind: 'transaction.added' | 'transaction.modified';
  /** As it stands from this version on. */
  readonly transaction: ConnectionTransaction;
}

export interface TransactionRemoved extends ChangeBase {
  readonly kind: 'transaction.removed';
  readonly transactionId: string;
}

/** Opened, closed, replaced, renamed, or with other balances. That it was read again and is the same is no change. */
export interface AccountChanged extends ChangeBase {
  readonly kind: 'account.changed';
  readonly account: ConnectionAccount;
}

/** Linked or linked again, another status, another reach of its history, another end of its consent. */
export interface ConnectionChanged extends ChangeBase {
  readonly kind: 'connection.changed';
  readonly connection: Connection;
}

/**
 * What a connection's records say now, by themselves: the API's list of insights also knows the user's other connections and what the
 * user has said, so read that to show it.
 */
export interface InsightRaised extends ChangeBase {
  readonly kind: 'insight.raised';
  readonly insight: Insight;
}

export interface InsightCleared extends ChangeBase {
  readonly kind: 'insight.cleared';
  readonly fingerprint: InsightId;
}

/** The connection is no longer the user's: drop all that is its. `version` is the last one that the cursor had. */
export interface ConnectionRemoved extends ChangeBase {
  readonly kind: 'connection.removed';
}

export type Change =
  | TransactionChanged
  | TransactionRemoved
  | AccountChanged
  | ConnectionChanged
  | ConnectionRemoved
  | InsightRaised
  | InsightCleared;

export interface ChangePage {
  readonly changes: readonly Change[];
  /** Where to go on, also where there was no change. */
  readonly nextCursor: string;
  /** More changes are there already: ask again at once. */
  readonly more: boolean;
  /** Connections whose changes are held back until their data can be read again. */
  readonly unreadable: readonly UnreadableConnection[];
}

/** Problem details, RFC 9457, as `application/problem+json`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: Integer;
  /** What a program may branch on; each is in docs/errors.md. */
  readonly code: string;
  readonly detail?: string;
  /** What is wrong with the request, where that can be said by its members. */
  readonly errors?: readonly ProblemMember[];
}

export interface ProblemMember {
  /** E.g. `query.limit`, `body.publicToken`. */
  readonly path: string;
  readonly expected: string;
}
