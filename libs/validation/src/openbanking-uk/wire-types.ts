/**
 * The UK's Open Banking Account and Transaction API, versions 3.1.11 and 4.0 (Update 4) in one: 4.0 has renamed a few members and given
 * the enumerations ISO 20022's codes, so both names are here and enumerations are text (`news.ts` counts what is new). Values are as
 * `parseExact` gives them. A member that both schemas require is required. Members that nothing here reads are of unknown type.
 * Lengths are ours: no record may be larger than what a database item holds.
 * @see https://openbankinguk.github.io/read-write-api-site3/ read 2026-11-27
 */
import type { tags } from 'typia';

type Id = string & tags.MaxLength<256>;
type Word = string & tags.MaxLength<128>;
type Text = string & tags.MaxLength<4096>;

/** Around every answer: the records are in `Data`, and are checked one by one. */
export interface ObukEnvelope {
  readonly Data: ObukData;
  readonly Links?: ObukLinks | null;
  readonly Meta?: unknown;
}

export interface ObukData {
  readonly Account?: readonly unknown[] | null;
  readonly Balance?: readonly unknown[] | null;
  readonly Transaction?: readonly unknown[] | null;
}

/** The absence of `Next` ends the list. */
export interface ObukLinks {
  readonly Self?: unknown;
  readonly First?: unknown;
  readonly Prev?: unknown;
  readonly Next?: (string & tags.MaxLength<2048>) | null;
  readonly Last?: unknown;
}

/** Unsigned: the sign is in a `CreditDebitIndicator` beside it. */
export interface ObukAmount {
  readonly Amount: Word;
  readonly Currency: Word;
}

/** OBAccount6. */
export interface ObukAccount {
  readonly AccountId: Id;
  readonly Status?: Word | null;
  readonly StatusUpdateDateTime?: unknown;
  /** Absent for accounts that hold several currencies, or that have been switched to another bank. */
  readonly Currency?: Word | null;
  readonly AccountType?: Word | null;
  readonly AccountSubType?: Word | null;
  /** 4.0. */
  readonly AccountCategory?: Word | null;
  /** 4.0: ISO 20022's cash account type. */
  readonly AccountTypeCode?: Word | null;
  readonly Nickname?: Text | null;
  readonly Description?: Text | null;
  readonly OpeningDate?: unknown;
  readonly MaturityDate?: unknown;
  readonly SwitchStatus?: unknown;
  readonly Account?: readonly ObukAccountName[] | null;
  readonly Servicer?: unknown;
  readonly StatementFrequencyAndFormat?: unknown;
}

export interface ObukAccountName {
  readonly SchemeName?: Word | null;
  readonly Identification?: Text | null;
  readonly Name?: Text | null;
  readonly SecondaryIdentification?: unknown;
  readonly LEI?: unknown;
}

/** OBReadBalance1, one of its balances. */
export interface ObukBalance {
  readonly AccountId: Id;
  readonly Amount: ObukAmount;
  readonly CreditDebitIndicator: Word;
  readonly Type: Word;
  readonly DateTime?: Word | null;
  readonly CreditLine?: readonly ObukCreditLine[] | null;
  readonly LocalAmount?: unknown;
}

export interface ObukCreditLine {
  /** Whether the balance holds it. */
  readonly Included: boolean;
  readonly Type?: Word | null;
  readonly Amount?: ObukAmount | null;
}

/** OBTransaction6. */
export interface ObukTransaction {
  readonly AccountId: Id;
  /** Unique and immutable where it is given; blank counts as not given. */
  readonly TransactionId?: Id | null;
  /** Not unique. */
  readonly TransactionReference?: Text | null;
  readonly StatementReference?: unknown;
  readonly Amount: ObukAmount;
  readonly CreditDebitIndicator: Word;
  readonly Status: Word;
  readonly TransactionMutability?: Word | null;
  /** The expected one while it is pending. */
  readonly BookingDateTime: Word;
  readonly ValueDateTime?: Word | null;
  readonly TransactionInformation?: Text | null;
  readonly AddressLine?: unknown;
  readonly ChargeAmount?: unknown;
  readonly CurrencyExchange?: unknown;
  readonly BankTransactionCode?: ObukBankCode | null;
  readonly ProprietaryBankTransactionCode?: ObukOwnCode | null;
  /** 4.0. */
  readonly ExtendedProprietaryBankTransactionCodes?: unknown;
  readonly Balance?: ObukRunningBalance | null;
  readonly MerchantDetails?: ObukMerchant | null;
  readonly CreditorAgent?: unknown;
  readonly CreditorAccount?: ObukParty | null;
  readonly DebtorAgent?: unknown;
  readonly DebtorAccount?: ObukParty | null;
  /** 4.0. */
  readonly UltimateCreditor?: unknown;
  /** 4.0. */
  readonly UltimateDebtor?: unknown;
  readonly CardInstrument?: unknown;
  /** 4.0. */
  readonly CategoryPurposeCode?: unknown;
  /** 4.0. */
  readonly PaymentPurposeCode?: unknown;
  readonly SupplementaryData?: unknown;
}

export interface ObukBankCode {
  readonly Code?: Word | null;
  readonly SubCode?: Word | null;
}

export interface ObukOwnCode {
  readonly Code?: Word | null;
  readonly Issuer?: unknown;
}

export interface ObukRunningBalance {
  readonly Amount: ObukAmount;
  readonly CreditDebitIndicator: Word;
  readonly Type?: unknown;
}

export interface ObukMerchant {
  readonly MerchantName?: Text | null;
  readonly MerchantCategoryCode?: Word | null;
}

/** Who is on the other side. */
export interface ObukParty {
  readonly SchemeName?: unknown;
  readonly Identification?: unknown;
  readonly Name?: Text | null;
  readonly SecondaryIdentification?: unknown;
  readonly LEI?: unknown;
}

/** OBErrorResponse1: 4.0 no longer requires `Code` and `Message`. */
export interface ObukErrorBody {
  readonly Errors: readonly ObukErrorItem[];
}

export interface ObukErrorItem {
  readonly ErrorCode: Word;
}

/** OBReadConsentResponse1, of which 3.1.11 and 4.0 differ in the words of `Status`. */
export interface ObukConsentBody {
  readonly Data: ObukConsent;
}

export interface ObukConsent {
  readonly ConsentId: Word;
  readonly Status: Word;
  /** Absent where the consent has no end. */
  readonly ExpirationDateTime?: string | null;
}
