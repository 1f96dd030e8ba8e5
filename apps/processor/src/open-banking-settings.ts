/** The settings of the UK's Open Banking: its banks, and how we prove to them who we are. */
import { type ClientCertificate, type ClientKey, readClientKey } from '@quartersec/providers';
import {
  type Banks,
  invalid,
  readBanks,
  readCertificate,
  readConsentDays,
  readRedirectUri,
  type Variables,
} from './bank-settings.ts';

export interface OpenBankingSettings {
  /** Without a registration, a bank's connections are made by code, with access that somebody else has got. */
  readonly banks: Banks;
  /** By institution: where a bank keeps events until they are asked for. */
  readonly eventUrls: Readonly<Record<string, string>>;
  /** For banks that ask for one with every connection. */
  readonly certificate?: ClientCertificate;
  /** There where a bank has a registration. */
  readonly client?: {
    readonly key: ClientKey;
    /** Where a bank sends the user back to, as registered with all of them. */
    readonly redirectUri: string;
    /** After so many days a consent ends; absent: when the bank or the user ends it. */
    readonly consentDays?: number;
  };
}

/**
 * From `OPEN_BANKING_UK_BANKS`, `OPEN_BANKING_UK_KEY`, `OPEN_BANKING_UK_REDIRECT_URI`, `OPEN_BANKING_UK_CONSENT_DAYS`,
 * `OPEN_BANKING_UK_EVENTS`,
 * `OPEN_BANKING_UK_CERTIFICATE` and `OPEN_BANKING_UK_CERTIFICATE_KEY`.
 * @throws {ProcessorError} `CONFIGURATION_INVALID`, naming the variable and what belongs in it, never what the key's has
 */
export function readOpenBankingSettings(variables: Variables): OpenBankingSettings {
  const names = { certificate: 'OPEN_BANKING_UK_CERTIFICATE', key: 'OPEN_BANKING_UK_CERTIFICATE_KEY' };
  const certificate = readCertificate(names, variables);
  const banks = readBanks('OPEN_BANKING_UK_BANKS', variables);
  const eventUrls = readEventUrls(banks, variables);
  const settings = { banks, eventUrls, ...(certificate !== undefined && { certificate }) };
  if (!Object.values(banks).some(({ registration }) => registration !== undefined)) return settings;
  const key = readClientKey(variables.OPEN_BANKING_UK_KEY ?? '');
  if (key === undefined)
    throw invalid('OPEN_BANKING_UK_KEY', 'a private JSON Web Key with its kid: RSA for PS256, or EC P-256 for ES256');
  const redirectUri = readRedirectUri('OPEN_BANKING_UK_REDIRECT_URI', variables);
  const consentDays = readConsentDays('OPEN_BANKING_UK_CONSENT_DAYS', variables);
  return { ...settings, client: { key, redirectUri, ...(consentDays !== undefined && { consentDays }) } };
}

function readEventUrls(banks: Banks, variables: Variables): OpenBankingSettings['eventUrls'] {
  const name = 'OPEN_BANKING_UK_EVENTS';
  const given = (variables[name] ?? '').split(',').filter((each) => each !== '');
  const pairs = given.map((each) => {
    const [, institutionId = '', url = ''] = /^([\w.-]{1,64})=(https?:\/\/[^\s|]+)$/.exec(each) ?? [];
    const isRegistered = Object.hasOwn(banks, institutionId) && banks[institutionId]?.registration !== undefined;
    if (!isRegistered || !URL.canParse(url))
      throw invalid(name, '<institution>=<address of its events>, of banks with a registration; several with commas');
    return [institutionId, url] as const;
  });
  return Object.fromEntries(pairs);
}
