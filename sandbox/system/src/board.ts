/** The SLA board as a child process: started with the system, started again when it dies, never a reason to stop. */
import { setTimeout as sleepMs } from 'node:timers/promises';
import { type ChildService, gistOf, startChildService } from './child-service.ts';

export interface BoardOptions {
  /** Module that serves the board: reads SYSTEM_URL and PORT, and sends `{ url }` once it listens. */
  readonly modulePath: string;
  /** Address of the control server. */
  readonly systemUrl: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Takes what a person should know, a line each. */
  readonly say: (line: string) => void;
  /** Default 1 000. */
  readonly restartAfterMs?: number;
}

export interface Board {
  /** Stays the same over restarts. */
  readonly url: string;
  pid(): number;
  close(): Promise<void>;
}

interface Ready {
  readonly url: string;
}

const restartsAtMost = 3;

/** @throws {Error} with the board's own words when it does not start */
export async function startBoard(options: BoardOptions): Promise<Board> {
  const { modulePath, systemUrl, say, restartAfterMs = 1_000 } = options;
  const stopping = new AbortController();
  // A PROMETHEUS_URL of the shell would win over ours; and a page for browsers has no use for the provider's secrets.
  const environment = { SYSTEM_URL: systemUrl, PROMETHEUS_URL: '', PLAID_SECRET: '', PLAID_ACCESS_TOKEN: '' };
  const start = (port: number) =>
    startChildService<Ready>(modulePath, undefined, { environment: { ...environment, PORT: String(port) } });

  let service: ChildService<Ready> = await start(options.port);
  const url = service.ready.url;
  const port = Number(URL.parse(url)?.port);

  async function keepUp(): Promise<void> {
    let reason = await service.ended;
    for (let restarts = 1; restarts <= restartsAtMost; restarts += 1) {
      // The wait also lets Ctrl-C, which reaches the board as well, be heard here first.
      await sleepMs(restartAfterMs, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      say(`the board ended (${reason}): starting it again, ${restarts} of ${restartsAtMost}`);
      try {
        service = await start(port);
        if (stopping.signal.aborted) return service.close();
        reason = await service.ended;
      } catch (error) {
        reason = gistOf(String(error));
      }
    }
    if (!stopping.signal.aborted)
      say(`the board ended (${reason}) and stays down; the system goes on: ${systemUrl}/metrics`);
  }
  const keepingUp = keepUp();

  return {
    url,
    pid: () => service.pid,
    async close() {
      stopping.abort();
      await service.close();
      await keepingUp;
    },
  };
}
