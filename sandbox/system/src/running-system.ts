/** Where a running system can be found: written by `npm start`, read by the commands that talk to it. */
import { mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface RunningSystem {
  readonly pid: number;
  /** The control server. */
  readonly url: string;
  /** What an app is given. */
  readonly apiUrl: string;
  /** Where banks of Open Banking send a user back to; missing in what older systems say of themselves. */
  readonly redirectUri?: string;
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
/** A symbolic link to the process id of the system that starts or runs: made in one step, so of two that start one has it. */
const claim = join(folder, 'running-system.pid');
/** Only a process that was stopped does not answer for so long, and that one still has its place. */
const answerWithinMs = 10_000;

/**
 * Takes the place of this checkout's one system, from before the functions are built.
 * @throws {Error} naming the system that has it, and what to do
 */
export async function claimSystem(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  while (!tryClaim()) {
    const pid = claimedBy();
    if (pid === undefined) continue; // given up meanwhile
    const running = await findSystem();
    if (running?.pid === pid)
      throw new Error(`it already runs at ${running.boardUrl ?? running.url} (process ${pid}); stop that one first`);
    // A system that says where it runs and does not answer there is gone, and its process id is another program's by now.
    if (isAlive(pid) && readState()?.pid !== pid)
      throw new Error(
        `another one starts here (process ${pid}): wait for it or stop it; if that process is none, delete ${claim}`,
      );
    release(pid);
  }
}

export function announceSystem(system: RunningSystem): void {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, JSON.stringify(system));
  renameSync(unfinished, file); // whoever reads it reads all of it
}

/** Synchronous, so that it also works while the process is ending. Leaves what is another system's alone. */
export function withdrawSystem(): void {
  if (readState()?.pid === process.pid) rmSync(file, { force: true });
  if (claimedBy() === process.pid) rmSync(claim, { force: true });
}

/** @returns `undefined` when no system runs: a file left by a killed one names no process that answers as that system */
export async function findSystem(): Promise<RunningSystem | undefined> {
  const system = readState();
  if (system === undefined || !isAlive(system.pid)) return undefined;
  try {
    const health = await fetch(`${system.url}/health`, { signal: AbortSignal.timeout(answerWithinMs) });
    const { pid } = (await health.json()) as { readonly pid?: unknown };
    return pid === system.pid ? system : undefined;
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? system : undefined;
  }
}

function readState(): RunningSystem | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunningSystem;
  } catch {
    return undefined; // none, or what an older version left
  }
}

function tryClaim(): boolean {
  try {
    symlinkSync(String(process.pid), claim);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function claimedBy(): number | undefined {
  try {
    return Number(readlinkSync(claim));
  } catch {
    return undefined;
  }
}

/** Removes the claim of a process that is gone. Another start may have done so, and claimed: what is moved is looked at again. */
function release(pid: number): void {
  const aside = `${claim}.${process.pid}`;
  try {
    renameSync(claim, aside);
    if (Number(readlinkSync(aside)) !== pid) symlinkSync(readlinkSync(aside), claim);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  }
  rmSync(aside, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
