/** A part of the system in a process of its own, so that it has its own event loop, and ends with us. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface ChildService<Ready> {
  /** What the service said when it was ready, e.g. its address. */
  readonly ready: Ready;
  readonly pid: number;
  /** Resolves when it is gone, with how it ended and why, in one line. */
  readonly ended: Promise<string>;
  close(): Promise<void>;
}

export interface ChildServiceOptions {
  /** Variables beside our own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Default 60 s: a busy machine, and a first build of what it serves. */
  readonly readyWithinMs?: number;
}

/** How long a service may take to end by itself before it is killed. */
const closeGraceMs = 3_000;

/**
 * Starts a module that calls `announceReady` once it listens, or sends one message of its own making.
 * @param settings its only argument, as JSON; `undefined` for a command that is configured by its environment
 * @throws {Error} with the service's own words when it ends before that, or takes too long
 */
export async function startChildService<Ready>(
  modulePath: string,
  settings: unknown,
  { environment = {}, readyWithinMs = 60_000 }: ChildServiceOptions = {},
): Promise<ChildService<Ready>> {
  const child = fork(modulePath, settings === undefined ? [] : [JSON.stringify(settings)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...environment },
  });
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-4_000);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve([signal ?? `code ${code}`, gistOf(complaints)].join(' ').trim()));
  });
  const ready = await new Promise<Ready>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Ready));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${modulePath} ended with code ${code}: ${complaints.trim()}`)));
    const giveUp = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${modulePath} was not ready within ${readyWithinMs} ms: ${complaints.trim()}`));
    }, readyWithinMs);
    child.once('message', () => clearTimeout(giveUp));
    child.once('exit', () => clearTimeout(giveUp));
  });
  return { ready, pid: child.pid ?? 0, ended, close: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  if (child.connected)
    child.disconnect(); // the service takes that as its sign to close
  else child.kill();
  const killing = setTimeout(() => child.kill('SIGKILL'), closeGraceMs);
  await exited;
  clearTimeout(killing);
}

/** The one line of what a process wrote before it ended that says why; empty when it wrote nothing. Pure. */
export function gistOf(complaints: string): string {
  const lines = complaints.split('\n').filter((line) => line.trim() !== '');
  return (lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? '').trim();
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
