/** `npm run bench -- coldstart`: bundle sizes, and the time to the first answer of each function beside an empty one. */

import type { Arguments } from '@quartersec/command-line';
import { createProgress } from '../src/progress.ts';
import { measuredOn, renderTable, runAsCommand, wholeNumber, writeReport } from './bench-report.ts';
import { bundleSize, readBundle } from './bundle-size.ts';
import {
  type ColdStartRow,
  limits,
  renderColdStarts,
  renderVerdicts,
  summariseColdStarts,
} from './coldstart-summary.ts';
import {
  type BenchSystem,
  bundleFolder,
  callSimulator,
  closeOnSignal,
  deployEmptyHandler,
  startBenchSystem,
} from './testing/bench-system.ts';
import { type ColdStart, isCommitted, measureColdStart } from './testing/cold-start.ts';
import { startTlsFronts } from './testing/tls-fronts.ts';

const usage = `npm run bench -- coldstart [options]
Size of each function's bundle, and the time from process spawn to the first answer (files in the page cache, a provider that
answers at once), beside an empty Node handler, in turns.
  --rounds N   of all functions in turn, 7 at least (default 11)
  --tls        \`process\` alone, with table and provider behind TLS (needs openssl)
Report: perf/reports/bench-coldstart.json
`;

const leastRounds = 7;
const emptyName = 'empty';
/** AWS's services are warm when a function is cold: so are the stand-ins, or their compiler would be measured with it. */
const warmUpEvents = 400;

const options = {
  rounds: { type: 'string', default: '11' },
  tls: { type: 'boolean', default: false },
} as const;

async function runColdStartBench({ values }: Arguments<typeof options>): Promise<void> {
  const rounds = wholeNumber('rounds', values.rounds, leastRounds);
  const progress = createProgress(process.stdout, () => performance.now());
  const fronts = values.tls ? await startTlsFronts() : undefined;
  const system = await startBenchSystem({
    seed: 1,
    connections: 4,
    functionTimeoutMs: 10_000,
    onProgress: progress.step,
    ...(fronts && { processEnvironment: fronts.environment }),
  });
  fronts?.leadTo(system);
  const release = closeOnSignal(system);
  try {
    await deployEmptyHandler(system, emptyName);
    await callSimulator(system, '/latency', { medianMs: 0, p99Ms: 0 });
    progress.step('warming up table, provider and host');
    for (let event = 0; event < warmUpEvents; event += 1) await runEvent(system, `conn-${1 + (event % 3)}`);
    const probes = createProbes(system).filter(({ name }) => !values.tls || name !== 'query');
    const starts = new Map(probes.map(({ name }): [string, ColdStart[]] => [name, []]));
    // The first round only brings every file into the page cache.
    for (let round = 0; round <= rounds; round += 1) {
      progress.step(round === 0 ? 'reading the files once' : `starting cold: round ${round}/${rounds}`);
      for (const { name, event, isAnswered } of probes) {
        const start = await measureColdStart(system.host, name, event, isAnswered);
        if (round > 0) starts.get(name)?.push(start);
      }
    }
    progress.done();
    const rows: ColdStartRow[] = probes.map(({ name, kind, size }) => ({
      name,
      kind,
      ...size(),
      firstAnswerMs: (starts.get(name) ?? []).map(({ firstAnswerMs }) => firstAnswerMs),
      initMs: (starts.get(name) ?? []).map(({ initMs }) => initMs),
    }));
    const summary = summariseColdStarts(rows, emptyName);
    const machine = measuredOn();
    const file = writeReport('coldstart', { bench: 'coldstart', measuredOn: machine, rounds, limits, summary, rows });
    const { cpuModel, cores, node, loadAverage, commit, note } = machine;
    process.stdout.write(
      `${renderTable(renderColdStarts(summary))}\nmedians of ${rounds} rounds in turns${values.tls ? ', over TLS' : ''}; ` +
        `${cores} x ${cpuModel}, Node ${node}, load ${loadAverage.toFixed(1)}, commit ${commit}\n${note}\n` +
        `${renderVerdicts(summary).join('\n')}\nreport: ${file}\n`,
    );
  } finally {
    progress.done();
    release();
    await system.close();
    await fronts?.close();
  }
}

/** An event of another connection than the measured one. */
async function runEvent(system: BenchSystem, connectionId: string): Promise<void> {
  const answer = await fetch(system.processUrl, { method: 'POST', body: JSON.stringify({ connectionId }) });
  await answer.arrayBuffer();
}

interface Probe {
  readonly name: string;
  readonly kind: ColdStartRow['kind'];
  readonly event: unknown;
  isAnswered(payload: string): boolean;
  size(): Pick<ColdStartRow, 'initBytes' | 'totalBytes'>;
}

function createProbes(system: BenchSystem): readonly Probe[] {
  const event = { connectionId: 'conn-0' };
  const bundle = (name: 'process' | 'query') => () => bundleSize(readBundle(bundleFolder(name)), 'index.mjs');
  const answersWell = (payload: string) => payload.includes('"statusCode":200');
  return [
    {
      name: emptyName,
      kind: 'reference',
      event,
      isAnswered: answersWell,
      size: () => ({ initBytes: 0, totalBytes: 0 }),
    },
    { name: 'process', kind: 'function', event, isAnswered: isCommitted, size: bundle('process') },
    { name: 'query', kind: 'function', event: queryRequest(system), isAnswered: answersWell, size: bundle('query') },
  ];
}

/** A reader's own request, as the function URL hands it over: the token is verified and the table read. */
function queryRequest(system: BenchSystem): unknown {
  return {
    version: '2.0',
    rawPath: '/v1/accounts',
    rawQueryString: 'connection=conn-0',
    headers: { authorization: `Bearer ${system.tokenFor('user-0')}` },
    requestContext: { http: { method: 'GET', path: '/v1/accounts' } },
    isBase64Encoded: false,
  };
}

await runAsCommand({ usage, options }, runColdStartBench);
