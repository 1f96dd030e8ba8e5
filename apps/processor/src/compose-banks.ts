/** Banks with addresses of their own, of the UK's Open Banking and of the Berlin Group: as what reads, links and renews them. */
import { randomBytes, randomUUID } from 'node:crypto';
import {
  type ClientCertificate,
  type Connector,
  type ConsentCalls,
  type ConsentWish,
  createBerlinConnector,
  createBerlinConsentCalls,
  createHttpClient,
  createObukConnector,
  createObukConsentCalls,
  type HttpClient,
  type ProviderName,
  signRequests,
} from '@quartersec/providers';
import type { Bank, Banks } from './bank-settings.ts';
import type { BerlinSettings } from './berlin-settings.ts';
import type { RedirectBank, RedirectLinksOptions } from './connect/redirect-links.ts';
import { clock, sleep } from './edge.ts';
import type { ProcessEnvironment } from './environment.ts';

const dayMs = 86_400_000;
/** The most that Plaid has stands for all that there is. */
const wholeHistoryDays = 730;
const accountsTimeoutMs = 8_000;
const stateBytes = 32;

type Of = Pick<ProcessEnvironment, 'openBankingUk' | 'berlinGroup' | 'historyDays'>;

/** One standard, as this deployment has it. */
interface Standard {
  readonly provider: ProviderName;
  readonly banks: Banks;
  readonly certificate?: ClientCertificate;
  readonly signing?: BerlinSettings['signing'];
  connect(bank: Bank & { readonly institutionId: string; readonly http: HttpClient }): Connector;
  /** @returns `undefined` where a bank cannot be linked through the API */
  consents(bank: Bank, http: HttpClient): ConsentCalls | undefined;
  wish(): ConsentWish;
  readonly consentsReplaceEachOther: boolean;
}

const shared = { newId: randomUUID, nowEpochMs: clock.nowEpochMs };
const edge = { ...shared, sleep, random: Math.random };

function standardsOf({ openBankingUk, berlinGroup, historyDays }: Of): readonly Standard[] {
  const endIn = (days: number) => ({ expiresEpochMs: clock.nowEpochMs() + days * dayMs });
  const isWhole = historyDays >= wholeHistoryDays;
  return [
    {
      provider: 'openbanking-uk',
      ...openBankingUk,
      connect: ({ baseUrl, http }) => createObukConnector({ baseUrl, http, ...shared }),
      consents({ baseUrl, registration }, http) {
        const { client } = openBankingUk;
        if (registration === undefined || client === undefined) return undefined;
        const { key, redirectUri } = client;
        return createObukConsentCalls({ ...registration, baseUrl, key, redirectUri, http, ...edge });
      },
      wish: () => ({
        ...(openBankingUk.client?.consentDays !== undefined && endIn(openBankingUk.client.consentDays)),
        ...(!isWhole && { transactionsFromEpochMs: clock.nowEpochMs() - historyDays * dayMs }),
      }),
      consentsReplaceEachOther: false,
    },
    {
      provider: 'berlin-group',
      ...berlinGroup,
      connect: ({ registration: _, ...bank }) =>
        createBerlinConnector({ ...bank, ...(!isWhole && { historyDays }), ...shared }),
      consents({ baseUrl, registration }, http) {
        const { client } = berlinGroup;
        if (client === undefined) return undefined;
        const newState = () => randomBytes(stateBytes).toString('base64url');
        const ofBank = {
          baseUrl,
          redirectUri: client.redirectUri,
          ...(registration !== undefined && { registration }),
        };
        return createBerlinConsentCalls({ ...ofBank, http, newState, ...edge });
      },
      wish: () => (berlinGroup.client === undefined ? {} : endIn(berlinGroup.client.consentDays)),
      // By the standard, for recurring access of one user.
      consentsReplaceEachOther: true,
    },
  ];
}

/** Each bank has an address and a pool of its own; nothing but that address is called for it. */
export function connectorsOfBanks(of: Of): ReadonlyMap<string, ReadonlyMap<string, Connector>> {
  return new Map(
    standardsOf(of).map((standard) => {
      const connectors = Object.entries(standard.banks).map(([institutionId, bank]) => {
        const http = clientFor(standard, institutionId, [bank.baseUrl], 'node');
        return [institutionId, standard.connect({ ...bank, institutionId, http })] as const;
      });
      return [standard.provider, new Map(connectors)] as const;
    }),
  );
}

/** @returns the calls of a bank's consents, made when they are first asked for; `undefined` where there are none */
export function consentCallsOf(
  of: Of,
): (bank: { readonly provider: string; readonly institutionId: string }) => ConsentCalls | undefined {
  const callsOf = new Map(standardsOf(of).map((standard) => [standard.provider as string, consentCallsIn(standard)]));
  return ({ provider, institutionId }) => callsOf.get(provider)?.(institutionId);
}

/** What links each standard's banks. */
export function redirectLinksOf(of: Of): readonly RedirectLinksOptions[] {
  return standardsOf(of).map((standard) => {
    const { provider, wish, consentsReplaceEachOther } = standard;
    const callsOf = consentCallsIn(standard);
    const bankOf = (institutionId: string): RedirectBank | undefined => {
      const calls = callsOf(institutionId);
      const bank = ownBank(standard.banks, institutionId);
      if (calls === undefined || bank === undefined) return undefined;
      return {
        calls,
        async readAccounts(accessToken, deadline) {
          const http = clientFor(standard, institutionId, [bank.baseUrl]);
          try {
            const connector = standard.connect({ ...bank, institutionId, http });
            const limits = { attemptTimeoutMs: accountsTimeoutMs, deadline };
            const raw = await connector.fetchAccounts({ accessToken }, limits);
            return connector.readAccounts(raw, { institutionId, knownAccounts: [] }).accounts;
          } finally {
            http.close();
          }
        },
      };
    };
    return { provider, bankOf, wish, consentsReplaceEachOther };
  });
}

function consentCallsIn(standard: Standard): (institutionId: string) => ConsentCalls | undefined {
  const made = new Map<string, ConsentCalls>();
  return (institutionId) => {
    const known = made.get(institutionId);
    const bank = ownBank(standard.banks, institutionId);
    if (known !== undefined || bank === undefined) return known;
    const { baseUrl, registration } = bank;
    const origins = registration === undefined ? [baseUrl] : [baseUrl, registration.issuer];
    const calls = standard.consents(bank, clientFor(standard, institutionId, origins));
    if (calls !== undefined) made.set(institutionId, calls);
    return calls;
  };
}

function clientFor(
  { provider, banks, certificate, signing }: Standard,
  institutionId: string,
  allowedOrigins: readonly string[],
  transport: 'got' | 'node' = 'got',
): HttpClient {
  const { nowEpochMs } = clock;
  const http = createHttpClient({
    ...{ provider, allowedOrigins, nowEpochMs, transport },
    ...(certificate !== undefined && { certificate }),
  });
  const bank = ownBank(banks, institutionId);
  const isSigned = bank !== undefined && signing?.institutionIds.has(institutionId) === true;
  return isSigned ? signRequests(http, signing.seal, bank.baseUrl) : http;
}

/** An institution's id comes from a caller: `constructor` is none. */
function ownBank(banks: Banks, institutionId: string): Bank | undefined {
  return Object.hasOwn(banks, institutionId) ? banks[institutionId] : undefined;
}
