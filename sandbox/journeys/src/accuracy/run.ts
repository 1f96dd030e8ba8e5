/** `npm run bench -- accuracy`: how often insights are right, and how many of the facts they tell, on households whose truth is known. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runCommand } from '@quartersec/command-line';
import { validatorsForEsbuild } from '@quartersec/validation/compiler';
import { compileOnce, storeIn } from '@quartersec/validation/compiler/once';
import { build } from 'esbuild';
import type { AccuracySummary, KindSummary } from './accuracy-summary.ts';
import type * as Judge from './judge-seeds.ts';

const usage = `npm run bench -- accuracy [options]
Walks through labelled households of the simulator and judges each insight told: found, missed, wrong, by kind.

  --seeds A..B      households (default 300000..300039: of the seeds that nobody tunes on, 300000..300199; tune on 1..199999)
  --step-days N     days between two looks (default 3)
  --explain SEED    prints each wrong thing of one household, or of a file of libs/insights/ledgers, with its movements
  --kind NAME       of --explain: this kind alone
  --help            this text
`;

const root = join(import.meta.dirname, '../../../../');

/** @returns the judge, with validators compiled in; `close` removes the files */
export async function loadJudge(): Promise<{ readonly judge: typeof Judge; close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'quartersec-accuracy-'));
  const close = () => rm(directory, { recursive: true, force: true });
  try {
    const outfile = join(directory, 'judge.mjs');
    const compiled = compileOnce(storeIn(join(root, '.cache/validators')));
    await build({
      entryPoints: [join(import.meta.dirname, 'judge-seeds.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      logLevel: 'error',
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      plugins: [validatorsForEsbuild(join(root, 'libs/validation/tsconfig.json'), compiled)],
    });
    return { judge: (await import(pathToFileURL(outfile).href)) as typeof Judge, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function seedsOf(text: string): number[] {
  const [, from = '', until = ''] = /^(\d{1,7})\.\.(\d{1,7})$/.exec(text) ?? [];
  if (from === '' || Number(until) < Number(from)) throw new Error(`--seeds must be like 1..200, not ${text}`);
  return Array.from({ length: Number(until) - Number(from) + 1 }, (_, index) => Number(from) + index);
}

const cell = (percent: number | null): string => (percent === null ? '-' : percent.toFixed(1));

function tableOf(kinds: Readonly<Record<string, KindSummary>>): string {
  const rows = Object.entries(kinds).map(([kind, each]) => [
    kind,
    String(each.planted),
    String(each.found),
    String(each.told),
    String(each.wrong),
    cell(each.precisionPercent),
    cell(each.recallPercent),
  ]);
  return renderTable([['', 'planted', 'found', 'told', 'wrong', 'precision %', 'recall %'], ...rows]);
}

function render(summary: AccuracySummary): string {
  const { transfers, alarms } = summary;
  const reasons = Object.entries(summary.reasons).flatMap(([kind, list]) => [
    `\n${kind}\n`,
    ...list
      .slice(0, 12)
      .map(({ why, times, seeds }) => `  ${String(times).padStart(5)}  ${why}  (seeds ${seeds.join(', ')})\n`),
  ]);
  return [
    `${summary.households} households\n\n`,
    tableOf(summary.kinds),
    `\nnext payments inside the band told: ${cell(summary.bandPercent)} %\n`,
    `missed-payment alarms: ${alarms.alarms}, ${alarms.early} before a payment that came inside its band\n`,
    `own transfers: ${transfers.paired} of ${transfers.planted} paired, ${transfers.counted} counted as spending or income; `,
    `${transfers.wrong} of ${transfers.leaving} taken for own were none; ${transfers.swallowed} of ${transfers.persons} persons' payments swallowed\n`,
    '\nenriched\n',
    tableOf(summary.byEnrichment.enriched),
    '\nraw\n',
    tableOf(summary.byEnrichment.raw),
    '\nby country\n',
    tableOf(summary.byCountry),
    ...reasons,
  ].join('');
}

function renderLedger({ kinds, transfers, reasons }: AccuracySummary): string {
  const lines = Object.entries(reasons).flatMap(([kind, list]) =>
    list.map(({ why, times }) => `  ${String(times).padStart(5)}  ${kind}: ${why}\n`),
  );
  const own = `own transfers: ${transfers.paired} of ${transfers.planted} paired, ${transfers.wrong} of ${transfers.leaving} taken for own were none\n`;
  return tableOf(kinds) + own + lines.join('');
}

const ledgers = new URL('../../../../libs/insights/ledgers/', import.meta.url);
const reportFile = 'perf/reports/bench-accuracy.json';

/** Columns, the first to the left, figures to the right. */
function renderTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const cellOf = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => `${row.map(cellOf).join('  ').trimEnd()}\n`).join('');
}

/** @throws {Error} naming the option and what it must be */
function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Error(`--${option} must be a whole number from 1, not ${text}`);
}

const text = { type: 'string' } as const;

await runCommand(
  {
    name: 'bench',
    usage,
    options: {
      seeds: { ...text, default: '300000..300039' },
      'step-days': { ...text, default: '3' },
      explain: text,
      kind: text,
    },
    argumentsAtMost: 0,
  },
  async ({ values }) => {
    const stepDays = wholeNumber('step-days', values['step-days']);
    const { judge, close } = await loadJudge();
    try {
      if (values.explain !== undefined) {
        process.stdout.write(judge.explainSubject(values.explain, ledgers, stepDays, values.kind ?? null));
        return;
      }
      const seeds = seedsOf(values.seeds);
      const startedMs = performance.now();
      const verdicts = seeds.map((seed) => judge.judgeSeed(seed, stepDays));
      const summary = judge.summarise(verdicts);
      const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
      process.stdout.write(render(summary));
      const rebuilt = verdicts.reduce((sum, each) => sum + each.rebuilt, 0);
      process.stdout.write(`\n${seconds} s, ${rebuilt} states made anew\n`);
      const public_ = judge
        .judgeLedgers(ledgers, stepDays)
        .map(({ file, verdict }) => ({ file, ...judge.summarise([verdict]) }));
      for (const { file, ...ledger } of public_) process.stdout.write(`\n${file}\n${renderLedger(ledger)}`);
      const report = { seeds: values.seeds, stepDays, seconds, ...summary, ledgers: public_ };
      await mkdir(join(root, 'perf/reports'), { recursive: true });
      await writeFile(join(root, reportFile), `${JSON.stringify(report, null, 2)}\n`);
      process.stdout.write(`${reportFile}\n`);
    } finally {
      await close();
    }
  },
);
