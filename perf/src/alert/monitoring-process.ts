/** A program that is no Node module, such as Prometheus: started, ended, and its own words kept for when it fails. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

export interface MonitoringProcess {
  readonly pid: number;
  /** Its last words once it has ended; `undefined` while it runs. */
  ended(): string | undefined;
  close(): Promise<void>;
}

const closeGraceMs = 5_000;

export function startProcess(command: string, args: readonly string[]): MonitoringProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-2_000);
  });
  let failed: string | undefined;
  child.once('error', (error) => {
    failed = String(error);
  });
  return {
    pid: child.pid ?? 0,
    ended: () => failed ?? (hasEnded(child) ? `${command} ended: ${words.trim()}` : undefined),
    async close() {
      if (failed !== undefined || hasEnded(child)) return;
      const exited = once(child, 'exit');
      child.kill();
      const killing = setTimeout(() => child.kill('SIGKILL'), closeGraceMs);
      await exited;
      clearTimeout(killing);
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** A port that nobody listened on a moment ago: these programs do not say which one they took when left to choose. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(address)));
    });
  });
}
