/** Connectors and the access of each connection, as `process` has them: for tools beside the functions, which read a provider and store nothing of it. */
import { randomUUID } from 'node:crypto';
import { type Connector, createHttpClient, createPlaidConnector } from '@quartersec/providers';
import type { Deadline } from '@quartersec/sla';
import { createGrantRecords, type Head, openToken, sealToken, type Table } from '@quartersec/storage';
import { readBerlinSettings } from './berlin-settings.ts';
import { connectorsOfBanks, consentCallsOf } from './compose-banks.ts';
import { clock, sleep } from './edge.ts';
import { createAccessKeeper } from './keep-access.ts';
import { readOpenBankingSettings } from './open-banking-settings.ts';

export { withAccess } from './with-access.ts';

const mostHistoryDays = 730;

export interface ProviderAccess {
  /** @returns `undefined` for a provider, or a bank of it, that the variables do not name */
  connectorFor(of: Pick<Head, 'provider' | 'institutionId'>): Connector | undefined;
  /**
   * What the connector takes as its access token. Where it has ended it is renewed, and what came back stored, as `process` would.
   * @throws {ProviderError | StorageError}
   */
  openAccess(head: Head, deadline: Deadline, refused?: string): Promise<string>;
}

/**
 * @param variables as `process` has them: `TOKEN_KEY`, and what belongs to each provider that is to be read
 * @throws {ProcessorError} `CONFIGURATION_INVALID`
 */
export function createProviderAccess(
  variables: Readonly<Record<string, string | undefined>>,
  table: Table,
): ProviderAccess {
  const { TOKEN_KEY: tokenKeys = '' } = variables;
  const environment = {
    openBankingUk: readOpenBankingSettings(variables),
    berlinGroup: readBerlinSettings(variables),
    historyDays: mostHistoryDays,
  };
  const banks = connectorsOfBanks(environment);
  const plaid = plaidConnector(variables);
  const open = (sealed: string, connectionId: string) => openToken(sealed, { tokenKeys, connectionId });
  const keeper = createAccessKeeper({
    grants: createGrantRecords(table, { newId: randomUUID }),
    callsOf: consentCallsOf(environment),
    open,
    seal: (text, connectionId) => sealToken(text, { tokenKeys, connectionId }),
    sleep,
    random: Math.random,
    nowEpochMs: clock.nowEpochMs,
  });
  return {
    connectorFor: ({ provider, institutionId }) =>
      provider === 'plaid' ? plaid : banks.get(provider)?.get(institutionId),
    openAccess: async (head, deadline, refused) =>
      head.provider === 'plaid' ? open(head.sealedToken, head.connectionId) : keeper.tokenOf(head, deadline, refused),
  };
}

function plaidConnector({
  PLAID_BASE_URL: baseUrl,
  PLAID_CLIENT_ID: clientId,
  PLAID_SECRET: secret,
}: Readonly<Record<string, string | undefined>>): Connector | undefined {
  if (!baseUrl || !clientId || !secret) return undefined;
  const http = createHttpClient({ provider: 'plaid', allowedOrigins: [baseUrl], nowEpochMs: clock.nowEpochMs });
  return createPlaidConnector({ baseUrl, clientId, secret, http });
}
