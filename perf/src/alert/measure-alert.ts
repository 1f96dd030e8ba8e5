/** `npm run perf -- alert`: from exhausted retries to the alert on the board's page, again and again. */
import { setTimeout as sleepMs } from 'node:timers/promises';
import { cadence } from '@quartersec/sla';
import { readCommit, readMachineFacts } from '../machine-facts.ts';
import { buildBundles, root } from '../open-bench.ts';
import { quantile } from '../time-series.ts';
import type { Workplace } from '../workplace.ts';
import type { AlertReport } from './alert-report.ts';
import { type AlertRun, judgeAlerts, summarisePath, waitForPhaseMs } from './alert-summary.ts';
import { startBrowserViewer, startSnapshotViewer } from './board-viewer.ts';
import { findMonitoringTools } from './monitoring-tools.ts';
import { startWatchedSystem, type WatchedSystem } from './watched-system.ts';
import { startWatchers, type Watchers } from './watchers.ts';

const unwatchedEvents = 20;
/** The verdict is certain then, and each such run takes as long as the page is watched. */
const neverShownAtMost = 3;

/** @param mustBeComplete a missing tool is an error */
export async function measureAlert(runs: number, mustBeComplete: boolean, workplace: Workplace): Promise<AlertReport> {
  const { say, signal, keep } = workplace;
  const startedEpochMs = Date.now();
  const tools = findMonitoringTools();
  for (const sentence of tools.missing) say(sentence);
  if (mustBeComplete && tools.missing.length > 0) throw new Error(tools.missing.join('; '));
  say('building the functions');
  await buildBundles(root, signal);
  const system = keep(await startWatchedSystem(say, signal));
  const viewer = keep(tools.browser === undefined ? startSnapshotViewer() : await startBrowserViewer(tools.browser));
  const watch = () => {
    const starting = startWatchers({ ...workplace, systemUrl: system.url, tools, viewer });
    // Kept before it has started: an interruption must end also what is only half there
    keep({ close: async () => (await starting.catch(() => undefined))?.close() });
    return starting;
  };

  const measured: AlertRun[] = [];
  const findings: string[] = [];
  let next = watch();
  let last: Watchers | undefined;
  for (let run = 0; run < runs && measured.filter(neverShown).length < neverShownAtMost; run += 1) {
    await last?.close();
    last = await next;
    say(`run ${run + 1}/${runs}: waiting for boards and Prometheus to watch`);
    await last.ready();
    await sleepMs(waitForPhaseMs(Date.now(), run, runs, cadence.scrapeMs), undefined, { signal });
    say(`run ${run + 1}/${runs}: outage`);
    const exhaustedEpochMs = await system.exhaustRetries();
    const observing = last.delays(exhaustedEpochMs);
    if (run + 1 < runs) {
      next = watch();
      next.catch(() => {}); // reported when it is waited for
    }
    const delaysMs = await observing;
    for (const sentence of await last.explain(delaysMs)) findings.push(`run ${run + 1}: ${sentence}`);
    measured.push({ run: run + 1, exhaustedAt: new Date(exhaustedEpochMs).toISOString(), delaysMs });
    say(`run ${run + 1}/${runs}: ${told(delaysMs)}`);
  }
  if (last === undefined) throw new Error('no run');
  const unwatched = await sendUnwatched(system, last, say);
  const paths = last.paths.map((path) => summarisePath(path, measured));
  const { k6: _, ...machine } = readMachineFacts('');
  return {
    scenario: 'alert',
    startedAt: new Date(startedEpochMs).toISOString(),
    tookMs: Date.now() - startedEpochMs,
    commit: readCommit(root),
    machine: { ...machine, tools: tools.versions },
    seenOn: viewer.looksAt,
    paths,
    runs: measured,
    unwatched,
    leftOut: tools.missing,
    findings,
    verdict: judgeAlerts(paths, unwatched, viewer.paintsMs()),
  };
}

function neverShown({ delaysMs }: AlertRun): boolean {
  return Object.values(delaysMs).includes(null);
}

function told(delaysMs: AlertRun['delaysMs']): string {
  return Object.entries(delaysMs)
    .map(([path, delayMs]) => `${path} ${delayMs === null ? 'NEVER' : `${(delayMs / 1_000).toFixed(1)} s`}`)
    .join(', ');
}

/** The same events twice: with watchers that watch, then with watchers that stand still in the middle of what they did. */
async function sendUnwatched(system: WatchedSystem, { pids }: Watchers, say: (step: string) => void) {
  say('events while all that watches stands still');
  const before = await system.sendEvents(unwatchedEvents);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    const { sent, committed, tookMs } = await system.sendEvents(unwatchedEvents);
    const medianOf = (values: readonly number[]) => quantile(values, 0.5) ?? 0;
    return { sent, committed, medianMs: medianOf(tookMs), watchedMedianMs: medianOf(before.tookMs) };
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
}
