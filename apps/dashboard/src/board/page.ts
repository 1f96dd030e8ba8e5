/** The page before its script runs: it has its verdict already, so the first paint says what matters. Pure. */
import { chartRanges } from './charts.ts';
import { escapeHtml } from './escape-html.ts';
import type { RangeData, Snapshot } from './snapshot.ts';

/** What the script starts with, so that it need not ask first. */
export interface FirstData {
  readonly snapshot: Snapshot;
  readonly charts: RangeData;
}

/** JSON that cannot end the element it stands in. */
function inlineJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

const rangeChoices = chartRanges
  .map(
    ({ id, title }, index) =>
      `<label><input type="radio" name="range" value="${id}"${index === 0 ? ' checked' : ''}><span>${title}</span></label>`,
  )
  .join('');

const sourceNotes = {
  system:
    'Measured on this machine, with stand-ins for AWS (Lambda host, DynamoDB, DAX) and for the provider. They prove behaviour and relative gain, not the latencies of AWS.',
  prometheus:
    'As Prometheus has scraped the deployed system. The round trip contains the provider, whose time is its own.',
} as const;

export function boardPage(first: FirstData): string {
  const { snapshot } = first;
  const { verdict, source } = snapshot;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(verdict.announced)} · quartersec</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/board.css">
<script type="module" src="/board.js"></script>
</head>
<body data-level="${verdict.level}">
<header>
<h1>quartersec <span>SLA board</span></h1>
${source.kind === 'system' ? '<p><a href="/user">A user\'s page</a></p>\n' : ''}<p id="source">${escapeHtml(source.url)}</p>
</header>
<main>
<section id="verdict" data-status="${verdict.level}" aria-label="Verdict">
<span class="mark" aria-hidden="true"></span>
<div>
<p id="headline">${escapeHtml(verdict.headline)}</p>
<p id="detail">${escapeHtml(verdict.detail)}</p>
</div>
<p id="announced" class="heard" role="status" aria-live="polite">${escapeHtml(verdict.announced)}</p>
</section>
<section id="fault" aria-label="Try it" hidden></section>
<ul id="warnings" aria-label="Warnings about the figures" hidden></ul>
<div class="columns">
<section id="alerts-card" aria-labelledby="alerts-title">
<h2 id="alerts-title">Alerts</h2>
<div id="alerts"></div>
</section>
<div>
<section aria-labelledby="objectives-title">
<h2 id="objectives-title">Objectives</h2>
<div id="objectives"></div>
</section>
<section aria-labelledby="errors-title">
<h2 id="errors-title">Latest errors</h2>
<div id="errors"></div>
</section>
</div>
</div>
<section id="connections-card" aria-labelledby="connections-title"${snapshot.connections === undefined ? ' hidden' : ''}>
<h2 id="connections-title">Connections</h2>
<div id="connections"></div>
</section>
<p id="note">${escapeHtml(sourceNotes[source.kind])}</p>
<section aria-labelledby="charts-title">
<div class="heading">
<h2 id="charts-title">Over time</h2>
<fieldset id="ranges"><legend>Time shown</legend>${rangeChoices}</fieldset>
</div>
<div id="charts"></div>
</section>
</main>
<p id="point" class="heard" role="status" aria-live="polite"></p>
<footer>
<p><a href="/snapshot.json">/snapshot.json</a> has the same for programs. Alertmanager and Grafana may send their notices to <code>/alertmanager</code>.</p>
</footer>
<noscript><p>The figures and charts need JavaScript. <a href="/snapshot.json">The same as JSON</a>.</p></noscript>
<script type="application/json" id="first">${inlineJson(first)}</script>
</body>
</html>
`;
}
