/** What verifies events of banks, and asks banks for those that they keep. */
import { randomUUID } from 'node:crypto';
import {
  createEventPoll,
  createHttpClient,
  createWebhookKeys,
  type EventIssuer,
  findIssuerKey,
} from '@quartersec/providers';
import { createDeadline, type Deadline, deadlineBudget } from '@quartersec/sla';
import { readItemLink, type Table } from '@quartersec/storage';
import type { Banks } from './bank-settings.ts';
import { clock, sleep } from './edge.ts';
import type { OpenBankingSettings } from './open-banking-settings.ts';
import { type PollDependencies, type PolledBank, pollBankEvents } from './poll-bank-events.ts';

const keyTimeoutMs = 5_000;

/** One for each, though several banks (versions of one) may share it. */
export function issuersOf(banks: Banks): readonly EventIssuer[] {
  const registered = Object.values(banks).flatMap(({ baseUrl, registration }) =>
    registration === undefined ? [] : [{ ...registration, baseUrl }],
  );
  const each = new Map(registered.map((bank) => [bank.issuer, bank]));
  return [...each.values()].map(({ issuer, clientId, baseUrl }) => {
    const allowedOrigins = [issuer, baseUrl];
    const http = createHttpClient({ provider: 'openbanking-uk', allowedOrigins, nowEpochMs: clock.nowEpochMs });
    const limits = () => ({
      attemptTimeoutMs: keyTimeoutMs,
      deadline: createDeadline(deadlineBudget.hardMs, clock.nowMs),
    });
    const keys = createWebhookKeys({ lookUp: (keyId) => findIssuerKey(keyId, { issuer, http }, limits()) });
    return { issuer, clientId, keys };
  });
}

/** Only that address and the issuer are called for it. */
function polledBanksOf({ banks, eventUrls, certificate, client }: OpenBankingSettings): readonly PolledBank[] {
  return Object.entries(eventUrls).flatMap(([institutionId, eventsUrl]) => {
    const registration = banks[institutionId]?.registration;
    if (registration === undefined || client === undefined) return [];
    const { key, redirectUri } = client;
    const { nowEpochMs } = clock;
    const http = createHttpClient({
      ...{ provider: 'openbanking-uk', allowedOrigins: [eventsUrl, registration.issuer], nowEpochMs },
      ...(certificate !== undefined && { certificate }),
    });
    const edge = { nowEpochMs, newId: randomUUID, sleep, random: Math.random };
    return [{ institutionId, poll: createEventPoll({ ...registration, key, redirectUri, http, eventsUrl, ...edge }) }];
  });
}

/** @returns asks every bank that keeps events for those that it has */
export function bankPolling(
  settings: OpenBankingSettings,
  { table, ...deps }: Pick<PollDependencies, 'queue' | 'log'> & { readonly table: Table },
): (deadline: Deadline) => Promise<void> {
  const banks = polledBanksOf(settings);
  const issuers = issuersOf(settings.banks);
  return (deadline) =>
    pollBankEvents(banks, deadline, {
      ...{ ...deps, issuers, newId: randomUUID, nowEpochMs: clock.nowEpochMs },
      findConnection: (provider, itemId, within) => readItemLink(table, { provider, itemId }, { deadline: within }),
    });
}
