/** Where a running system can be found: written by `npm start`, read by the commands that talk to it. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface RunningSystem {
  readonly pid: number;
  /** The control server. */
  readonly url: string;
  /** The SLA board; missing when it did not start. */
  readonly boardUrl?: string;
  readonly tableName: string;
  readonly dynamoDbUrl: string;
  /** Missing when the system runs without DAX. */
  readonly daxUrl?: string;
  readonly region: string;
}

/** One system a checkout, unless another folder is named. */
const folder = process.env.QUARTERSEC_STATE_DIRECTORY ?? fileURLToPath(new URL('../../../.cache', import.meta.url));
const file = join(folder, 'running-system.json');

export async function announceSystem(system: RunningSystem): Promise<void> {
  await mkdir(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(system));
}

/** Synchronous, so that it also works while the process is ending. Leaves another system's file alone. */
export function withdrawSystem(): void {
  if (findSystem()?.pid === process.pid) rmSync(file, { force: true });
}

/** @returns `undefined` when no system runs (a file left by a killed one does not count) */
export function findSystem(): RunningSystem | undefined {
  try {
    const system = JSON.parse(readFileSync(file, 'utf8')) as RunningSystem;
    process.kill(system.pid, 0); // throws when there is no such process
    return system;
  } catch {
    return undefined;
  }
}
