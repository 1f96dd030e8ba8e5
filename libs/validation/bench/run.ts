/** Bundles the bench with typia's transform into a temporary directory, runs it there, and removes it. Plain Node runs this file. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { validatorsForEsbuild } from '../compiler/compile-validators.ts';
import type * as Bench from './validation.bench.ts';

const usage = `Usage: npm run bench -w libs/validation -- [options]
Compares typia, zod 4 and ajv 8 on one Plaid page: parse, validate, both.

  --transactions N  on the page (default 100)
  --rounds N        interleaved rounds (default 21)
  --slice-ms N      of each contender in each round (default 40)
  --out FILE        JSON report (default perf/reports/bench-validation.json)
  --help            this text
`;

/** @returns what `validation.bench.ts` exports, transformed; `close` removes the files */
export async function loadValidationBench(): Promise<{ readonly bench: typeof Bench; close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'quartersec-bench-'));
  const close = () => rm(directory, { recursive: true, force: true });
  try {
    const outfile = join(directory, 'validation.bench.mjs');
    await build({
      entryPoints: [join(import.meta.dirname, 'validation.bench.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      logLevel: 'error',
      plugins: [validatorsForEsbuild(join(import.meta.dirname, '../tsconfig.json'))],
    });
    return { bench: (await import(pathToFileURL(outfile).href)) as typeof Bench, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function positive(option: string, value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${option} needs a whole number above 0, not "${value}". --help lists the options.`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      transactions: { type: 'string', default: '100' },
      rounds: { type: 'string', default: '21' },
      'slice-ms': { type: 'string', default: '40' },
      out: { type: 'string', default: join(import.meta.dirname, '../../../perf/reports/bench-validation.json') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const options = {
    transactions: positive('transactions', values.transactions),
    rounds: positive('rounds', values.rounds),
    sliceMs: positive('slice-ms', values['slice-ms']),
  };
  const { bench, close } = await loadValidationBench();
  try {
    const report = bench.runValidationBench(options);
    const out = resolve(values.out);
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, `${JSON.stringify(report, null, 2)}\n`);
    process.stdout.write(`${bench.reportTable(report)}\nreport: ${out}\n`);
  } finally {
    await close();
  }
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
