/** The report in short, for a pull request. Pure. */
import { formatMs } from '../duration.ts';
import { failuresOf } from '../gate.ts';
import { latencyObjectives as bounds } from '../latency-objectives.ts';
import type { Report, RunReport } from './report.ts';

export function reportMarkdown(report: Report): string {
  const { scenario, verdict, settings, machine, commit, runs, integrity, findings } = report;
  const cells = (run: RunReport) => [
    run.label,
    run.verdict,
    ...bounds.map(({ metric }) => run.timings[metric]?.p95.toFixed(0) ?? '-'),
    run.timings.ProviderTime?.p95.toFixed(0) ?? '-',
    run.client.p95Ms.toFixed(0),
    String(run.client.dropped),
    `${(run.coldShare * 100).toFixed(1)} %`,
    run.cost === null ? '-' : run.cost.sumPerEventMs.toFixed(1),
    run.cost?.functionUnitsPerEvent?.toFixed(1) ?? '-',
    run.cost === null ? '-' : `${(run.cost.stolen * 100).toFixed(0)} / ${(run.cost.idle * 100).toFixed(0)} %`,
  ];
  const head = [
    'run',
    '',
    ...bounds.map(({ metric, underMs }) => `${metric} p95 (< ${underMs})`),
    'provider p95',
    'client p95',
    'dropped',
    'cold',
    'CPU-ms/event',
    'functions / reference loop',
    'stolen / idle',
  ];
  const row = (each: readonly string[]) => `| ${each.join(' | ')} |`;
  const broken = runs.flatMap((run) =>
    failuresOf(run.gates).map(
      ({ name, value, bound, by }) => `- ${run.label}: ${name} is ${value}, bound ${bound} (${by})`,
    ),
  );
  const integrityLines = failuresOf(integrity?.gates ?? []).map(
    ({ name, value, bound }) => `- ${name}: ${value}, bound ${bound}`,
  );
  return [
    `### ${verdict.passed ? 'Passed' : 'FAILED'}: performance, \`${scenario}\``,
    '',
    `${verdict.because}.`,
    '',
    `${settings.ratePerMinute} events/min (${settings.mode}), ${formatMs(settings.durationMs)} after ${formatMs(settings.warmUpMs)} of warm-up; up to ${settings.environments} environments x ${settings.concurrency}; ${machine.cores} cores, Node ${machine.node}, ${machine.k6}; commit ${commit}.`,
    '',
    row(head),
    row(head.map(() => '---')),
    ...runs.map((run) => row(cells(run))),
    '',
    ...findings.map((each) => `- ${each}`),
    ...broken,
    ...integrityLines,
    ...(integrity === null || integrityLines.length > 0
      ? []
      : [`- nothing lost, ${integrity.settled.entries} journal entries audited, no difference`]),
    '',
    '_Times in ms; provider, table, queue and Lambda host are stand-ins on one machine._',
    '',
  ].join('\n');
}
