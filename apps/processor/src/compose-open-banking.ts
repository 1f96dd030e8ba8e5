/** The banks of the UK's Open Banking with which we are registered, as what links and renews them. */
import { randomUUID } from 'node:crypto';
import {
  type ConsentCalls,
  type ConsentWish,
  createHttpClient,
  createObukConnector,
  createObukConsentCalls,
} from '@quartersec/providers';
import type { RedirectBank } from './connect/redirect-links.ts';
import { clock, sleep } from './edge.ts';
import type { ProcessEnvironment } from './environment.ts';
import type { OpenBankingBank, OpenBankingSettings } from './open-banking-settings.ts';

const provider = 'openbanking-uk';
const dayMs = 86_400_000;
/** The most that Plaid has stands for all that there is. */
const wholeHistoryDays = 730;
const accountsTimeoutMs = 8_000;

/** @returns the calls of a bank, made when they are first asked for; `undefined` where we are not registered */
export function consentCallsOf({
  banks,
  client,
}: OpenBankingSettings): (institutionId: string) => ConsentCalls | undefined {
  const made = new Map<string, ConsentCalls>();
  return (institutionId) => {
    const { baseUrl, registration } = ownBank(banks, institutionId) ?? {};
    if (baseUrl === undefined || registration === undefined || client === undefined) return undefined;
    const known = made.get(institutionId);
    if (known !== undefined) return known;
    const { key, redirectUri } = client;
    const { nowEpochMs } = clock;
    const allowedOrigins = [baseUrl, registration.issuer];
    const http = createHttpClient({ provider, allowedOrigins, nowEpochMs });
    const edge = { newId: randomUUID, nowEpochMs, sleep, random: Math.random };
    const calls = createObukConsentCalls({ ...registration, baseUrl, key, redirectUri, http, ...edge });
    made.set(institutionId, calls);
    return calls;
  };
}

/** For links: with the bank's accounts. */
export function redirectBanksOf(settings: OpenBankingSettings): (institutionId: string) => RedirectBank | undefined {
  const callsOf = consentCallsOf(settings);
  return (institutionId) => {
    const calls = callsOf(institutionId);
    const bank = ownBank(settings.banks, institutionId);
    if (calls === undefined || bank === undefined) return undefined;
    const { nowEpochMs } = clock;
    const http = createHttpClient({ provider, allowedOrigins: [bank.baseUrl], nowEpochMs });
    const connector = createObukConnector({ baseUrl: bank.baseUrl, http, newId: randomUUID, nowEpochMs });
    return {
      calls,
      async readAccounts(accessToken, deadline) {
        try {
          const raw = await connector.fetchAccounts({ accessToken }, { attemptTimeoutMs: accountsTimeoutMs, deadline });
          return connector.readAccounts(raw, { institutionId, knownAccounts: [] }).accounts;
        } finally {
          http.close();
        }
      },
    };
  };
}

/** What a new consent is asked for with. */
export function consentWish({
  openBankingUk: { client },
  historyDays,
}: Pick<ProcessEnvironment, 'openBankingUk' | 'historyDays'>): ConsentWish {
  const now = clock.nowEpochMs();
  return {
    ...(client?.consentDays !== undefined && { expiresEpochMs: now + client.consentDays * dayMs }),
    ...(historyDays < wholeHistoryDays && { transactionsFromEpochMs: now - historyDays * dayMs }),
  };
}

/** An institution's id comes from a caller: `constructor` is none. */
function ownBank(banks: OpenBankingSettings['banks'], institutionId: string): OpenBankingBank | undefined {
  return Object.hasOwn(banks, institutionId) ? banks[institutionId] : undefined;
}
