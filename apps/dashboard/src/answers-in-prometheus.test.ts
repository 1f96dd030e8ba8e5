/**
 * A real Prometheus and a real Alertmanager with the rendered configuration, over metrics that this file serves. Everything
 * is slow and fails here, so every panel has something to show and every alert but the dead man fires.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  alerts,
  bucketBoundsMs,
  countMetrics,
  isBlamed,
  type LiveSeries,
  type PrometheusRuleFile,
  prometheusExposition,
  services,
  timingMetrics,
} from '@quartersec/sla';
import {
  freePort,
  howToGetPrometheus,
  prometheusMissing,
  type RunningPrometheus,
  runPrometheus,
  temporaryDirectory,
} from '@quartersec/sla/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runToolCheck, toolChecks } from './check-tools.ts';
import { prometheusConfigPath, prometheusRulesPath, type RenderedFile, renderFiles } from './rendered-files.ts';

const alertmanagerCommand = ['prometheus-alertmanager', 'alertmanager'].find(
  (command) => spawnSync(command, ['--version']).error === undefined,
);
const leftOut = [
  ...(prometheusMissing ? [howToGetPrometheus] : []),
  ...(alertmanagerCommand === undefined
    ? ['LEFT OUT: needs alertmanager, apt-get install prometheus-alertmanager']
    : []),
].join('; ');

/** Rules that are rightly without an answer, each with its reason. */
const quietRules = {
  NoMetrics: 'There are metrics',
  BacklogOld: 'No message is old',
  FreshnessFastBurn: 'All data are fresh',
  FreshnessSlowBurn: 'All data are fresh',
  FreshnessLongBurn: 'All data are fresh',
};
/** Those that need not hold for longer than a test may take. */
const firingAtOnce = alerts.filter(({ name, holdMs }) => holdMs === 0 && !Object.hasOwn(quietRules, name));

/** What stands in the place of Grafana's variables. Windows of a minute: there are only a few scrapes. */
const chosen: readonly (readonly [string, string])[] = [
  ['$__rate_interval', '1m'],
  ['$__range', '1m'],
  ['$provider', 'plaid|tink'],
  ['$service', 'process'],
];

/** Grows with each scrape: 400 events of 10 ms to 5 s, of which one in eight fails; the cache hits once in a hundred. */
function seriesAfter(scrapes: number): LiveSeries {
  const labels = services.flatMap((service) => ['plaid', 'tink'].map((provider) => ({ service, provider })));
  const timingsMs = Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? 10 : 5_000));
  const cumulativeCounts = [...bucketBoundsMs, Number.POSITIVE_INFINITY].map(
    (boundMs) => scrapes * timingsMs.filter((timingMs) => timingMs <= boundMs).length,
  );
  const sumMs = scrapes * timingsMs.reduce((total, timingMs) => total + timingMs, 0);
  const step = (metric: string) => (metric === 'CacheHits' ? 1 : metric === 'CacheMisses' ? 99 : 50);
  return {
    counters: countMetrics.flatMap((metric) =>
      labels.map((one) => ({
        metric,
        labels: isBlamed(metric) ? { ...one, blame: 'provider' } : one,
        samples: [{ atEpochMs: 0, value: scrapes * step(metric) }],
      })),
    ),
    histograms: timingMetrics.flatMap((metric) =>
      labels.map((one) => ({ metric, labels: one, samples: [{ atEpochMs: 0, cumulativeCounts, sumMs }] })),
    ),
  };
}

/** Every `expr` in a rendered file. */
function expressionsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'expr' in value && typeof value.expr === 'string' ? [value.expr] : [];
  return [...own, ...Object.values(value).flatMap(expressionsIn)];
}

const rendered = renderFiles({
  target: '127.0.0.1:1',
  boardUrl: 'http://127.0.0.1:1',
  runbookUrl: 'https://docs.test/troubleshooting.md',
  alertmanager: '127.0.0.1:1',
  prometheusUrl: 'http://127.0.0.1:1',
  region: 'us-east-1',
});
const ofPanels = rendered
  .filter(({ path }) => path.startsWith('grafana/dashboards/prometheus/'))
  .flatMap(({ path, text }) => [...new Set(expressionsIn(JSON.parse(text)))].map((expr) => ({ path, expr })));
const ofGrafanaRules = rendered
  .filter(({ path }) => path.endsWith('alerting/rules.json'))
  .flatMap(({ text }) => expressionsIn(JSON.parse(text)));
const rulesText = rendered.find(({ path }) => path === prometheusRulesPath)?.text ?? '{}';
const ofRules = (JSON.parse(rulesText) as PrometheusRuleFile).groups.flatMap(({ rules }) => rules);

function write(files: readonly RenderedFile[], folder: string): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const giveUpAt = performance.now() + 200_000;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > giveUpAt) throw new Error(`gave up waiting for ${what}`);
    await wait(250);
  }
}

interface Notification {
  readonly receiver: string;
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>> }[];
}

describe.runIf(leftOut !== '' && process.env.CI === 'true')('where the build runs', () => {
  it('there are Prometheus and Alertmanager', () => expect.fail(leftOut));
});

describe.skipIf(leftOut !== '')(leftOut || 'Prometheus and Alertmanager, as rendered', () => {
  const directory = temporaryDirectory();
  const notifications: Notification[] = [];
  let scrapes = 0;
  const target = createServer((_, response) => {
    scrapes += 1;
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(prometheusExposition(seriesAfter(scrapes)));
  });
  const board = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.url === '/alertmanager')
      notifications.push(JSON.parse(Buffer.concat(chunks).toString()) as Notification);
    response.end();
  });
  let prometheus: RunningPrometheus;
  let alertmanager: ChildProcess;
  let alertmanagerUrl: string;

  const get = async (path: string): Promise<unknown> => (await fetch(`${prometheus.url}/api/v1/${path}`)).json();
  const ask = async (promql: string): Promise<readonly unknown[]> => {
    const query = chosen.reduce((text, [name, value]) => text.replaceAll(name, value), promql);
    const answer = (await get(`query?${new URLSearchParams({ query })}`)) as {
      readonly error?: string;
      readonly data?: { readonly result: readonly unknown[] };
    };
    if (answer.data === undefined) throw new Error(`${answer.error}: ${query}`);
    return answer.data.result;
  };

  beforeAll(async () => {
    const alertmanagerPort = await freePort();
    alertmanagerUrl = `http://127.0.0.1:${alertmanagerPort}`;
    const files = renderFiles({
      target: `127.0.0.1:${await listening(target)}`,
      boardUrl: `http://127.0.0.1:${await listening(board)}`,
      runbookUrl: 'https://docs.test/troubleshooting.md',
      alertmanager: `127.0.0.1:${alertmanagerPort}`,
      prometheusUrl: 'http://127.0.0.1:1',
      region: 'us-east-1',
    });
    write(files, directory.path);
    const flags = [
      `--config.file=${join(directory.path, 'alertmanager/alertmanager.yml')}`,
      `--storage.path=${join(directory.path, 'alertmanager-data')}`,
      `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
      '--cluster.listen-address=',
    ];
    alertmanager = spawn(alertmanagerCommand ?? '', flags, { stdio: 'ignore' });
    prometheus = await runPrometheus(join(directory.path, prometheusConfigPath), join(directory.path, 'data'));
    await until('every series to have two samples', async () => {
      const found = await ask('ALERTS{alertstate="firing"}');
      return scrapes > 1 && found.length >= firingAtOnce.length ? found : undefined;
    });
  });

  afterAll(async () => {
    await prometheus?.stop();
    const ended = new Promise((resolve) => alertmanager?.once('exit', resolve));
    if (alertmanager?.kill()) await ended;
    for (const server of [target, board]) {
      server.closeAllConnections();
      server.close();
    }
    directory[Symbol.dispose]();
  });

  it.each(toolChecks(directory.path))('$command finds no fault', (check) => {
    expect(runToolCheck(check)).toEqual({ kind: 'accepted' });
  });

  it.each(ofPanels)('$path has an answer to $expr', async ({ expr }) => {
    expect(await ask(expr)).not.toEqual([]);
  });

  it.each(ofRules)('$alert has an answer, or a reason to have none', async ({ alert, expr }) => {
    expect((await ask(expr)).length > 0).toBe(!Object.hasOwn(quietRules, alert));
  });

  it("asks the same in Grafana's rules as in its own, but for those that a cause stands for", async () => {
    const own = ofRules.map(({ expr }) => expr);
    const caused = ofGrafanaRules.filter((expr) => !own.includes(expr));
    const quiet = ofRules.filter(({ alert }) => Object.hasOwn(quietRules, alert)).map(({ expr }) => expr);
    expect(ofGrafanaRules).toHaveLength(own.length);
    expect(caused.length).toBeGreaterThan(0);
    for (const expr of caused) {
      const [alone = ''] = expr.split(' unless on () ');
      expect(own).toContain(alone.slice(1, -1));
      const answers = quiet.includes(alone.slice(1, -1)) ? 0 : 1;
      expect([(await ask(alone)).length, (await ask(expr)).length]).toEqual([answers, 0]); // its cause holds here as well
    }
  });

  it('tells nobody of what follows from an alert that they are told of', async () => {
    // Of those that fire, the provider and the function are causes, events stand for themselves, reads are apart
    const following = firingAtOnce
      .filter(({ kind }) => kind === 'objective' || kind === 'backlog')
      .map(({ name }) => name)
      .sort();
    expect(following).toContain('AvailabilityFastBurn');
    const inhibited = await until('the inhibition', async () => {
      const response = await fetch(`${alertmanagerUrl}/api/v2/alerts?active=false&inhibited=true`);
      const found = (await response.json()) as readonly { readonly labels: Readonly<Record<string, string>> }[];
      return found.length >= following.length ? found.map(({ labels }) => labels.alertname).sort() : undefined;
    });
    expect(inhibited).toEqual(following);
  });

  it('judges every rule without an error', async () => {
    const { data } = (await get('rules')) as {
      readonly data: {
        readonly groups: readonly { readonly rules: readonly { readonly name: string; readonly health: string }[] }[];
      };
    };
    const judged = data.groups.flatMap(({ rules }) => rules);
    expect(judged.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(judged.map(({ name }) => name).sort()).toEqual(alerts.map(({ name }) => name).sort());
  });

  it('tells the board of retries that are exhausted, by itself, with its runbook', async () => {
    const told = await until('the notice', async () =>
      notifications.find(({ alerts: [first] }) => first?.labels.alertname === 'RetriesExhausted'),
    );
    expect(told).toMatchObject({
      receiver: 'quartersec-board',
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'RetriesExhausted', severity: 'critical', objective: 'retries' },
          annotations: { runbook_url: 'https://docs.test/troubleshooting.md#retries-exhausted' },
        },
      ],
    });
    expect(told.alerts).toHaveLength(1);
  });
});
