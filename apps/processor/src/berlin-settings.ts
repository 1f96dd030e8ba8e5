/** The settings of the Berlin Group's standard: its banks, and how their users agree. */
import type { ClientCertificate } from '@quartersec/providers';
import {
  type Banks,
  readBanks,
  readCertificate,
  readConsentDays,
  readRedirectUri,
  type Variables,
} from './bank-settings.ts';

export interface BerlinSettings {
  /** With a registration where a bank has an authorization server. */
  readonly banks: Banks;
  /** For banks that ask for one with every connection: a certificate for websites (QWAC). */
  readonly certificate?: ClientCertificate;
  /** Absent: connections are made by code, with consents that somebody else has got. */
  readonly client?: {
    /** Where a bank sends the user back to. */
    readonly redirectUri: string;
    readonly consentDays: number;
  };
}

/** The law's, after which the user has to be authenticated again. */
const usualConsentDays = 180;

/**
 * From `BERLIN_GROUP_BANKS`, `BERLIN_GROUP_REDIRECT_URI`, `BERLIN_GROUP_CONSENT_DAYS`, `BERLIN_GROUP_CERTIFICATE` and
 * `BERLIN_GROUP_CERTIFICATE_KEY`.
 * @throws {ProcessorError} `CONFIGURATION_INVALID`, naming the variable and what belongs in it
 */
export function readBerlinSettings(variables: Variables): BerlinSettings {
  const names = { certificate: 'BERLIN_GROUP_CERTIFICATE', key: 'BERLIN_GROUP_CERTIFICATE_KEY' };
  const certificate = readCertificate(names, variables);
  const banks = readBanks('BERLIN_GROUP_BANKS', variables);
  const settings = { banks, ...(certificate !== undefined && { certificate }) };
  const isRegistered = Object.values(banks).some(({ registration }) => registration !== undefined);
  if (!isRegistered && !variables.BERLIN_GROUP_REDIRECT_URI) return settings;
  const redirectUri = readRedirectUri('BERLIN_GROUP_REDIRECT_URI', variables);
  const consentDays = readConsentDays('BERLIN_GROUP_CONSENT_DAYS', variables) ?? usualConsentDays;
  return { ...settings, client: { redirectUri, consentDays } };
}
