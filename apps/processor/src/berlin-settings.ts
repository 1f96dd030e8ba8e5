/** The settings of the Berlin Group's standard: its banks, and how their users agree. */
import { X509Certificate } from 'node:crypto';
import type { ClientCertificate } from '@quartersec/providers';
import {
  type Banks,
  invalid,
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
  /** For banks that ask for requests that are signed: a certificate for electronic seals (QSealC), and which banks these are. */
  readonly signing?: { readonly seal: ClientCertificate; readonly institutionIds: ReadonlySet<string> };
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
 * From `BERLIN_GROUP_BANKS`, `BERLIN_GROUP_REDIRECT_URI`, `BERLIN_GROUP_CONSENT_DAYS`, `BERLIN_GROUP_CERTIFICATE`,
 * `BERLIN_GROUP_SEAL_CERTIFICATE`, each with its `_KEY`, and `BERLIN_GROUP_SIGNED_BANKS`.
 * @throws {ProcessorError} `CONFIGURATION_INVALID`, naming the variable and what belongs in it
 */
export function readBerlinSettings(variables: Variables): BerlinSettings {
  const names = { certificate: 'BERLIN_GROUP_CERTIFICATE', key: 'BERLIN_GROUP_CERTIFICATE_KEY' };
  const certificate = readCertificate(names, variables);
  const banks = readBanks('BERLIN_GROUP_BANKS', variables);
  const signing = readSigning(banks, variables);
  const settings = { banks, ...(certificate !== undefined && { certificate }), ...(signing && { signing }) };
  const isRegistered = Object.values(banks).some(({ registration }) => registration !== undefined);
  if (!isRegistered && !variables.BERLIN_GROUP_REDIRECT_URI) return settings;
  const redirectUri = readRedirectUri('BERLIN_GROUP_REDIRECT_URI', variables);
  const consentDays = readConsentDays('BERLIN_GROUP_CONSENT_DAYS', variables) ?? usualConsentDays;
  return { ...settings, client: { redirectUri, consentDays } };
}

function readSigning(banks: Banks, variables: Variables): BerlinSettings['signing'] {
  const name = 'BERLIN_GROUP_SIGNED_BANKS';
  const institutionIds = new Set((variables[name] ?? '').split(',').filter((each) => each !== ''));
  if (institutionIds.size === 0) return undefined;
  if (![...institutionIds].every((each) => Object.hasOwn(banks, each)))
    throw invalid(name, 'institutions of BERLIN_GROUP_BANKS, with commas between them');
  const names = { certificate: 'BERLIN_GROUP_SEAL_CERTIFICATE', key: 'BERLIN_GROUP_SEAL_CERTIFICATE_KEY' };
  const seal = readCertificate(names, variables);
  const isRsa = seal !== undefined && new X509Certificate(seal.cert).publicKey.asymmetricKeyType === 'rsa';
  if (seal === undefined || !isRsa) throw invalid(names.certificate, 'a certificate of an RSA key, as a PEM text');
  return { seal, institutionIds };
}
