/** The first events of new environments pay for their start; they come before the board looks, as after a deployment. */
import type { System } from './system.ts';

/** Enough for the compiler of each environment; each connection is asked once at most. */
const rounds = 12;

/** Runs events, as many at once as there may be environments, and waits for them. Their cold starts are counted. */
export async function warmUp(
  { connections, processUrl, environmentsAtMost }: Pick<System, 'connections' | 'processUrl' | 'environmentsAtMost'>,
  send: (url: string, body: string) => Promise<void> = post,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const from = round * environmentsAtMost;
    const turn = connections.slice(from, from + environmentsAtMost);
    await Promise.all(turn.map(({ connectionId }) => send(processUrl, JSON.stringify({ connectionId }))));
  }
}

async function post(url: string, body: string): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  await response.arrayBuffer(); // how each event ends is counted, also where it fails
}
