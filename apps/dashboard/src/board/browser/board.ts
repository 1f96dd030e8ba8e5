/** The page: shows each snapshot that the board sends, and says so when none comes. */
import 'uplot/dist/uPlot.min.css';
import './base.css';
import './board.css';
import './connections.css';
import { age } from '../figures.ts';
import type { FirstData } from '../page.ts';
import type { RangeData, Snapshot, Verdict } from '../snapshot.ts';
import { tellAges } from './ages.ts';
import { showAlerts } from './alerts.ts';
import { Charts } from './charts.ts';
import { showConnections } from './connections.ts';
import { byId, element, setText, show } from './dom.ts';
import { showErrors } from './errors.ts';
import { showFaultSwitch } from './fault-switch.ts';
import { showObjectives } from './objectives.ts';

/** The board sends a snapshot a second. */
const silentAfterMs = 4_000;
const chartsEveryMs = 5_000;

const { snapshot, charts: firstCharts } = JSON.parse(byId('first').textContent ?? '') as FirstData;
const charts = new Charts();
let latest = snapshot;
let receivedMs = performance.now();
let range = firstCharts.range;
let chartsDueMs = 0;

function showVerdict({ level, headline, announced, detail }: Verdict): void {
  document.body.dataset.level = level;
  byId('verdict').dataset.status = level;
  setText(byId('headline'), headline);
  setText(byId('detail'), detail);
  setText(byId('announced'), announced);
  document.title = `${announced} · quartersec`;
}

/** @param sinceMs how long ago the snapshot came: its data have aged by so much */
function showSource({ source, atEpochMs }: Snapshot, sinceMs: number): void {
  const what = source.kind === 'system' ? 'a system on this machine' : 'Prometheus';
  const dataAge = source.dataAgeMs === null ? 'no data yet' : `data of ${age(source.dataAgeMs + sinceMs)} ago`;
  setText(byId('source'), `${what}, ${source.url} · ${dataAge} · ${new Date(atEpochMs).toLocaleTimeString('en-GB')}`);
  const warnings = byId('warnings');
  warnings.hidden = source.warnings.length === 0;
  show(warnings, source.warnings, () => source.warnings.map((warning) => element('li', {}, warning)));
}

function showAll(): void {
  const { verdict, objectives, alerts, faultSwitch } = latest;
  const old = latest.source.status === 'stale' || latest.source.status === 'disconnected';
  showVerdict(verdict);
  showSource(latest, 0);
  showObjectives(objectives, old);
  showConnections(latest, old);
  showAlerts(alerts);
  showFaultSwitch(faultSwitch);
  showErrors(latest);
  tellAges(latest.atEpochMs);
}

async function readCharts(): Promise<void> {
  const wanted = range;
  chartsDueMs = performance.now() + chartsEveryMs;
  try {
    const response = await fetch(`/charts.json?range=${wanted}`);
    if (response.ok && wanted === range) charts.show((await response.json()) as RangeData);
  } catch {
    // The board does not answer: said by the verdict, and asked again
  }
}

showAll();
charts.show(firstCharts);

const events = new EventSource('/events-stream');
events.addEventListener('snapshot', ({ data }) => {
  latest = JSON.parse(data as string) as Snapshot;
  receivedMs = performance.now();
  showAll();
});

byId('ranges').addEventListener('change', ({ target }) => {
  range = (target as HTMLInputElement).value;
  void readCharts();
});

setInterval(() => {
  const silentMs = performance.now() - receivedMs;
  if (silentMs > silentAfterMs) {
    const detail = `No word from the board for ${age(silentMs)}. The figures below are the last that were seen; the page keeps trying.`;
    const headline = 'Disconnected: the board does not answer';
    showVerdict({ level: 'disconnected', headline, announced: headline, detail });
    showObjectives(latest.objectives, true);
    showConnections(latest, true);
  }
  if (silentMs > silentAfterMs) showSource(latest, silentMs);
  if (silentMs > silentAfterMs || document.hidden) return;
  tellAges(latest.atEpochMs + silentMs);
  if (performance.now() >= chartsDueMs) void readCharts();
}, 500);
