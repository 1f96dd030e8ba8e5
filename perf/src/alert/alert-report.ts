/** What `npm run perf -- alert` leaves behind: JSON for programs, Markdown for people. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { formatMs } from '../duration.ts';
import type { MachineFacts } from '../report/report.ts';
import { reportsFolder } from '../report/write-report.ts';
import { alertPaths, boundMs } from './alert-paths.ts';
import {
  type AlertRun,
  type AlertVerdict,
  type PathSummary,
  runsPromised,
  type UnwatchedEvents,
} from './alert-summary.ts';

export interface AlertReport {
  readonly scenario: 'alert';
  readonly startedAt: string;
  readonly tookMs: number;
  readonly commit: string;
  readonly machine: Omit<MachineFacts, 'k6'> & { readonly tools: readonly string[] };
  /** The board's page in a browser, or its JSON where there is none. */
  readonly seenOn: 'page' | 'snapshot';
  readonly paths: readonly PathSummary[];
  readonly runs: readonly AlertRun[];
  /** Events while boards, Prometheus and Alertmanager were stopped; the median before that to compare with. */
  readonly unwatched: UnwatchedEvents & { readonly medianMs: number; readonly watchedMedianMs: number };
  readonly leftOut: readonly string[];
  /** About alerts that never showed. */
  readonly findings: readonly string[];
  readonly verdict: AlertVerdict;
}

const seconds = (ms: number | null | undefined) => (ms == null ? 'never' : (ms / 1_000).toFixed(1));
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const head = (cells: readonly string[]) => [row(cells), row(cells.map(() => '---'))];

/** Pure. */
export function alertMarkdown(report: AlertReport): string {
  const { verdict, paths, runs, machine, commit, unwatched, leftOut, findings, seenOn, tookMs } = report;
  const place = seenOn === 'page' ? "visible on the board's page in a browser" : 'in `/snapshot.json` of the board';
  return [
    `### ${verdict.passed ? 'Passed' : 'FAILED'}: performance, \`alert\``,
    '',
    `${verdict.because}.`,
    '',
    ...leftOut.map((each) => `- **${each}**`),
    ...(runs.length < runsPromised
      ? [`- **${runs.length} of the ${runsPromised} runs that the figure stands for**`]
      : []),
    '',
    `Seconds from exhausted retries (the function's own log line) to the alert ${place}. The promise of ${formatMs(boundMs)} decides; targets are reported.`,
    '',
    ...head(['through', 'runs', 'never', 'min', 'median', 'p95', 'max', 'target', '', 'promise']),
    ...paths.map((each) =>
      row([
        alertPaths[each.path].about,
        String(each.runs),
        String(each.neverShown),
        ...[each.minMs, each.medianMs, each.p95Ms, each.maxMs].map(seconds),
        seconds(each.targetMs),
        each.targetMet ? 'met' : 'MISSED',
        each.kept ? 'kept' : 'BROKEN',
      ]),
    ),
    '',
    ...head(['run', 'exhausted at', ...paths.map(({ path }) => path)]),
    ...runs.map(({ run, exhaustedAt, delaysMs }) =>
      row([String(run), exhaustedAt, ...paths.map(({ path }) => seconds(delaysMs[path]))]),
    ),
    '',
    ...findings.map((each) => `- ${each}`),
    ...(findings.length > 0 ? [''] : []),
    `With boards, Prometheus and Alertmanager stopped, ${unwatched.committed} of ${unwatched.sent} events were processed (median ${formatMs(unwatched.medianMs)}; ${formatMs(unwatched.watchedMedianMs)} just before).`,
    '',
    `${machine.cores} cores, ${[`Node ${machine.node}`, ...machine.tools].join(', ')}; commit ${commit}; took ${formatMs(tookMs)}.`,
    '',
  ].join('\n');
}

/** @returns the files */
export function writeAlertReport(report: AlertReport): { readonly jsonPath: string; readonly markdownPath: string } {
  mkdirSync(reportsFolder, { recursive: true });
  const written = { jsonPath: `${reportsFolder}alert.json`, markdownPath: `${reportsFolder}alert.md` };
  writeFileSync(written.jsonPath, `${JSON.stringify(report, null, 1)}\n`);
  writeFileSync(written.markdownPath, alertMarkdown(report));
  return written;
}
