/**
 * The canonical model: what a connector turns a provider's records into. Names follow ISO 20022. Every value is JSON
 * as it stands; absent facts are `null`, never a guess. Money is an exact integer, so no float ever holds an amount.
 */

/** value = minor x 10^-exponent. Exactly one of `currency` (ISO 4217) and `unofficialCurrency` is set. */
export interface Money {
  /** Integer text, `^-?(0|[1-9][0-9]*)$`, "-0" never. */
  readonly minor: string;
  /** 0 to 18; the currency's own, raised where the provider sent more decimals. */
  readonly exponent: number;
  readonly currency: string | null;
  readonly unofficialCurrency: string | null;
}

/** Facts about a record that a reader of totals must know. */
export type RecordFlag =
  /** More decimals than the currency has: exponent raised, nothing rounded. */
  | 'OVER_PRECISE'
  /** A date outside 1970 .. two days ahead: kept as printed, never used for windows. */
  | 'IMPLAUSIBLE_DATE'
  /** An optional date or time is not one: left out, the rest of the record is sound. */
  | 'DATE_DROPPED'
  /** A text, place, category or other member that no total depends on cannot be read: left out, the rest is sound. */
  | 'MEMBER_DROPPED';

/** Facts about an account that a reader of it must know. */
export type AccountFlag =
  /** A name, mask or other member cannot be read: left out, the rest is sound. */
  | 'MEMBER_DROPPED'
  /** A balance came and cannot be read exactly: it is absent here, and no earlier one is current. */
  | 'BALANCE_SET_ASIDE';

export interface Account {
  /** Ours: hash over provider, institution and the strongest stable identifier. */
  readonly accountId: string;
  readonly identityBasis: 'persistentId' | 'iban' | 'providerId' | 'masked';
  /** The provider's own id, an alias that may be reissued. */
  readonly providerAccountId: string;
  readonly currency: string | null;
  /** ISO 20022 cash account code; `OTHR` where none fits. */
  readonly type: 'CACC' | 'SVGS' | 'CARD' | 'LOAN' | 'MORT' | 'OTHR';
  readonly nature: 'asset' | 'liability';
  /** Personal data: never logged. */
  readonly name: string | null;
  /** Last digits as the provider shows them; personal data: never logged. */
  readonly mask: string | null;
  readonly balances: readonly Balance[];
  /** Absent where there are none. */
  readonly flags?: readonly AccountFlag[];
}

export interface Balance {
  readonly balanceType:
    | 'CLBD'
    | 'CLAV'
    | 'ITBD'
    | 'ITAV'
    | 'OPBD'
    | 'OPAV'
    | 'FWAV'
    | 'XPCD'
    | 'PRCD'
    | 'INFO'
    | 'OTHR';
  /** The provider's own name of the balance, where it is lost by `balanceType`. */
  readonly sourceType: string;
  /** Positive = the holder's claim; owed amounts are negative. */
  readonly amount: Money;
  /** Credit limit or overdraft, where the provider gives one. */
  readonly creditLine: Money | null;
  /** The amount holds borrowed money, or may: a credit line, an overdraft. Never add it to the holder's funds. */
  readonly creditIncluded: boolean;
  /** RFC 3339 text from the provider, `null` where it gives none. */
  readonly asOf: string | null;
  readonly asOfBasis: 'provider' | 'item-update' | 'fetch';
  /** Absent where there are none. */
  readonly flags?: readonly Extract<RecordFlag, 'OVER_PRECISE'>[];
}

export interface Transaction {
  /** Ours, stable over every re-read. */
  readonly transactionId: string;
  readonly accountId: string;
  readonly providerTransactionId: string | null;
  readonly idBasis: 'provider' | 'aggregator' | 'content';
  /** Only BOOK moves a booked balance; INFO, FUTR and RJCT never enter totals. */
  readonly status: 'BOOK' | 'PDNG' | 'INFO' | 'FUTR' | 'RJCT';
  /** Positive = money into the account. */
  readonly amount: Money;
  readonly direction: 'CRDT' | 'DBIT';
  /** Local dates as the provider prints them, YYYY-MM-DD, no zone conversion. */
  readonly bookingDate: string | null;
  readonly valueDate: string | null;
  readonly executionDate: string | null;
  /** RFC 3339 text with the provider's offset; `null` where the time is filler. */
  readonly bookingDateTime: string | null;
  readonly executionDateTime: string | null;
  /** Personal data from here to `remittance`: never logged. */
  readonly counterpartyName: string | null;
  readonly merchantName: string | null;
  readonly description: string | null;
  readonly remittance: readonly string[];
  /** The provider's enrichment; may change later, so it is outside identity and content hash. */
  readonly category: {
    readonly primary: string;
    readonly detailed: string;
    /** The provider's word for how sure it is. */
    readonly confidence?: string;
  } | null;
  readonly channel: string | null;
  readonly bankTransactionCode: string | null;
  /** Our id of the pending record that this one replaces. */
  readonly supersedes: string | null;
  /** SHA-256 over what the record says (not who says it): same hash = nothing to write. */
  readonly contentHash: string;
  readonly flags: readonly RecordFlag[];
  // From here on, kept so that insights can be computed again without the provider; absent where nothing is given, and
  // outside identity and content hash. Who and where are personal data: never logged.
  /** The provider's own id of the merchant. */
  readonly merchantEntityId?: string;
  readonly counterparties?: readonly Counterparty[];
  readonly checkNumber?: string;
  /** ISO 18245. */
  readonly merchantCategoryCode?: string;
  readonly location?: Location;
  /** Of the account behind this record. */
  readonly runningBalance?: Money;
}

/** Who took part, as the provider sees it. Personal data: never logged. */
export interface Counterparty {
  readonly name: string;
  /** The provider's word, e.g. `merchant`. */
  readonly type: string;
  readonly entityId?: string;
}

/** Where it happened. Personal data: never logged. */
export interface Location {
  readonly city?: string;
  readonly region?: string;
  readonly postalCode?: string;
  readonly country?: string;
  /** Degrees, as the provider printed them. */
  readonly latitude?: string;
  readonly longitude?: string;
}

/** A record that could not be read exactly: set aside with its reason, never guessed at. */
export interface QuarantinedRecord {
  /** Where in the provider's page, e.g. `$input.added[3].amount`. */
  readonly path: string;
  readonly reason: QuarantineReason;
  /** What the validator expected there, e.g. `number`; never a value. */
  readonly expected: string;
  /** The JSON type that came, e.g. `string`; never a value. */
  readonly received: string;
  /** The record's JSON with names, texts and secrets masked; amounts, dates and ids kept for the fix. */
  readonly redacted: string;
  /**
   * The record's own JSON text, for a later reading; only of records that can come back. Personal data: never logged, and
   * stored only sealed.
   */
  readonly original?: string;
}

export type QuarantineReason =
  | 'SCHEMA'
  | 'AMOUNT_INEXACT'
  | 'CURRENCY_UNKNOWN'
  | 'CURRENCY_AMBIGUOUS'
  | 'SUSPECT_SCALE'
  | 'ACCOUNT_UNKNOWN'
  | 'DATE_INVALID'
  | 'ID_BLANK';

/** What one provider page says, in our words. */
export interface CanonicalPage {
  /** Full records, ours to upsert. */
  readonly added: readonly Transaction[];
  readonly modified: readonly Transaction[];
  /** Our ids of records that the provider has withdrawn. */
  readonly removed: readonly string[];
  readonly accounts: readonly Account[];
  readonly quarantined: readonly QuarantinedRecord[];
  /** Of a provider without removals, read by windows of time: what its read speaks of, be it by lacking it. Absent elsewhere. */
  readonly covers?: readonly Coverage[];
}

/** Once the loop is complete: of this account, from this day on, whatever the loop's pages do not list is gone. */
export interface Coverage {
  readonly accountId: string;
  /** Local date, inclusive. Pending records count whatever their date: none of them stays pending for good. */
  readonly fromDate: string;
}
