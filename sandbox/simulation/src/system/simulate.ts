/** `npm run simulate`: a campaign of random histories over the real code, in several processes; or one history again. */
import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { CommandError, runCommand } from '@quartersec/command-line';
import { validatorsForEsbuild } from '@quartersec/validation/compiler';
import { compileOnce, storeIn } from '@quartersec/validation/compiler/once';
import { build } from 'esbuild';
import { afterChunk, beginCampaign, type CampaignState, chunkAt, missedIn, openChunks } from './campaign-plan.ts';
import type { Chunk, ChunkResult, HistoryFailure } from './tell-chunk.ts';

const usage = `npm run simulate -- [options]
Tells random histories of the whole system and of single banks, over the real code, under a virtual clock, with faults at every step, and
checks after each that everything holds. Histories of the system are told twice: both must be the same, line by line. A failure is
shrunk and printed with the one command that tells it again. Ctrl-C stops a campaign; the same command goes on with it.

  --histories N   (default 2000)
  --seed S        of the campaign (default: another one each time)
  --processes N   (default: one a core)
  --replay R      one history again, as a failure has printed it; its trace goes to .cache/simulate/trace.txt
`;

const options = {
  histories: { type: 'string', default: '2000' },
  seed: { type: 'string' },
  processes: { type: 'string', default: String(availableParallelism()) },
  replay: { type: 'string' },
} as const;

const root = join(import.meta.dirname, '../../../..');
const folder = join(root, '.cache/simulate');
const stateFile = join(folder, 'campaign.json');
const tellerFile = join(folder, 'teller.mjs');
/** Between two lines where no terminal shows them in place. */
const plainProgressMs = 15_000;
const seedsMost = 2_000_000_000;

function wholeNumber(name: string, text: string, from: number, to: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= from && value <= to) return value;
  throw new CommandError('USAGE', `--${name} must be a whole number from ${from} to ${to}`);
}

/** The code under test calls typia, so it has to be compiled first. */
async function buildTeller(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const compiled = compileOnce(storeIn(join(root, '.cache/validators')));
  await build({
    entryPoints: [join(import.meta.dirname, 'teller.ts')],
    outfile: tellerFile,
    ...{ bundle: true, format: 'esm', platform: 'node', target: 'node24', sourcemap: 'inline', logLevel: 'error' },
    mainFields: ['module', 'main'],
    plugins: [validatorsForEsbuild(join(root, 'libs/validation/tsconfig.json'), compiled)],
    banner: {
      js: "const require=(id)=>process.getBuiltinModule('node:module').createRequire(import.meta.url)(id);",
    },
  });
}

interface Told {
  readonly result: ChunkResult | undefined;
  readonly musts: readonly string[];
}

interface Teller {
  /** One chunk at a time. */
  tell(chunk: Chunk): Promise<Told>;
  end(): void;
}

function startTeller(): Teller {
  const child = fork(tellerFile, { execArgv: ['--enable-source-maps'] });
  let waiting = Promise.withResolvers<Told>();
  child.on('message', (told: Told) => waiting.resolve(told));
  child.on('exit', () => waiting.reject(new CommandError('FAILED', 'a process ended before its histories')));
  return {
    tell(chunk) {
      waiting = Promise.withResolvers();
      child.send(chunk);
      return waiting.promise;
    },
    end() {
      child.removeAllListeners('exit');
      child.disconnect();
    },
  };
}

function describe({ replay, message, words }: HistoryFailure): string {
  const steps = words.map((line, at) => `  ${at === 0 ? '' : `${at}. `}${line}`).join('\n');
  return `${message}\nthe shortest history that fails, ${words.length - 1} steps:\n${steps}\nto tell it again:\n  npm run simulate -- --replay ${replay}\n`;
}

async function tellAgain(replay: string): Promise<void> {
  const [, kind = '', seed = '', path] = /^([a-z-]+):(-?\d+)(?:\/([\d:]+))?$/.exec(replay) ?? [];
  if (kind === '') throw new CommandError('USAGE', '--replay takes <kind>:<seed>/<path>, as a failure prints it');
  await buildTeller();
  const teller = startTeller();
  const chunk = { kind, seed: Number(seed), histories: 1, ...(path !== undefined && { path }) };
  const { result } = await teller.tell(chunk);
  teller.end();
  if (result === undefined) throw new CommandError('USAGE', `there is no kind of history ${kind}`);
  if (result.failure === undefined) {
    process.stdout.write('it holds now\n');
    return;
  }
  writeFileSync(join(folder, 'trace.txt'), `${result.failure.trace.join('\n')}\n`);
  process.stdout.write(describe(result.failure));
  process.exitCode = 1;
}

function readState(histories: number, seed: number | undefined): CampaignState {
  const fresh = beginCampaign(histories, seed ?? Math.floor(Math.random() * seedsMost));
  if (!existsSync(stateFile)) return fresh;
  const kept = JSON.parse(readFileSync(stateFile, 'utf8')) as CampaignState;
  return kept.histories === histories && (seed === undefined || kept.seed === seed) ? kept : fresh;
}

async function runCampaign(first: CampaignState, processes: number): Promise<void> {
  let state = first;
  let failure: HistoryFailure | undefined;
  let isStopped = false;
  const startedMs = performance.now();
  const musts = new Map<string, readonly string[]>();
  const open = [...openChunks(state)];
  process.once('SIGINT', () => {
    isStopped = true;
    process.stdout.write('\nstopping after the histories at hand ...\n');
  });

  async function work(): Promise<void> {
    const teller = startTeller();
    while (!isStopped && failure === undefined) {
      const index = open.shift();
      if (index === undefined) break;
      const chunk = chunkAt(state, index);
      const told = await teller.tell(chunk);
      musts.set(chunk.kind, told.musts);
      if (told.result === undefined) throw new CommandError('FAILED', `there is no kind of history ${chunk.kind}`);
      if (told.result.failure !== undefined) {
        failure ??= told.result.failure;
        break;
      }
      const elapsedMs = first.elapsedMs + performance.now() - startedMs;
      state = { ...afterChunk(state, index, told.result), elapsedMs };
      writeFileSync(stateFile, JSON.stringify(state));
      progress(state);
    }
    teller.end();
  }

  await Promise.all(Array.from({ length: processes }, work));
  process.stdout.write('\n');
  if (failure !== undefined) {
    process.stdout.write(describe(failure));
    process.exitCode = 1;
    return;
  }
  if (openChunks(state).length > 0) {
    process.stdout.write(`stopped: npm run simulate -- --histories ${state.histories} --seed ${state.seed} goes on\n`);
    process.exitCode = 130;
    return;
  }
  rmSync(stateFile, { force: true });
  report(state, missedIn(state, musts));
}

let saidMs = Number.NEGATIVE_INFINITY;

function progress({ told, histories, seed, elapsedMs }: CampaignState): void {
  const perMinute = Math.round((told / elapsedMs) * 60_000);
  const line = `${told} of ${histories} histories hold, ${perMinute} a minute (seed ${seed})`;
  if (process.stdout.isTTY) process.stdout.write(`\r${line}`);
  else if (performance.now() - saidMs > plainProgressMs) {
    saidMs = performance.now();
    process.stdout.write(`${line}\n`);
  }
}

function report(state: CampaignState, missed: readonly string[]): void {
  for (const [kind, met] of Object.entries(state.met)) {
    const of = (prefix: string) =>
      Object.entries(met)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, times]) => [name.slice(prefix.length), times] as const);
    const rows = of('row ').sort(([one], [other]) => Number(one) - Number(other));
    // Of several of one kind in a history one is counted.
    const acts = of('act ').reduce((sum, [, times]) => sum + times, 0);
    const shown = rows.length === 0 ? '' : `; rows of FAULTS.md: ${rows.map(([row, n]) => `${row} (${n})`).join(', ')}`;
    process.stdout.write(`${kind}: ${acts} acts${shown}\n`);
  }
  const minutes = (state.elapsedMs / 60_000).toFixed(1);
  process.stdout.write(`${state.told} histories in ${minutes} minutes: everything held\n`);
  if (missed.length === 0) return;
  process.stdout.write(`never met: ${missed.join('; ')}\n`);
  process.exitCode = 1;
}

await runCommand({ name: 'simulate', usage, options }, async ({ values }) => {
  if (values.replay !== undefined) return tellAgain(values.replay);
  const histories = wholeNumber('histories', values.histories, 1, 1_000_000);
  const seed = values.seed === undefined ? undefined : wholeNumber('seed', values.seed, 0, seedsMost);
  const processes = wholeNumber('processes', values.processes, 1, 64);
  await buildTeller();
  await runCampaign(readState(histories, seed), processes);
});
