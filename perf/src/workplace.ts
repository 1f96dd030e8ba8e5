/** Where a measurement works: what it starts is ended in the reverse order, and its files go, also on Ctrl-C. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '@quartersec/command-line';

export interface Workplace {
  readonly scratchFolder: string;
  readonly signal: AbortSignal;
  readonly say: (step: string) => void;
  /** Keeps something that must be ended with the rest. @returns what was given */
  keep<Resource extends { close(): Promise<void> }>(resource: Resource): Resource;
}

export async function withWorkplace<Result>(
  say: (step: string) => void,
  task: (workplace: Workplace) => Promise<Result>,
): Promise<Result> {
  const stopping = new AbortController();
  const stop = (signal: NodeJS.Signals) => stopping.abort(new CommandError('INTERRUPTED', 'interrupted', { signal }));
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  const kept: { close(): Promise<void> }[] = [];
  const scratchFolder = mkdtempSync(join(tmpdir(), 'quartersec-perf-'));
  try {
    return await task({
      scratchFolder,
      signal: stopping.signal,
      say,
      keep(resource) {
        kept.push(resource);
        return resource;
      },
    });
  } catch (error) {
    // Whatever an interrupted part says, this is what happened.
    throw stopping.signal.aborted ? stopping.signal.reason : error;
  } finally {
    for (const resource of kept.reverse()) await resource.close();
    rmSync(scratchFolder, { recursive: true, force: true });
    for (const signal of signals) process.off(signal, stop);
  }
}
