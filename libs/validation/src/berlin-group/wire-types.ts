/**
 * The Berlin Group's NextGenPSD2 XS2A Framework, version 1.3.11, as far as accounts are read. Enumerations are text (`news.ts` counts what is
 * new), and so are dates: banks print more than the pinned form. Values are as `parseExact` gives them. Members that nothing here reads are
 * of unknown type. Lengths are ours: no record may be larger than what a database item holds.
 * @see https://www.berlin-group.org/nextgenpsd2-downloads OpenAPI file of 2021-09-24, read 2026-11-27
 */
import type { tags } from 'typia';
import type { ExactNumber } from '../exact-json.ts';

type Id = string & tags.MaxLength<256>;
type Word = string & tags.MaxLength<128>;
type Text = string & tags.MaxLength<4096>;

/** `_links`: hrefs by the standard; banks send plain texts too. */
export interface BerlinLinks {
  readonly account?: unknown;
  readonly balances?: unknown;
  readonly transactions?: unknown;
  readonly first?: unknown;
  readonly next?: unknown;
  readonly previous?: unknown;
  readonly last?: unknown;
  readonly download?: unknown;
}

/** accountList. */
export interface BerlinAccounts {
  readonly accounts: readonly unknown[];
  /** Of no standard: some banks put the list on several pages. */
  readonly _links?: BerlinLinks | null;
  /** A warning may ride on a success. */
  readonly tppMessages?: unknown;
}

/** readAccountBalanceResponse-200. */
export interface BerlinBalances {
  readonly account?: BerlinAccountReference | null;
  readonly balances: readonly unknown[];
  readonly _links?: BerlinLinks | null;
  readonly tppMessages?: unknown;
}

/** transactionsResponse-200_json. */
export interface BerlinTransactions {
  readonly account?: BerlinAccountReference | null;
  readonly transactions: BerlinReport;
  readonly balances?: unknown;
  readonly _links?: BerlinLinks | null;
  readonly tppMessages?: unknown;
}

/** accountReport. */
export interface BerlinReport {
  readonly booked?: readonly unknown[] | null;
  readonly pending?: readonly unknown[] | null;
  /** Standing orders: no transactions. */
  readonly information?: unknown;
  readonly _links?: BerlinLinks | null;
}

export interface BerlinAccountReference {
  readonly iban?: Word | null;
  readonly bban?: Word | null;
  readonly pan?: unknown;
  readonly maskedPan?: unknown;
  readonly msisdn?: unknown;
  readonly currency?: Word | null;
}

/** Signed: negative is money out. A text by the standard; banks send JSON numbers too, even in one list. */
export interface BerlinAmount {
  readonly amount: Word | ExactNumber;
  readonly currency: Word;
}

/** accountDetails. */
export interface BerlinAccount {
  /** The same within one consent, and not longer. */
  readonly resourceId?: Id | null;
  readonly iban?: Word | null;
  readonly bban?: Word | null;
  readonly maskedPan?: Word | null;
  readonly msisdn?: Word | null;
  /** `XXX`: an account in several currencies, as the sum of its sub-accounts. */
  readonly currency: Word;
  readonly name?: Text | null;
  readonly displayName?: Text | null;
  readonly product?: Text | null;
  /** ISO 20022's cash account type. */
  readonly cashAccountType?: Word | null;
  readonly status?: Word | null;
  readonly bic?: unknown;
  readonly linkedAccounts?: unknown;
  readonly usage?: Word | null;
  readonly details?: unknown;
  readonly balances?: unknown;
  /** Where it is given, a list that it does not name is not in the consent. */
  readonly _links?: BerlinLinks | null;
  readonly ownerName?: unknown;
}

/** balance. */
export interface BerlinBalance {
  readonly balanceAmount: BerlinAmount;
  readonly balanceType: Word;
  readonly creditLimitIncluded?: boolean | null;
  readonly lastChangeDateTime?: Word | null;
  readonly referenceDate?: Word | null;
  readonly lastCommittedTransaction?: unknown;
}

/** transactions: one entry of a report. */
export interface BerlinTransaction {
  readonly transactionId?: Id | null;
  readonly entryReference?: Id | null;
  readonly endToEndId?: Text | null;
  readonly batchIndicator?: unknown;
  readonly batchNumberOfTransactions?: unknown;
  readonly mandateId?: Text | null;
  readonly checkId?: Text | null;
  readonly creditorId?: Text | null;
  /** Normally absent while the entry is pending. */
  readonly bookingDate?: Word | null;
  readonly valueDate?: Word | null;
  readonly transactionAmount: BerlinAmount;
  readonly currencyExchange?: unknown;
  readonly creditorName?: Text | null;
  readonly creditorAccount?: BerlinAccountReference | null;
  readonly creditorAgent?: unknown;
  readonly ultimateCreditor?: unknown;
  readonly debtorName?: Text | null;
  readonly debtorAccount?: BerlinAccountReference | null;
  readonly debtorAgent?: unknown;
  readonly ultimateDebtor?: unknown;
  readonly remittanceInformationUnstructured?: Text | null;
  readonly remittanceInformationUnstructuredArray?: readonly Text[] | null;
  /** An object by the standard; a text up to 1.3.4, and at many banks still. */
  readonly remittanceInformationStructured?: Text | BerlinReference | null;
  readonly remittanceInformationStructuredArray?: readonly (Text | BerlinReference)[] | null;
  readonly entryDetails?: unknown;
  readonly additionalInformation?: Text | null;
  readonly additionalInformationStructured?: unknown;
  readonly purposeCode?: Word | null;
  /** ISO 20022's, e.g. `PMNT-RCDT-ESCT`. */
  readonly bankTransactionCode?: Word | null;
  readonly proprietaryBankTransactionCode?: Word | null;
  readonly balanceAfterTransaction?: BerlinBalance | null;
  readonly _links?: unknown;
}

export interface BerlinReference {
  readonly reference: Text;
  readonly referenceType?: unknown;
  readonly referenceIssuer?: unknown;
}

/** Error4xx_NG_AIS. */
export interface BerlinTppMessages {
  readonly tppMessages: readonly BerlinTppMessage[];
}

export interface BerlinTppMessage {
  readonly category?: Word | null;
  readonly code: Word;
}

/** Error4xx_AIS, after RFC 7807. */
export interface BerlinProblem {
  readonly code: Word;
  readonly additionalErrors?: readonly BerlinProblemCode[] | null;
}

export interface BerlinProblemCode {
  readonly code: Word;
}

/** What becomes a header of every call, and a part of a path. A brace at its beginning would make it a set of tokens to us. */
type ConsentId = string & tags.Pattern<'^[!-z][!-~]{0,255}$'>;

/** consentsResponse-201. */
export interface BerlinConsentCreated {
  readonly consentId: ConsentId;
  readonly consentStatus: Word;
  readonly _links: BerlinScaLinks;
}

/** startScaprocessResponse: where the authorisation is begun by a call of its own. */
export interface BerlinScaStarted {
  readonly scaStatus?: Word | null;
  readonly _links: BerlinScaLinks;
}

/** Of `_links`, those by which the user is sent to the bank; the others are of approaches without a redirect. */
export interface BerlinScaLinks {
  readonly scaRedirect?: BerlinHref | null;
  readonly scaOAuth?: BerlinHref | null;
  readonly startAuthorisation?: BerlinHref | null;
}

export interface BerlinHref {
  readonly href: Text;
}

/** consentStatusResponse-200. */
export interface BerlinConsentStatus {
  readonly consentStatus: Word;
}

/** consentInformationResponse-200_json. */
export interface BerlinConsentInformation {
  readonly consentStatus: Word;
  /** Through this day, by the bank's own calendar. */
  readonly validUntil: Word;
}
