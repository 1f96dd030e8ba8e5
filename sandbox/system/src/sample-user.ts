/** A user with something to see from the start: two years of a household's life at two banks, linked as an app would link them. */
import { type ApiClient, apiOf } from './api-client.ts';
import { awaitData, beginLink, completeLink, playLogin } from './link/bank-link.ts';

export const sampleUser = 'alex';
/** A labelled household of the simulator, at each of its banks. */
const logins = ['household-52-0', 'household-52-1'];
/** A first import of two years takes about a second. */
const dataWithinMs = 30_000;

/** @throws {CommandError} where the API refuses it */
export async function linkSampleUser(system: ApiClient['system']): Promise<void> {
  const api = await apiOf(system, sampleUser);
  for (const login of logins) {
    const { linkToken } = await beginLink(api);
    const { publicToken } = await playLogin(api, linkToken, login, 'none');
    const { connection } = await completeLink(api, publicToken);
    await awaitData(api, connection.connectionId, dataWithinMs);
  }
}
