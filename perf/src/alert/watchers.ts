/** Everything that watches the system during one run. Fresh for each: an alert that has fired stays for minutes. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleepMs } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startChildModule } from '../child-module.ts';
import { type AlertPathName, alertPathNames, alertPaths, watchedForMs } from './alert-paths.ts';
import type { Delays } from './alert-summary.ts';
import { type BoardViewer, isInSnapshot } from './board-viewer.ts';
import type { MonitoringTools } from './monitoring-tools.ts';
import { startPrometheusPair } from './prometheus-pair.ts';
import { until } from './until.ts';

export interface WatchersOptions {
  readonly systemUrl: string;
  readonly tools: MonitoringTools;
  readonly viewer: BoardViewer;
  readonly scratchFolder: string;
  readonly signal: AbortSignal;
}

export interface Watchers {
  readonly paths: readonly AlertPathName[];
  /** Of the boards, Prometheus and Alertmanager. */
  readonly pids: readonly number[];
  /** Opens the pages once all of them watch. */
  ready(): Promise<void>;
  /** From a moment on; rejects when interrupted. */
  delays(sinceEpochMs: number): Promise<Delays>;
  /** Why an alert that was never seen was not, as far as its board and its page know; a sentence each. */
  explain(delaysMs: Delays): Promise<readonly string[]>;
  close(): Promise<void>;
}

const boardPath = fileURLToPath(new URL('../../../apps/dashboard/src/board/main.ts', import.meta.url));
const boardReadyWithinMs = 60_000;
/** It reads the system every second: an alert needs a reading from before. */
const twoReadsMs = 2_500;

/** @throws {Error} with the words of the one that did not start; the others are ended */
export async function startWatchers(options: WatchersOptions): Promise<Watchers> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of closers.splice(0).reverse()) await end().catch(() => {}); // one that is gone already is no reason to keep the next
  };
  try {
    return await start(options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  { systemUrl, tools, viewer, scratchFolder, signal }: WatchersOptions,
  closers: (() => Promise<void>)[],
  close: () => Promise<void>,
): Promise<Watchers> {
  const startBoard = async (source: { readonly SYSTEM_URL: string } | { readonly PROMETHEUS_URL: string }) => {
    // What the shell has set must not win over ours
    const environment = { SYSTEM_URL: '', PROMETHEUS_URL: '', PORT: '0', ...source };
    const board = await startChildModule<{ url: string }>(boardPath, undefined, undefined, environment);
    closers.push(board.close);
    return { url: board.ready.url, pid: board.pid };
  };
  const systemBoard = await startBoard({ SYSTEM_URL: systemUrl });
  const boards = { system: systemBoard, prometheus: systemBoard };
  const pids = [systemBoard.pid];
  let pairReady = async () => {};
  const { prometheus, alertmanager } = tools;
  const isPairThere = prometheus !== undefined && alertmanager !== undefined;
  if (isPairThere) {
    const folder = mkdtempSync(join(scratchFolder, 'monitoring-'));
    const pair = await startPrometheusPair({
      prometheus,
      alertmanager,
      systemUrl,
      boardUrl: systemBoard.url,
      folder,
      signal,
    });
    closers.push(pair.close);
    pairReady = pair.ready;
    boards.prometheus = await startBoard({ PROMETHEUS_URL: pair.prometheusUrl });
    pids.push(...pair.pids, boards.prometheus.pid);
  }
  const paths: readonly AlertPathName[] = isPairThere ? alertPathNames : ['live'];
  const views = new Map<string, Awaited<ReturnType<BoardViewer['open']>>>();
  return {
    paths,
    pids,
    async ready() {
      const boardReady = (url: string) => until('the board', () => isLive(url), boardReadyWithinMs, signal);
      const readTwice = () => sleepMs(twoReadsMs, undefined, { signal });
      await Promise.all([pairReady(), boardReady(systemBoard.url).then(readTwice)]);
      for (const { url } of new Set(Object.values(boards))) {
        await boardReady(url);
        const view = await viewer.open(url);
        views.set(url, view);
        closers.push(view.close);
      }
    },
    async delays(sinceEpochMs) {
      const interrupted = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
      const look = async (path: AlertPathName) => {
        const { board, mark } = alertPaths[path];
        const seenEpochMs = await views.get(boards[board].url)?.seenEpochMs(mark, watchedForMs);
        return [path, seenEpochMs == null ? null : seenEpochMs - sinceEpochMs] as const;
      };
      return Object.fromEntries(await Promise.race([Promise.all(paths.map(look)), interrupted]));
    },
    async explain(delaysMs) {
      const explained = paths
        .filter((path) => delaysMs[path] === null)
        .map(async (path) => {
          const { board, mark } = alertPaths[path];
          const { url } = boards[board];
          const known = await isInSnapshot(url, mark, signal).catch(String);
          const page = views.get(url)?.complaints ?? [];
          return `${path} never shown; in /snapshot.json of its board: ${known}; errors of the page: ${page.join('; ') || 'none'}`;
        });
      return Promise.all(explained);
    },
    close,
  };
}

async function isLive(boardUrl: string): Promise<boolean> {
  const response = await fetch(`${boardUrl}/snapshot.json`);
  const { source } = (await response.json()) as { readonly source: { readonly status: string } };
  return source.status === 'live';
}
