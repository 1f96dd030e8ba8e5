/** What the settings of all standards have whose banks are reached one by one: their addresses, our registrations, our certificate. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { ClientCertificate } from '@quartersec/providers';
import { ProcessorError } from './processor-error.ts';

export interface Bank {
  /** Of its API, with the version. */
  readonly baseUrl: string;
  /** As registered with its authorization server. */
  readonly registration?: { readonly issuer: string; readonly clientId: string };
}

/** By institution id. */
export type Banks = Readonly<Record<string, Bank>>;

export type Variables = Readonly<Record<string, string | undefined>>;

const mostConsentDays = 730;
const bankForm = /^([\w.-]{1,64})=(https?:\/\/[^\s|]+)(?:\|(https?:\/\/[^\s|]+)\|([\w.~:/-]{1,200}))?$/;

/** @throws {ProcessorError} `CONFIGURATION_INVALID`, as all below */
export function readBanks(name: string, variables: Variables): Banks {
  const banks = (variables[name] ?? '').split(',').filter((each) => each !== '');
  return Object.fromEntries(
    banks.map((each) => {
      const [, institutionId = '', baseUrl = '', issuer, clientId] = bankForm.exec(each) ?? [];
      const urls = issuer === undefined ? [baseUrl] : [baseUrl, issuer];
      if (institutionId === '' || !urls.every((url) => URL.canParse(url)))
        throw invalid(
          name,
          '<institution>=<base URL with its version>, and where we are registered |<issuer>|<client id>; several with commas between them',
        );
      const registration = issuer === undefined || clientId === undefined ? {} : { registration: { issuer, clientId } };
      return [institutionId, { baseUrl, ...registration }];
    }),
  );
}

export function readRedirectUri(name: string, variables: Variables): string {
  const redirectUri = variables[name] ?? '';
  if (URL.canParse(redirectUri) && /^https?:\/\/\S+$/.test(redirectUri)) return redirectUri;
  throw invalid(name, 'the address that is registered with the banks');
}

/** @returns `undefined` where none are set */
export function readConsentDays(name: string, variables: Variables): number | undefined {
  const days = variables[name];
  if (!days) return undefined;
  const consentDays = Number(days);
  if (/^[1-9]\d{0,2}$/.test(days) && consentDays <= mostConsentDays) return consentDays;
  throw invalid(name, `1 to ${mostConsentDays}, or empty`);
}

/** @param names of certificate and key @returns `undefined` where neither is set */
export function readCertificate(
  names: { readonly certificate: string; readonly key: string },
  variables: Variables,
): ClientCertificate | undefined {
  const [cert, key] = [variables[names.certificate], variables[names.key]];
  if (!cert && !key) return undefined;
  if (!cert || !key) throw invalid(cert ? names.key : names.certificate, 'set, too, or the other one empty');
  try {
    if (new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return { cert, key };
  } catch {
    // What a parser says of a key is for nobody.
  }
  throw invalid(names.key, `the private key of ${names.certificate}, both as PEM texts`);
}

export function invalid(name: string, meaning: string): ProcessorError {
  return new ProcessorError('CONFIGURATION_INVALID', { [name]: `must be ${meaning}` });
}
