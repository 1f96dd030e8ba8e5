/** The report as one page that needs nothing else: pictures first, then every figure. Pure. */
import { formatMs } from '../duration.ts';
import type { Gate } from '../gate.ts';
import { latencyObjectives } from '../latency-objectives.ts';
import type { Slice } from '../time-series.ts';
import { escapeHtml as e } from './escape-html.ts';
import { type Chart, lineChart } from './line-chart.ts';
import { pageStyle } from './page-style.ts';
import type { Report, RunReport } from './report.ts';

/** A chart that shows more than this many times its bound shows the bound no more. */
const cutAtBounds = 4;

export function reportPage(report: Report): string {
  const { scenario, about, verdict, machine, settings, commit, startedAt } = report;
  const facts: readonly (readonly [string, string])[] = [
    [
      'load',
      `${settings.ratePerMinute.toLocaleString('en')} events/min, ${settings.mode === 'batch' ? 'ten a request through the queue' : 'one a request'}`,
    ],
    ['duration', `${formatMs(settings.durationMs)} after ${formatMs(settings.warmUpMs)} of warm-up`],
    [
      'spread',
      `${settings.connections} connections, up to ${settings.environments} environments of ${settings.concurrency} invocations at once${settings.dax ? ', heads through DAX' : ''}`,
    ],
    [
      'machine',
      `${machine.cores} cores, ${machine.cpuModel}, ${gib(machine.memoryBytes)} of memory, ${machine.system}`,
    ],
    ['versions', `Node ${machine.node}, ${machine.k6}`],
    ['commit', commit],
    ['started', startedAt],
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${e(scenario)}: ${verdict.passed ? 'passed' : 'failed'} - quartersec performance</title><style>${pageStyle}</style></head><body><main>
<header><p class="badge ${verdict.passed ? 'good' : 'bad'}">${verdict.passed ? 'PASSED' : 'FAILED'}</p>
<h1>${e(scenario)}</h1><p>${e(about)}</p><p class="${verdict.fellBack ? 'loud' : ''}">${e(verdict.because)}</p></header>
<dl>${facts.map(([name, value]) => `<dt>${e(name)}</dt><dd>${e(value)}</dd>`).join('')}</dl>
${report.findings.length === 0 ? '' : `<section><h2>Findings</h2><ul>${report.findings.map((each) => `<li>${e(each)}</li>`).join('')}</ul></section>`}
${report.runs.map(runSection).join('\n')}
${integritySection(report)}
${report.fallbackGates.length === 0 ? '' : `<section><h2>CPU instead of latency</h2>${gateTable(report.fallbackGates)}</section>`}
<footer>Provider, table, queue and Lambda host are stand-ins on one machine: these figures prove the code and its relative cost, not the latencies of AWS.</footer>
</main></body></html>
`;
}

function runSection(run: RunReport): string {
  return `<section class="run"><h2>${e(run.label)} <span class="badge ${run.verdict === 'green' ? 'good' : run.verdict}">${run.verdict}</span></h2>
${chartsOf(run).map(lineChart).join('\n')}
<div class="columns"><div><h3>Timings, ms</h3>${timingTable(run)}</div><div><h3>Counts</h3>${countTable(run)}</div></div>
${run.cost === null ? '' : `<h3>CPU</h3>${costTable(run.cost)}`}
<details ${run.verdict === 'green' ? '' : 'open'}><summary>${run.gates.length} bounds</summary>${gateTable(run.gates)}</details></section>`;
}

function chartsOf(run: RunReport): Chart[] {
  const lineOf = (name: string, style: 'p50' | 'p95' | 'p99', read: (slice: Slice) => number, label: string) => ({
    name: label,
    style,
    points: (run.overTime[name] ?? []).map((slice) => [slice.atSeconds, read(slice)] as const),
  });
  const bounded = latencyObjectives.map(({ metric, percentile, underMs, title }) => ({
    title: `${title} over time`,
    unit: 'ms',
    cutAt: underMs * cutAtBounds,
    bound: { value: underMs, label: `p${percentile * 100} < ${underMs}` },
    lines: [
      lineOf(metric, 'p50', ({ values }) => values.p50, 'p50'),
      lineOf(metric, 'p95', ({ values }) => values.p95, 'p95'),
      lineOf(metric, 'p99', ({ values }) => values.p99, 'p99'),
    ],
  }));
  const unbounded = (['ProviderTime', 'QueueAge'] as const)
    .filter((name) => (run.overTime[name] ?? []).length > 0)
    .map((name) => ({
      title: name === 'ProviderTime' ? "The provider's share of it" : 'Age in the queue',
      unit: 'ms',
      lines: [
        lineOf(name, 'p50', ({ values }) => values.p50, 'p50'),
        lineOf(name, 'p95', ({ values }) => values.p95, 'p95'),
      ],
    }));
  const { cost } = run;
  const machine: Chart[] =
    cost === null
      ? []
      : [
          {
            title: 'The machine',
            unit: '% of CPU',
            lines: [
              {
                name: 'stolen',
                style: 'p99',
                points: cost.overTime.map(({ atSeconds, stolen }) => [atSeconds, stolen * 100]),
              },
              {
                name: 'idle',
                style: 'calm',
                points: cost.overTime.map(({ atSeconds, idle }) => [atSeconds, idle * 100]),
              },
            ],
          },
        ];
  return [...bounded, ...unbounded, ...machine];
}

function integritySection({ integrity }: Report): string {
  if (integrity === null) return '';
  const { account, entries, drainedMs, findings } = integrity.settled;
  const { lost, ...places } = account;
  const words = Object.entries(places)
    .filter(([, count]) => count > 0)
    .map(([place, count]) => `${count} ${place}`);
  return `<section><h2>Nothing lost</h2><p>${e(
    `${words.length === 0 ? 'Events were answered one by one' : `Events: ${words.join(', ')}, ${lost.length} lost`}; quiet after ${formatMs(drainedMs)}; ${entries} journal entries audited.`,
  )}</p>${gateTable(integrity.gates)}${findings.map((each) => `<p><code>${e(each)}</code></p>`).join('')}</section>`;
}

function timingTable({ timings, client }: RunReport): string {
  const rows = Object.entries(timings).map(([name, { p50, p95, p99, max, count }]) => [
    name,
    ms(p50),
    ms(p95),
    ms(p99),
    ms(max),
    String(count),
  ]);
  rows.push([
    'client (k6)',
    ms(client.p50Ms),
    ms(client.p95Ms),
    ms(client.p99Ms),
    ms(client.maxMs),
    String(client.requests),
  ]);
  return table(['', 'p50', 'p95', 'p99', 'max', 'values'], rows);
}

function countTable({ counts, client, coldShare }: RunReport): string {
  const rows = Object.entries(counts).map(([name, count]) => [name, String(count)]);
  rows.push(['cold share', `${(coldShare * 100).toFixed(2)} %`]);
  rows.push(['requests dropped', String(client.dropped)]);
  rows.push(['requests failed', `${(client.failedShare * 100).toFixed(2)} %`]);
  return table(['', 'total'], rows);
}

function costTable(cost: NonNullable<RunReport['cost']>): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const rows = Object.entries(cost.perEventMs).map(([part, each]) => [
    part,
    each.toFixed(2),
    mib(cost.memoryBytes[part]),
  ]);
  rows.push(['an event in all', cost.sumPerEventMs.toFixed(2), '']);
  const reference =
    cost.referenceCpuMsPerUnit === null
      ? ''
      : ` One unit of the reference process cost ${cost.referenceCpuMsPerUnit.toFixed(2)} CPU-ms: an event costs ${cost.unitsPerEvent?.toFixed(2)} units, ${cost.functionUnitsPerEvent?.toFixed(2) ?? 'unknown'} of them in the functions.`;
  return `${table(['part', 'CPU-ms per event', 'memory at the end'], rows)}<p>${percent(cost.stolen)} stolen, ${percent(cost.idle)} idle, ${percent(cost.others)} used by other processes.${e(reference)}</p>`;
}

function gateTable(gates: readonly Gate[]): string {
  return table(
    ['', 'bound', 'by', 'value', 'limit'],
    gates.map(({ name, by, value, bound, passed }) => [passed ? 'kept' : 'BROKEN', name, by, value, bound]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: 'td' | 'th') =>
    `<tr>${row.map((cell) => `<${tag}${cell === 'BROKEN' ? ' class="broken"' : ''}>${e(cell)}</${tag}>`).join('')}</tr>`;
  return `<table><thead>${cells(head, 'th')}</thead><tbody>${rows.map((row) => cells(row, 'td')).join('')}</tbody></table>`;
}

const ms = (value: number) => value.toFixed(1);
const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(0)} GiB`;
const mib = (bytes: number | undefined) => (bytes === undefined ? '' : `${(bytes / 2 ** 20).toFixed(0)} MiB`);
