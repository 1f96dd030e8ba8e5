/** A module in a process of its own that says when it is ready, and ends when we let go of it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface ChildModule<Ready> {
  readonly ready: Ready;
  readonly pid: number;
  close(): Promise<void>;
}

/** How long it may take to end by itself before it is killed: a system with warm environments closes dozens of processes. */
const closeGraceMs = 15_000;

/**
 * @param settings reaches the module as JSON in its first argument
 * @param environment variables beside our own
 * @throws {Error} with the module's own words when it ends before it is ready
 */
export async function startChildModule<Ready>(
  modulePath: string,
  settings: unknown,
  onProgress: (step: string) => void = () => {},
  environment: Readonly<Record<string, string>> = {},
): Promise<ChildModule<Ready>> {
  const child = fork(modulePath, settings === undefined ? [] : [JSON.stringify(settings)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...environment },
  });
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-4_000);
  });
  const ready = await new Promise<Ready>((resolve, reject) => {
    child.on('message', (message) => {
      const { progress } = message as { progress?: string };
      if (progress === undefined) resolve(message as Ready);
      else onProgress(progress);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(complaints.trim() || `${modulePath} ended with code ${code}`)));
  });
  return { ready, pid: child.pid ?? 0, close: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  if (child.connected) child.disconnect(); // the module takes that as its sign to close
  const killing = setTimeout(() => child.kill('SIGKILL'), closeGraceMs);
  await exited;
  clearTimeout(killing);
}
