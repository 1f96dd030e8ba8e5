/** The settings of the UK's Open Banking: its banks, and how we prove to them who we are. */
import { type ClientKey, readClientKey } from '@quartersec/providers';
import { ProcessorError } from './processor-error.ts';

export interface OpenBankingBank {
  /** Of its Account and Transaction API, with the version. */
  readonly baseUrl: string;
  /** As registered with it; absent: its connections are made by code, with access that somebody else has got. */
  readonly registration?: { readonly issuer: string; readonly clientId: string };
}

export interface OpenBankingSettings {
  /** By institution id. */
  readonly banks: Readonly<Record<string, OpenBankingBank>>;
  /** There where a bank has a registration. */
  readonly client?: {
    readonly key: ClientKey;
    /** Where a bank sends the user back to, as registered with all of them. */
    readonly redirectUri: string;
    /** After so many days a consent ends; absent: when the bank or the user ends it. */
    readonly consentDays?: number;
  };
}

type Variables = Readonly<Record<string, string | undefined>>;

const mostConsentDays = 730;

/**
 * From `OPEN_BANKING_UK_BANKS`, `OPEN_BANKING_UK_KEY`, `OPEN_BANKING_UK_REDIRECT_URI` and `OPEN_BANKING_UK_CONSENT_DAYS`.
 * @throws {ProcessorError} `CONFIGURATION_INVALID`, naming the variable and what belongs in it, never what the key's has
 */
export function readOpenBankingSettings(variables: Variables): OpenBankingSettings {
  const banks = readBanks(variables.OPEN_BANKING_UK_BANKS ?? '');
  if (!Object.values(banks).some(({ registration }) => registration !== undefined)) return { banks };
  const key = readClientKey(variables.OPEN_BANKING_UK_KEY ?? '');
  if (key === undefined)
    throw invalid('OPEN_BANKING_UK_KEY', 'a private JSON Web Key with its kid: RSA for PS256, or EC P-256 for ES256');
  const redirectUri = variables.OPEN_BANKING_UK_REDIRECT_URI ?? '';
  if (!URL.canParse(redirectUri) || !/^https?:\/\/\S+$/.test(redirectUri))
    throw invalid('OPEN_BANKING_UK_REDIRECT_URI', 'the address that is registered with the banks');
  const days = variables.OPEN_BANKING_UK_CONSENT_DAYS;
  if (!days) return { banks, client: { key, redirectUri } };
  const consentDays = Number(days);
  if (!/^[1-9]\d{0,2}$/.test(days) || consentDays > mostConsentDays)
    throw invalid('OPEN_BANKING_UK_CONSENT_DAYS', `1 to ${mostConsentDays}, or empty`);
  return { banks, client: { key, redirectUri, consentDays } };
}

const bankForm = /^([\w.-]{1,64})=(https?:\/\/[^\s|]+)(?:\|(https?:\/\/[^\s|]+)\|([\w.~:/-]{1,200}))?$/;

function readBanks(text: string): OpenBankingSettings['banks'] {
  const banks = text.split(',').filter((each) => each !== '');
  return Object.fromEntries(
    banks.map((each) => {
      const [, institutionId = '', baseUrl = '', issuer, clientId] = bankForm.exec(each) ?? [];
      const urls = issuer === undefined ? [baseUrl] : [baseUrl, issuer];
      if (institutionId === '' || !urls.every((url) => URL.canParse(url)))
        throw invalid(
          'OPEN_BANKING_UK_BANKS',
          '<institution>=<base URL with its version>, and to link it through the API |<issuer>|<client id>; several with commas between them',
        );
      const registration = issuer === undefined || clientId === undefined ? {} : { registration: { issuer, clientId } };
      return [institutionId, { baseUrl, ...registration }];
    }),
  );
}

function invalid(name: string, meaning: string): ProcessorError {
  return new ProcessorError('CONFIGURATION_INVALID', { [name]: `must be ${meaning}` });
}
