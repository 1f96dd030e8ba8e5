/** A part of the system in a process of its own, so that it has its own event loop, and ends with us. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface ChildService<Ready> {
  /** What the service said when it was ready, e.g. its address. */
  readonly ready: Ready;
  readonly pid: number;
  close(): Promise<void>;
}

/** How long a service may take to end by itself before it is killed. */
const closeGraceMs = 3_000;

/**
 * Starts a module that calls `announceReady` once it listens.
 * @throws {Error} with the service's own words when it ends before that
 */
export async function startChildService<Ready>(modulePath: string, settings: unknown): Promise<ChildService<Ready>> {
  const child = fork(modulePath, [JSON.stringify(settings)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-4_000);
  });
  const ready = await new Promise<Ready>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Ready));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${modulePath} ended with code ${code}: ${complaints.trim()}`)));
  });
  return { ready, pid: child.pid ?? 0, close: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.disconnect(); // the service takes that as its sign to close
  const killing = setTimeout(() => child.kill('SIGKILL'), closeGraceMs);
  await exited;
  clearTimeout(killing);
}

/** For the service's side: the settings it was started with. */
export function readSettings<Settings>(): Settings {
  return JSON.parse(process.argv[2] ?? '{}') as Settings;
}

/** For the service's side: says that it is ready, and calls `close` when the parent lets go of it or dies. */
export function announceReady(ready: unknown, close: () => Promise<void> | void): void {
  const ignored = () => {}; // Ctrl-C reaches the whole process group; the parent closes us in its own order
  process.on('SIGINT', ignored);
  process.on('SIGTERM', ignored);
  process.once('disconnect', async () => {
    await close();
    process.exit(0);
  });
  process.send?.(ready as object);
}
