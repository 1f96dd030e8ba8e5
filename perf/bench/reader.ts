/** `npm run bench -- reader`: pages of a connection with a long history, cold, warm, and while the connection goes on. */
import { setTimeout as sleepMs } from 'node:timers/promises';
import type { Arguments } from '@quartersec/command-line';
import { createProgress } from '../src/progress.ts';
import { failedGateExitCode } from '../src/verdict.ts';
import { measuredOn, renderTable, runAsCommand, wholeNumber, writeReport } from './bench-report.ts';
import { quantileOf } from './dax-summary.ts';
import { type BenchSystem, callSimulator, closeOnSignal, sendEvent, startBenchSystem } from './testing/bench-system.ts';
import { measureColdStart } from './testing/cold-start.ts';

const pageTransactions = 50;
/** Of a page of 50 of a connection that has been read before. */
const warmP95Ms = 25;
const leastPages = 200;
const importWithinMs = 600_000;
const coldAttemptsMost = 10;
const connection = { connectionId: 'conn-0', userId: 'user-0', accessToken: 'access-sandbox-0' };

const usage = `npm run bench -- reader [options]
Imports one connection with a long history through the whole sandbox, then reads it through the deployed query function in pages of
${pageTransactions}: the first page of a fresh environment (it folds the whole journal, in several requests where one is too short), all pages of a warm one, and first pages each behind a new
entry of the journal. Exit code ${failedGateExitCode} unless p95 of a warm page is below ${warmP95Ms} ms.
  --transactions N   of the connection (default 20000)
  --rounds N         of the cold read (default 5)
Report: perf/reports/bench-reader.json
`;

const options = {
  transactions: { type: 'string', default: '20000' },
  rounds: { type: 'string', default: '5' },
} as const;

async function runReaderBench({ values }: Arguments<typeof options>): Promise<void> {
  const transactions = wholeNumber('transactions', values.transactions, leastPages * pageTransactions);
  const rounds = wholeNumber('rounds', values.rounds);
  const progress = createProgress(process.stdout, () => performance.now());
  const latency = { medianMs: 0, p99Ms: 0 };
  const system = await startBenchSystem({ seed: 1, connections: 1, providers: { latency }, onProgress: progress.step });
  const release = closeOnSignal(system);
  try {
    progress.step(`importing ${transactions} transactions`);
    await callSimulator(system, `/connections/${connection.accessToken}/restart`, { transactions });
    await importAll(system);
    const coldMs: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      progress.step(`reading cold, round ${round}/${rounds}`);
      coldMs.push(await readCold(system));
    }
    progress.step('reading all pages');
    const warmMs: number[] = [];
    let read = 0;
    let cursor: string | null = null;
    do {
      const page = await readPage(system, cursor);
      warmMs.push(page.ms);
      read += page.transactions.length;
      cursor = page.nextCursor;
    } while (cursor !== null);
    if (read < transactions) throw new Error(`${read} of ${transactions} transactions were read`);
    const movedMs: number[] = [];
    for (let entry = 1; entry <= leastPages / 4; entry += 1) {
      progress.step(`reading behind a new entry, ${entry}/${leastPages / 4}`);
      await syncOnce(system);
      movedMs.push((await readPage(system, null)).ms);
    }
    progress.done();
    const rows = { cold: coldMs, warm: warmMs, 'behind a new entry': movedMs };
    const p95Ms = quantileOf(warmMs, 0.95);
    const passed = p95Ms < warmP95Ms;
    const machine = measuredOn();
    const file = writeReport('reader', { bench: 'reader', machine, transactions, warmP95Ms, passed, rows });
    const table = Object.entries(rows).map(([name, ms]) => [
      name,
      String(ms.length),
      ...[0.5, 0.95, 1].map((share) => quantileOf(ms, share).toFixed(1)),
    ]);
    process.stdout.write(
      `${renderTable([[`pages of ${pageTransactions}`, 'reads', 'p50 ms', 'p95 ms', 'most ms'], ...table])}\n` +
        `${read} transactions; p95 of a warm page below ${warmP95Ms} ms: ${passed ? 'kept' : 'NOT KEPT'}\n${machine.note}\nreport: ${file}\n`,
    );
    if (!passed) process.exitCode = failedGateExitCode;
  } finally {
    progress.done();
    release();
    await system.close();
  }
}

/** @throws {Error} when the import is not complete in time */
async function importAll(system: BenchSystem): Promise<void> {
  const untilMs = performance.now() + importWithinMs;
  await sendEvent(system.queueUrl, connection.connectionId);
  while (performance.now() < untilMs) {
    const page = await readPage(system, null).catch(() => undefined); // too long for one request at first
    if (page?.connections[0]?.history === 'complete') return;
    await sleepMs(200);
  }
  throw new Error(`the import was not complete within ${importWithinMs} ms`);
}

/**
 * From a fresh environment to the first page. An answer that ran out of time says so, and the next request goes on from
 * there: what counts is the time until the page is here.
 */
async function readCold(system: BenchSystem): Promise<number> {
  const startedMs = performance.now();
  const isAnswered = (payload: string) => /"statusCode":(200|503)/.test(payload);
  await measureColdStart(system.host, 'query', queryEvent(system), isAnswered);
  for (let attempt = 1; attempt <= coldAttemptsMost; attempt += 1) {
    const page = await readPage(system, null).catch((error: Error) => error);
    if (!(page instanceof Error)) return performance.now() - startedMs;
  }
  throw new Error(`no page in ${coldAttemptsMost} requests`);
}

async function syncOnce(system: BenchSystem): Promise<void> {
  const body = JSON.stringify({ connectionId: connection.connectionId });
  const answer = await fetch(system.processUrl, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  if (!answer.ok) throw new Error(`the event was not processed: ${await answer.text()}`);
  await answer.arrayBuffer();
}

interface ReadPage {
  readonly ms: number;
  readonly connections: readonly { readonly history: string }[];
  readonly transactions: readonly unknown[];
  readonly nextCursor: string | null;
}

/** Over HTTP, as an app does. */
async function readPage(system: BenchSystem, cursor: string | null): Promise<ReadPage> {
  const url = new URL(path, system.apiUrl);
  url.search = String(new URLSearchParams({ ...query, ...(cursor !== null && { cursor }) }));
  const startedMs = performance.now();
  const answer = await fetch(url, { headers: { authorization: bearer(system) } });
  const text = await answer.text();
  const ms = performance.now() - startedMs;
  if (!answer.ok) throw new Error(`a page was not answered: ${answer.status} ${text}`);
  return { ...(JSON.parse(text) as Omit<ReadPage, 'ms'>), ms };
}

const path = '/v1/transactions';
const query = { connection: connection.connectionId };

/** A reader's own request, as the function URL hands it over. */
function queryEvent(system: BenchSystem): unknown {
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString: String(new URLSearchParams(query)),
    headers: { authorization: bearer(system) },
    requestContext: { http: { method: 'GET', path } },
    isBase64Encoded: false,
  };
}

function bearer(system: BenchSystem): string {
  return `Bearer ${system.tokenFor(connection.userId)}`;
}

await runAsCommand({ usage, options }, runReaderBench);
