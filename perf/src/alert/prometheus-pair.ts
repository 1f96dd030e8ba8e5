/** A real Prometheus and a real Alertmanager over the configuration that `npm run dashboards` renders. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cadence } from '@quartersec/sla';
import { watchedAlert } from './alert-paths.ts';
import { freePort, startProcess } from './monitoring-process.ts';
import { until } from './until.ts';

export interface PrometheusPair {
  readonly prometheusUrl: string;
  readonly pids: readonly number[];
  /** Resolves when Prometheus has read the system twice, has judged the alert and knows its Alertmanager. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

export interface PairOptions {
  readonly prometheus: string;
  readonly alertmanager: string;
  /** `http://host:port` of what is scraped. */
  readonly systemUrl: string;
  /** The board that Alertmanager tells. */
  readonly boardUrl: string;
  /** A folder that exists; removed by whoever made it. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

const renderPath = fileURLToPath(new URL('../../../apps/dashboard/src/render.ts', import.meta.url));
/** Discovery hands over its targets every 5 s, then come two scrapes; the rest is for a busy machine. */
const readyWithinMs = 60_000;
const scrapesAtLeast = 2;

export async function startPrometheusPair(options: PairOptions): Promise<PrometheusPair> {
  const { prometheus, alertmanager, systemUrl, boardUrl, folder, signal } = options;
  const [prometheusPort, alertmanagerPort] = [await freePort(), await freePort()];
  const prometheusUrl = `http://127.0.0.1:${prometheusPort}`;
  const alertmanagerUrl = `http://127.0.0.1:${alertmanagerPort}`;
  await render({
    out: folder,
    target: new URL(systemUrl).host,
    board: boardUrl,
    alertmanager: new URL(alertmanagerUrl).host,
    prometheus: prometheusUrl,
  });
  const processes = [
    startProcess(alertmanager, [
      `--config.file=${join(folder, 'alertmanager', 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'alertmanager-data')}`,
      `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
      '--cluster.listen-address=', // alone: no gossip, no port for it
    ]),
    startProcess(prometheus, [
      `--config.file=${join(folder, 'prometheus', 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'prometheus-data')}`,
      `--web.listen-address=127.0.0.1:${prometheusPort}`,
    ]),
  ];
  const look = async () => {
    const failed = processes.map(({ ended }) => ended()).find((words) => words !== undefined);
    if (failed !== undefined) throw new Error(failed);
    return (await fetch(`${alertmanagerUrl}/-/ready`)).ok && (await isWatching(prometheusUrl));
  };
  return {
    prometheusUrl,
    pids: processes.map(({ pid }) => pid),
    ready: () => until('Prometheus and Alertmanager', look, readyWithinMs, signal),
    async close() {
      await Promise.all(processes.map((each) => each.close()));
    },
  };
}

/** @throws {Error} with the command's own words */
async function render(options: Readonly<Record<string, string>>): Promise<void> {
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const rendering = spawn(process.execPath, [renderPath, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  rendering.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const [code] = await once(rendering, 'close');
  if (code !== 0) throw new Error(`the configuration of Prometheus could not be rendered: ${complaints.trim()}`);
}

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly name: string; readonly health: string; readonly state: string }[];
  }[];
}

async function isWatching(prometheusUrl: string): Promise<boolean> {
  const ask = async <Data>(path: string): Promise<Data> => {
    const response = await fetch(`${prometheusUrl}/api/v1/${path}`);
    return ((await response.json()) as { data: Data }).data;
  };
  const windowSeconds = (20 * cadence.scrapeMs) / 1_000;
  const scrapes = await ask<{ result: readonly { value: readonly [number, string] }[] }>(
    `query?query=${encodeURIComponent(`count_over_time(up[${windowSeconds}s])`)}`,
  );
  const { groups } = await ask<Rules>('rules?type=alert');
  const rule = groups.flatMap(({ rules }) => rules).find(({ name }) => name === watchedAlert);
  const { activeAlertmanagers } = await ask<{ activeAlertmanagers: readonly unknown[] }>('alertmanagers');
  if (rule?.state === 'firing') throw new Error(`${watchedAlert} fires before there was an outage`);
  return (
    Number(scrapes.result[0]?.value[1]) >= scrapesAtLeast && rule?.health === 'ok' && activeAlertmanagers.length === 1
  );
}
