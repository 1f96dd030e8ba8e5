/** `npm run bench -- dax`: repeat reads through DAX beside the same reads from the table, and what a node carries. */
import { parseArgs } from 'node:util';
import { objectives } from '@quartersec/sla';
import { createProgress } from '../src/progress.ts';
import { failedGateExitCode } from '../src/verdict.ts';
import { measuredOn, renderTable, runAsCommand, wholeNumber, writeReport } from './bench-report.ts';
import { keepsObjective } from './dax-summary.ts';
import {
  type MeasuredLoad,
  type MeasuredReads,
  measureLoad,
  measureReads,
  startBenchStand,
} from './testing/cache-bench.ts';

/** What DynamoDB typically takes for a read of one item. */
const slowedByMs = 4;
const loads = [32, 1_000];

/** For the table that answers as DynamoDB does; not a gate. */
const slowedTarget = 0.8;
const sizes = { items: 200, itemBytes: 2_800 };
const leastReads = 500;
/** Of each way: below that the compiler is measured, not the code. */
const warmUpReads = 3_000;
const loadMs = 4_000;
/** As the other gates: a failed run is repeated up to twice. */
const runsAtMost = 3;
const standIn =
  'the DAX node is a stand-in: protocol and relative gain, not the latencies of AWS; table, node and reader share one machine';

const usage = `npm run bench -- dax [options]
The same items read by the functions' own code through the sandbox's DAX node and directly, one call at a time, in turns; every
read through DAX is proven a hit by the node's own counters. Once with the embedded table, once with each of its answers
${slowedByMs} ms later, as DynamoDB's take. Then reads of ${loads.join(' and ')} connections at once.
  --reads N   of each way, per table and run (default 1500)
  --gate      only the reads; exit code ${failedGateExitCode} unless p50 and p95 are less by ${percent(objectives.cache.fasterByAtLeast)}, in one of ${runsAtMost} runs
Report: perf/reports/bench-dax.json
`;

interface TableResult extends MeasuredReads {
  readonly table: string;
  readonly tableDelayMs: number;
  readonly runs: number;
}

async function runDaxBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      reads: { type: 'string', default: '1500' },
      gate: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const reads = wholeNumber('reads', values.reads, leastReads);
  const progress = createProgress(process.stdout, () => performance.now());
  const tables: TableResult[] = [];
  const measuredLoads: MeasuredLoad[] = [];
  for (const [table, tableDelayMs] of [
    ['embedded table', 0],
    [`answers ${slowedByMs} ms later`, slowedByMs],
  ] as const) {
    progress.step(`${table}: starting`);
    const stand = await startBenchStand(tableDelayMs, sizes);
    const stop = async () => {
      await stand.close();
      process.exit(130);
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
    try {
      progress.step(`${table}: warming up`);
      for (let turn = 0; turn < (tableDelayMs === 0 ? warmUpReads : leastReads); turn += 1) {
        for (const way of ['dax', 'direct'] as const) await stand.read(way, turn % sizes.items);
      }
      let runs = 0;
      let measured: MeasuredReads;
      do {
        runs += 1;
        progress.step(`${table}: ${reads} reads each way, run ${runs}/${runsAtMost}`);
        measured = await measureReads(stand, reads);
      } while (!keepsObjective(measured) && runs < runsAtMost);
      tables.push({ table, tableDelayMs, runs, ...measured });
      if (tableDelayMs === 0 && !values.gate) {
        for (const connections of loads) {
          progress.step(`${connections} connections`);
          measuredLoads.push(await measureLoad(stand, connections, loadMs));
        }
      }
    } finally {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
      await stand.close();
    }
  }
  progress.done();

  const passed = tables.every(keepsObjective);
  const { go: _, note, ...machine } = measuredOn('');
  const atLeast = objectives.cache.fasterByAtLeast;
  const report = { bench: 'dax', note: standIn, machine, atLeast, slowedTarget, passed, tables, loads: measuredLoads };
  const file = writeReport('dax', report);
  process.stdout.write(renderTable(tableRows(tables)));
  if (measuredLoads.length > 0) process.stdout.write(`\n${renderTable(loadRows(measuredLoads))}`);
  process.stdout.write(
    `\n${standIn}\nevery read through DAX was a hit by the node's own counters\n` +
      `p50 and p95 at least ${percent(atLeast)} less: ${passed ? 'kept' : 'NOT KEPT'}\nreport: ${file}\n`,
  );
  if (values.gate && !passed) process.exitCode = failedGateExitCode;
}

function tableRows(tables: readonly TableResult[]): readonly (readonly string[])[] {
  const ms = (value: number) => value.toFixed(2);
  return [
    ['repeat reads', 'DAX p50', 'p95 ms', 'direct p50', 'p95 ms', 'p50 less by', 'p95 less by', 'CPU of the node'],
    ...tables.map(({ table, dax, direct, reduction, nodeCpuMsPerRead }) => [
      table,
      ms(dax.p50Ms),
      ms(dax.p95Ms),
      ms(direct.p50Ms),
      ms(direct.p95Ms),
      percent(reduction.p50),
      percent(reduction.p95),
      microseconds(nodeCpuMsPerRead),
    ]),
  ];
}

function loadRows(measured: readonly MeasuredLoad[]): readonly (readonly string[])[] {
  return [
    ['hits, as many as go', 'a second', 'CPU of the node', 'a second and core'],
    ...measured.map(({ connections, operationsPerSecond, nodeCpuMsPerOperation }) => [
      `${connections} connections`,
      String(operationsPerSecond),
      microseconds(nodeCpuMsPerOperation),
      nodeCpuMsPerOperation ? String(Math.round(1_000 / nodeCpuMsPerOperation)) : '-',
    ]),
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function microseconds(ms: number | undefined): string {
  return ms === undefined ? '-' : `${(ms * 1_000).toFixed(0)} µs`;
}

await runAsCommand(runDaxBench);
