import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileValidators, validatorFiles, validatorsForEsbuild, validatorsForVite } from './compile-validators.ts';
import { besideCpuHogs } from './testing/cpu-hogs.ts';
import { type Emitted, emit, firstDifference } from './testing/emitted-text.ts';
import type { EmittedReport } from './testing/print-emitted.ts';
import { replayUntil } from './testing/replay-until.ts';

const execute = promisify(execFile);
const root = join(import.meta.dirname, '..');
const tsconfig = join(root, 'tsconfig.json');
const script = join(import.meta.dirname, 'testing/print-emitted.ts');
const leapingClock = pathToFileURL(join(import.meta.dirname, 'testing/leaping-clock.ts')).href;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Found by what they say and not by their names. No other package declares typia, so none can import it. */
const sources = globSync('{src,bench,compiler}/**/*.ts', { cwd: root }).map((file) => join(root, file));
const callers = sources.filter((file) => /^import typia\b.* from 'typia';/m.test(readFileSync(file, 'utf8'))).sort();
const printed = new Map<string, string>();

async function emitApart(nodeArguments: readonly string[], ...scriptArguments: string[]): Promise<EmittedReport> {
  const { stdout } = await execute(process.execPath, [...nodeArguments, script, ...scriptArguments], {
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  return JSON.parse(stdout) as EmittedReport;
}

const differences = (emitted: readonly Emitted[]) =>
  emitted.flatMap(({ file, by, text }) => {
    const difference = firstDifference(printed.get(file) ?? '', text);
    return difference === undefined ? [] : [`${by}: ${file}: ${difference}`];
  });

beforeAll(() => {
  for (const file of callers) printed.set(file, compileValidators(file, tsconfig));
});

describe('the files that call typia', () => {
  it('are all of those that the plugins compile, and no others', () => {
    expect(callers.length).toBeGreaterThan(0);
    expect(sources.filter((file) => validatorFiles.test(file)).sort()).toEqual(callers);
    expect(sources).toContain(join(root, 'bench/validation.bench.ts'));
  });

  it('are printed without a call of typia left, and with their comparisons', () => {
    for (const text of printed.values()) {
      expect(text).not.toMatch(/\btypia\.\w+(\.\w+)?</);
      expect(text).toContain('"string" === typeof input');
    }
  });
});

describe('what the esbuild and the Vite plugin hand on', () => {
  const bothOfEach = callers.flatMap((file) => [
    { file, by: 'esbuild' },
    { file, by: 'vite' },
  ]);
  const madeBy = (emitted: readonly Emitted[]) => emitted.map(({ file, by }) => ({ file, by }));

  it('is the printed text byte for byte', async () => {
    const emitted: Emitted[] = [];
    for (const file of callers)
      emitted.push(...(await emit(file, validatorsForEsbuild(tsconfig), validatorsForVite(tsconfig))));
    expect(madeBy(emitted)).toEqual(bothOfEach);
    expect(differences(emitted)).toEqual([]);
  });

  // What is parsed once serves every compilation after it: another file is the first one here.
  it('is the same beside processes that take every core, and in the other order', async () => {
    const { emitted } = await besideCpuHogs(() => emitApart([], ...callers.toReversed()));
    expect(new Set(madeBy(emitted))).toEqual(new Set(bothOfEach));
    expect(emitted).toHaveLength(bothOfEach.length);
    expect(differences(emitted)).toEqual([]);
  });

  it('is the same when the clock leaps by seconds at each reading', async () => {
    const { emitted, tookMs } = await emitApart(['--import', leapingClock], ...callers);
    expect(tookMs).toBeGreaterThanOrEqual(5_000);
    expect(madeBy(emitted)).toEqual(bothOfEach);
    expect(differences(emitted)).toEqual([]);
  });
});

describe('a transform that would not be the same everywhere', () => {
  it('is seen by one altered letter, a line too many and a line too few', () => {
    expect(firstDifference('a\nb\nc', 'a\nb\nc')).toBeUndefined();
    expect(firstDifference('a\nb\nc', 'a\nB\nc')).toBe('line 2: printed "b", emitted "B"');
    expect(firstDifference('a\nb', 'a\nb\n')).toBe('line 3: printed undefined, emitted ""');
    expect(firstDifference('a\nb\n', 'a\nb')).toBe('line 3: printed "", emitted undefined');
    expect(firstDifference('a', 'a\r')).toBe('line 1: printed "a", emitted "a\\r"');
  });

  it('is seen when a plugin hands on something else', async () => {
    const [file = ''] = callers;
    const altered = (code: string) => code.replace('"string" === typeof', '"strung" === typeof');
    const forVite = validatorsForVite(tsconfig);
    const emitted = await emit(
      file,
      {
        name: 'altered',
        setup: ({ onLoad }) =>
          onLoad({ filter: validatorFiles }, () => ({ contents: altered(printed.get(file) ?? ''), loader: 'ts' })),
      },
      { ...forVite, transform: (code) => ({ code, map: null }) },
    );
    expect(differences(emitted)).toEqual([
      expect.stringMatching(/^esbuild: .*printed ".*string.*", emitted ".*strung/),
      expect.stringMatching(/^vite: .*: line 1: printed "/),
    ]);
  });

  it('is seen when it replays its text with a time limit and the clock leaps past it', async () => {
    const [file = ''] = callers;
    const { emitted } = await emitApart(['--import', leapingClock], '--planted', file);
    expect(differences(emitted)).toEqual([expect.stringMatching(/^planted: .*validators\.ts: line \d+: printed "/)]);
  });

  it('is not seen on a clock that stands still: the planted limit, and nothing else, is what differs', () => {
    expect(replayUntil(1_000, 'a\nb\nc', 'A\nB\nC', () => 0)).toBe('A\nB\nC');
    let nowMs = 0;
    const leap = () => {
      nowMs += 600;
      return nowMs;
    };
    expect(replayUntil(1_000, 'a\nb\nc', 'A\nB\nC', leap)).toBe('A\nb\nc');
  });
});
