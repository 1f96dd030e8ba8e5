/** Links the sandbox's users to their simulated bank, as an app's connect flow would have done. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { berlinConsent, itemId, obukToken, type ProvidersOptions } from '@quartersec/sandbox-providers';
import { createDeadline } from '@quartersec/sla';
import { createJournal, linkConnection, sealToken, type Table } from '@quartersec/storage';

export interface SandboxConnection {
  readonly connectionId: string;
  readonly userId: string;
  readonly accessToken: string;
  readonly institutionId: string;
  /** The provider's own id of the link, by which its webhooks name it; absent with a real provider, whose webhooks go elsewhere. */
  readonly itemId?: string;
  /** Default: Plaid. */
  readonly provider?: 'openbanking-uk' | 'berlin-group';
}

/** How many links are written at once: enough to keep the emulator busy, few enough not to be throttled by it. */
const writersAtOnce = 16;
const linkDeadlineMs = 30_000;

/** From the connection `from` on, every `each` connections are of one user, who is called after the first of them. */
export interface UsersOfMany {
  readonly from: number;
  readonly each: number;
}

/** @returns one connection per index, `conn-<index>` of `user-<index>`, with the simulator's access token */
export function sandboxConnections(count: number, users: UsersOfMany = { from: count, each: 1 }): SandboxConnection[] {
  const userOf = (index: number) => (index < users.from ? index : index - ((index - users.from) % users.each));
  return Array.from({ length: count }, (_, index) => ({
    connectionId: `conn-${index}`,
    userId: `user-${userOf(index)}`,
    accessToken: `access-sandbox-${index}`,
    institutionId: 'ins_sandbox',
    itemId: itemId(index),
  }));
}

/** The simulator's banks of Open Banking, by their institution ids: one for each version of the standard. */
const obukBanks = ['v3.1', 'v4.0'].map((version) => ({ institutionId: `obuk-${version}`, version }));

/** @param url of the simulator @returns what `OPEN_BANKING_UK_BANKS` is for it: each bank with our registration */
export function obukBanksAt(url: string): string {
  return obukBanks
    .map(({ institutionId, version }) => {
      const issuer = `${url}/open-banking-auth/${version}`;
      return `${institutionId}=${url}/open-banking/${version}/aisp|${issuer}|${clientId}`;
    })
    .join(',');
}

/** @returns where these banks keep events until they are asked for */
export function obukEventsAt(url: string): string {
  return obukBanks
    .map(({ institutionId, version }) => `${institutionId}=${url}/open-banking/${version}/events`)
    .join(',');
}

const clientId = 'quartersec-sandbox';

export interface OpenBankingClient {
  /** Variables of the functions that link and read. */
  readonly environment: Readonly<Record<string, string>>;
  /** As the simulated banks have it registered. */
  readonly registered: NonNullable<ProvidersOptions['openBankingClient']>;
}

/** As PEM texts; of an RSA key. */
export interface Seal {
  readonly cert: string;
  readonly key: string;
}

/**
 * A client with a key of its own for each system.
 * @param redirectUri where the banks send the user back to
 * @param seal for the bank that demands signed requests
 */
export function createOpenBankingClient(redirectUri: string, seal: Seal | undefined): OpenBankingClient {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomUUID();
  const key = { ...privateKey.export({ format: 'jwk' }), kid, alg: 'ES256' };
  return {
    environment: {
      OPEN_BANKING_UK_KEY: JSON.stringify(key),
      OPEN_BANKING_UK_REDIRECT_URI: redirectUri,
      BERLIN_GROUP_REDIRECT_URI: redirectUri,
      ...(seal && {
        BERLIN_GROUP_SIGNED_BANKS: signingInstitution,
        BERLIN_GROUP_SEAL_CERTIFICATE: seal.cert,
        BERLIN_GROUP_SEAL_CERTIFICATE_KEY: seal.key,
      }),
    },
    registered: {
      clientId: clientId,
      keys: [{ ...publicKey.export({ format: 'jwk' }), kid }],
      redirectUris: [redirectUri],
      ...(seal && { sealCertificate: seal.cert }),
    },
  };
}

/**
 * @param from index of the first one at the simulator: a household that no other connection has
 * @returns `obuk-<index>` of the user `open-banking`, by turns with a bank of 3.1 and of 4.0
 */
export function obukConnections(count: number, from: number): SandboxConnection[] {
  return Array.from({ length: count }, (_, index) => ({
    connectionId: `obuk-${index}`,
    userId: 'open-banking',
    accessToken: obukToken(from + index),
    institutionId: (obukBanks[index % obukBanks.length] as (typeof obukBanks)[number]).institutionId,
    provider: 'openbanking-uk' as const,
  }));
}

const berlinInstitution = 'berlin-redirect';
const signingInstitution = 'berlin-signed';

/** @param url of the simulator @returns what `BERLIN_GROUP_BANKS` is for it: a bank for each SCA approach with which we link, and one that demands signatures */
export function berlinBanksAt(url: string): string {
  const oauth = `${url}/berlin-group/oauth/psd2/v1|${url}/berlin-group-auth|${clientId}`;
  const signing = `${signingInstitution}=${url}/berlin-group/signed/psd2/v1`;
  return `${berlinInstitution}=${url}/berlin-group/psd2/v1,berlin-oauth=${oauth},${signing}`;
}

/**
 * @param from index of the first one at the simulator: a household that no other connection has
 * @returns `berlin-<index>` of the user `berlin-group`
 */
export function berlinConnections(count: number, from: number): SandboxConnection[] {
  return Array.from({ length: count }, (_, index) => ({
    connectionId: `berlin-${index}`,
    userId: 'berlin-group',
    accessToken: berlinConsent(from + index),
    institutionId: berlinInstitution,
    provider: 'berlin-group' as const,
  }));
}

/** @throws {StorageError} when the table does not take the links */
export async function linkAll(
  table: Table,
  connections: readonly SandboxConnection[],
  tokenKey: string,
  onProgress: (linked: number) => void,
): Promise<void> {
  const journal = createJournal({ table });
  let next = 0;
  const writer = async () => {
    for (let index = next++; index < connections.length; index = next++) {
      const connection = connections[index];
      if (connection === undefined) return;
      const { connectionId, userId, institutionId, accessToken, provider = 'plaid', itemId: item } = connection;
      await linkConnection(
        { journal, table },
        {
          connectionId,
          userId,
          provider,
          institutionId,
          ...(item !== undefined && { itemId: item }),
          sealedToken: sealToken(accessToken, { tokenKeys: tokenKey, connectionId }),
          runId: randomUUID(),
          writtenEpochMs: Date.now(),
        },
        { deadline: createDeadline(linkDeadlineMs, () => performance.now()) },
      );
      onProgress(index + 1);
    }
  };
  await Promise.all(Array.from({ length: writersAtOnce }, writer));
}
