/** Links the sandbox's users to their simulated bank, as an app's connect flow would have done. */
import { randomUUID } from 'node:crypto';
import { itemId } from '@quartersec/sandbox-providers';
import { createDeadline } from '@quartersec/sla';
import { createJournal, linkConnection, sealToken, type Table } from '@quartersec/storage';

export interface SandboxConnection {
  readonly connectionId: string;
  readonly userId: string;
  readonly accessToken: string;
  readonly institutionId: string;
  /** The provider's own id of the link, by which its webhooks name it; absent with a real provider, whose webhooks go elsewhere. */
  readonly itemId?: string;
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
      const { connectionId, userId, institutionId, accessToken, itemId: item } = connection;
      await linkConnection(
        { journal, table },
        {
          connectionId,
          userId,
          provider: 'plaid',
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
