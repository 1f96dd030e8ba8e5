/**
 * Plaid's wire format, API version 2020-09-14 (OpenAPI build 1.697.4), as `parseExact` gives it. A member that the
 * schema requires is required here, a nullable one nullable. Enumerations are open: they grow without a version change,
 * so their members are text, and `news.ts` counts what is new. Lengths are ours: no record may be larger than
 * what a database item holds.
 */
import type { tags } from 'typia';
import type { ExactNumber } from '../exact-json.ts';

type Id = string & tags.MaxLength<256>;
type Text = string & tags.MaxLength<4096>;

/**
 * POST /transactions/sync without its records, which are checked one by one. Strict where something is at stake: Plaid
 * has sent `null` for an empty list over five weeks (December 2024 to January 2025), and nothing can be misread there.
 */
export interface PlaidSyncEnvelope {
  readonly added?: readonly unknown[] | null;
  readonly modified?: readonly unknown[] | null;
  readonly removed?: readonly unknown[] | null;
  readonly accounts?: readonly unknown[] | null;
  /** Published limit 256; "" before the first extraction. */
  readonly next_cursor: string & tags.MaxLength<1024>;
  readonly has_more: boolean;
  readonly request_id?: unknown;
  /** One of `PlaidUpdateStatus`, or new. */
  readonly transactions_update_status?: unknown;
}

/** POST /accounts/get and /accounts/balance/get. */
export interface PlaidAccountsEnvelope {
  /** The full list: `null` for it would close every account, so it is refused. */
  readonly accounts: readonly unknown[];
  readonly request_id?: unknown;
  readonly item?: unknown;
}

export interface PlaidTransaction {
  readonly transaction_id: Id;
  readonly pending_transaction_id: Id | null;
  readonly account_id: Id;
  /** Positive = money out of the account. */
  readonly amount: ExactNumber;
  readonly iso_currency_code: Text | null;
  readonly unofficial_currency_code: Text | null;
  /** Posting date, or the date of occurrence while pending. */
  readonly date: Text;
  readonly datetime: Text | null;
  readonly authorized_date: Text | null;
  readonly authorized_datetime: Text | null;
  readonly pending: boolean;
  readonly name: Text;
  readonly merchant_name?: Text | null;
  readonly original_description?: Text | null;
  readonly payment_channel: Text;
  readonly payment_meta: PlaidPaymentMeta;
  readonly transaction_code: Text | null;
  readonly personal_finance_category?: PlaidFinanceCategory | null;
  readonly location: PlaidLocation;
  readonly account_owner: Text | null;
  readonly check_number?: Text | null;
  readonly counterparties?: readonly PlaidCounterparty[] | null;
  readonly merchant_entity_id?: Text | null;
  readonly logo_url?: Text | null;
  readonly website?: Text | null;
  readonly personal_finance_category_icon_url?: Text | null;
  readonly transaction_type?: Text | null;
  /** Replaced by `personal_finance_category`; still sent to old integrations. */
  readonly category?: unknown;
  readonly category_id?: unknown;
}

export interface PlaidPaymentMeta {
  readonly by_order_of?: Text | null;
  readonly payee?: Text | null;
  readonly payer?: Text | null;
  readonly payment_method?: Text | null;
  readonly payment_processor?: Text | null;
  readonly ppd_id?: Text | null;
  readonly reason?: Text | null;
  readonly reference_number?: Text | null;
}

export interface PlaidFinanceCategory {
  readonly primary: Text;
  readonly detailed: Text;
  readonly confidence_level?: Text | null;
  readonly version?: Text | null;
}

export interface PlaidLocation {
  readonly address?: Text | null;
  readonly city?: Text | null;
  readonly region?: Text | null;
  readonly postal_code?: Text | null;
  readonly country?: Text | null;
  readonly lat?: ExactNumber | null;
  readonly lon?: ExactNumber | null;
  readonly store_number?: Text | null;
}

export interface PlaidCounterparty {
  readonly name: Text;
  readonly type: Text;
  readonly entity_id?: Text | null;
  readonly logo_url?: Text | null;
  readonly website?: Text | null;
  readonly phone_number?: Text | null;
  readonly confidence_level?: Text | null;
  readonly account_numbers?: unknown;
}

export interface PlaidRemovedTransaction {
  readonly transaction_id: Id;
  /** Optional until April 2024; recorded pages and compatible servers lack it, and nothing depends on it. */
  readonly account_id?: unknown;
}

export interface PlaidAccount {
  readonly account_id: Id;
  readonly balances: PlaidBalances;
  readonly mask: Text | null;
  /** May look like a date ("June - 529"): text is never coerced. */
  readonly name: Text;
  readonly official_name: Text | null;
  readonly type: Text;
  readonly subtype: Text | null;
  /** Spans Items, at three US banks only. */
  readonly persistent_account_id?: Id | null;
  readonly holder_category?: Text | null;
  readonly verification_status?: Text | null;
  readonly verification_name?: Text | null;
  readonly verification_insights?: unknown;
}

export interface PlaidBalances {
  readonly available: ExactNumber | null;
  /** Credit and loan: positive = owed. */
  readonly current: ExactNumber | null;
  readonly limit: ExactNumber | null;
  readonly iso_currency_code: Text | null;
  readonly unofficial_currency_code: Text | null;
  readonly last_updated_datetime?: Text | null;
}

// No amounts below: these documents may be parsed with JSON.parse as well.
type Integer = number | ExactNumber;

/** Every refusal's body, and the `error` of an ITEM / ERROR webhook. Branch on type and code, never on the text. */
export interface PlaidErrorBody {
  readonly error_type: Text;
  readonly error_code: Text;
  readonly error_message: Text;
  readonly display_message: Text | null;
  readonly error_code_reason?: Text | null;
  /** Absent inside webhooks. */
  readonly request_id?: Id;
  /** Inside webhooks only. */
  readonly status?: Integer | null;
  readonly causes?: unknown;
  readonly documentation_url?: Text;
  readonly suggested_action?: Text | null;
}

/** What every webhook has; the rest depends on `webhook_type` and `webhook_code`. */
export interface PlaidWebhookBase {
  readonly webhook_type: Text;
  readonly webhook_code: Text;
  readonly item_id: Id;
  readonly environment: Text;
  readonly user_id?: Id | null;
}

export interface PlaidSyncUpdatesAvailable extends PlaidWebhookBase {
  readonly initial_update_complete: boolean;
  readonly historical_update_complete: boolean;
}

/** INITIAL_UPDATE, HISTORICAL_UPDATE, DEFAULT_UPDATE: legacy, still sent. */
export interface PlaidLegacyUpdate extends PlaidWebhookBase {
  readonly new_transactions?: Integer;
  readonly error?: PlaidErrorBody | null;
}

export interface PlaidTransactionsRemoved extends PlaidWebhookBase {
  readonly removed_transactions: readonly Id[];
  readonly error?: PlaidErrorBody | null;
}

export interface PlaidItemError extends PlaidWebhookBase {
  readonly error: PlaidErrorBody;
}

/** US and Canada, seven days' notice. */
export interface PlaidPendingDisconnect extends PlaidWebhookBase {
  readonly reason: Text;
  readonly disconnect_time?: Text | null;
}

/** UK and EU, seven days' notice. */
export interface PlaidPendingExpiration extends PlaidWebhookBase {
  readonly consent_expiration_time: Text;
}

export interface PlaidUserAccountRevoked extends PlaidWebhookBase {
  readonly account_id: Id;
}

/** POST /webhook_verification_key/get. */
export interface PlaidVerificationKeyResponse {
  readonly key: PlaidVerificationKey;
  readonly request_id: Id;
}

/** A P-256 public key; refuse it once `expired_at` is set. */
export interface PlaidVerificationKey {
  readonly alg: 'ES256';
  readonly crv: 'P-256';
  readonly kid: Id;
  readonly kty: 'EC';
  readonly use: 'sig';
  readonly x: Text;
  readonly y: Text;
  readonly created_at: Integer;
  readonly expired_at: Integer | null;
}

/** POST /link/token/create. */
export interface PlaidLinkTokenResponse {
  readonly link_token: Text;
  readonly expiration: Text;
  readonly request_id?: unknown;
}

/** POST /item/public_token/exchange. */
export interface PlaidExchangeResponse {
  readonly access_token: Text;
  readonly item_id: Id;
  readonly request_id?: unknown;
}

/** POST /item/get. */
export interface PlaidItemResponse {
  readonly item: PlaidItem;
  readonly request_id?: unknown;
}

export interface PlaidItem {
  readonly item_id: Id;
  readonly institution_id?: Text | null;
  /** UK and EU; `null` elsewhere. */
  readonly consent_expiration_time?: Text | null;
}

export type PlaidUpdateStatus =
  | 'TRANSACTIONS_UPDATE_STATUS_UNKNOWN'
  | 'NOT_READY'
  | 'INITIAL_UPDATE_COMPLETE'
  | 'HISTORICAL_UPDATE_COMPLETE';

export type PlaidPaymentChannel = 'online' | 'in store' | 'other';

export type PlaidTransactionCode =
  | 'adjustment'
  | 'atm'
  | 'bank charge'
  | 'bill payment'
  | 'cash'
  | 'cash advance'
  | 'cashback'
  | 'cheque'
  | 'direct debit'
  | 'interest'
  | 'late fee'
  | 'membership fee'
  | 'payment'
  | 'purchase'
  | 'refund'
  | 'returned item fee'
  | 'standing order'
  | 'transfer';

export type PlaidAccountType = 'depository' | 'credit' | 'loan' | 'investment' | 'brokerage' | 'other';
