/** A terminal as a reader has it: what one block changes (folder, exported variables), the next one finds. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What was told to end may need a moment longer than the one that told it. */
const LAST_MOMENTS_MS = 3_000;
const POLL_MS = 50;

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export interface Running {
  /** What it has printed so far. */
  readonly output: () => string;
  /** Resolves when all of it was printed. @throws {Error} when it ends before, or takes longer */
  readonly printed: (texts: readonly string[], limitMs: number) => Promise<void>;
  /** Sends what Ctrl-C sends, to all of the foreground. @returns how it ended, and process ids that outlived it */
  readonly interrupt: (
    limitMs: number,
  ) => Promise<{ readonly ending: number | NodeJS.Signals | null; readonly left: readonly number[] }>;
}

export interface Terminal {
  readonly run: (script: string, limitMs: number) => Promise<Ended>;
  readonly start: (script: string) => Running;
  /** Ends by id whatever it started and is still there. */
  readonly close: () => void;
}

export interface TerminalOptions {
  /** Where it opens. */
  readonly folder: string;
  /** For its own notes; outside of `folder`. */
  readonly notes: string;
  readonly env: Readonly<Record<string, string>>;
  /** Everything that is printed, as it comes. */
  readonly echo: (text: string) => void;
}

export function openTerminal({ folder, notes, env, echo }: TerminalOptions): Terminal {
  const variables = join(notes, 'variables.sh');
  const place = join(notes, 'folder');
  const started = new Set<ChildProcess>();
  const background = new Set<number>();

  /** A group of its own, as a shell makes for what stands in the foreground. */
  function launch(script: string, remembers: boolean): ChildProcess {
    const resume = existsSync(variables) ? `. '${variables}'\n` : '';
    const remember = `trap 'pwd >"${place}"; export -p >"${variables}"' EXIT\n`;
    const child = spawn('sh', ['-e', '-c', `${resume}${remembers ? remember : ''}${script}`], {
      cwd: existsSync(place) ? readFileSync(place, 'utf8').trim() : folder,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.add(child);
    child.once('exit', () => started.delete(child));
    return child;
  }

  function collect(child: ChildProcess): () => string {
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
        echo(chunk);
      });
    }
    return () => output;
  }

  return {
    async run(script, limitMs) {
      const child = launch(script, true);
      const output = collect(child);
      const timer = setTimeout(() => endGroup(child, 'SIGKILL'), limitMs);
      const [code] = (await once(child, 'close')) as [number | null];
      clearTimeout(timer);
      return { code, output: output() };
    },
    start(script) {
      const child = launch(script, false);
      const output = collect(child);
      const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
      return {
        output,
        async printed(texts, limitMs) {
          const { promise, resolve, reject } = Promise.withResolvers<void>();
          const look = () => {
            if (texts.every((text) => output().includes(text))) resolve();
          };
          const timer = setTimeout(() => reject(new Error(`did not print ${texts.join(', ')} in time`)), limitMs);
          child.stdout?.on('data', look);
          child.stderr?.on('data', look);
          ended.then(([code]) =>
            reject(new Error(`ended with exit code ${code} before it printed ${texts.join(', ')}`)),
          );
          look();
          await promise.finally(() => {
            clearTimeout(timer);
            child.stdout?.off('data', look);
            child.stderr?.off('data', look);
          });
        },
        async interrupt(limitMs) {
          for (const pid of descendants(child.pid ?? 0)) background.add(pid);
          endGroup(child, 'SIGINT');
          const timer = setTimeout(() => endGroup(child, 'SIGKILL'), limitMs);
          const [code, signal] = await ended;
          clearTimeout(timer);
          const untilMs = performance.now() + LAST_MOMENTS_MS;
          while ([...background].some(lives) && performance.now() < untilMs) await sleep(POLL_MS);
          return { ending: code ?? signal, left: [...background].filter(lives) };
        },
      };
    },
    close() {
      for (const child of started) {
        const below = descendants(child.pid ?? 0);
        endGroup(child, 'SIGKILL');
        for (const pid of below) background.add(pid);
      }
      for (const pid of [...background].filter(lives)) process.kill(pid, 'SIGKILL');
    },
  };
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-(child.pid ?? Number.NaN), signal);
  } catch {
    // it has just ended
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Everything below a process, by Linux' own account; empty elsewhere. */
function descendants(pid: number): readonly number[] {
  if (!existsSync('/proc')) return [];
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
        return [[Number(name), Number(parent)] as const];
      } catch {
        return []; // it has just ended
      }
    });
  const below = (parent: number): readonly number[] =>
    parents.filter(([, of]) => of === parent).flatMap(([own]) => [own, ...below(own)]);
  return below(pid);
}
