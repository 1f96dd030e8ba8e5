/** The DAX node in front of the system's table: its address, what it counts, and how to end it without ceremony. */
import { fileURLToPath } from 'node:url';
import type { DaxNodeStats } from '@quartersec/sandbox-dax/source';
import { type ChildService, startChildService } from './child-service.ts';

export interface CacheNode {
  /** For DAX clients. */
  readonly url: string;
  /** @throws {Error} while the node is down */
  stats(): Promise<DaxNodeStats>;
  pid(): number;
  /** Kills the node's process: its cache is gone, its clients get no word. */
  kill(): void;
  /** Starts another node at the same address, with nothing in its cache. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

interface Ready {
  readonly url: string;
  readonly port: number;
  readonly metricsUrl: string;
}

const modulePath = fileURLToPath(new URL('./dax-service.ts', import.meta.url));

/** @param endpoint of DynamoDB */
export async function startCacheNode(place: { endpoint: string; region: string }): Promise<CacheNode> {
  const start = (port: number): Promise<ChildService<Ready>> =>
    startChildService<Ready>(modulePath, { ...place, accessKeyId: 'sandbox', port });
  let service = await start(0);
  return {
    url: service.ready.url,
    async stats() {
      return (await fetch(`${service.ready.metricsUrl}/stats`)).json() as Promise<DaxNodeStats>;
    },
    pid: () => service.pid,
    kill: () => void process.kill(service.pid, 'SIGKILL'),
    async restart() {
      await service.close();
      service = await start(service.ready.port);
    },
    close: () => service.close(),
  };
}
