/** The sandbox's share of the bench `dax`: tables as they are and slowed, each with a DAX node in front, and load on the node. */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CacheStand, type DirectWay, startCacheStand } from '@quartersec/sandbox-system';
import { startChildModule } from '../../src/child-module.ts';
import { parseProcessStat } from '../../src/proc-files.ts';
import { startTable } from '../../src/system-under-load.ts';
import type { DaxLoad, DaxLoadResult } from '../dax-load.ts';
import { type ComparedReads, compareReads, proveHits } from '../dax-summary.ts';

export interface BenchStand extends CacheStand {
  /** CPU of the node's process so far; `undefined` where there is no /proc. */
  nodeCpuMs(): number | undefined;
}

const proxyPath = fileURLToPath(new URL('../../src/table-proxy.ts', import.meta.url));
/** An emulator that is no JavaScript: needs cargo the first time. */
const dynoxidePath = fileURLToPath(new URL('../../../tools/src/run/dynoxide-service.ts', import.meta.url));
const loadPath = fileURLToPath(new URL('../dax-load.ts', import.meta.url));

export interface BenchTable {
  readonly emulator: 'embedded' | 'dynoxide';
  /** Added to each answer of the table, for both ways; 0: the table as it is. */
  readonly delayMs: number;
  readonly directWay: DirectWay;
}

/** @throws {Error} with the words of what did not start: Dynoxide without cargo, for one */
export async function startBenchStand(
  { emulator, delayMs }: Omit<BenchTable, 'directWay'>,
  sizes: { readonly items: number; readonly itemBytes: number },
): Promise<BenchStand> {
  const table =
    emulator === 'embedded' ? await startTable() : await startChildModule<{ url: string }>(dynoxidePath, {});
  const closers = [table.close];
  const close = async () => {
    for (const end of closers.splice(0).reverse()) await end();
  };
  try {
    let dynamoDbUrl = table.ready.url;
    if (delayMs > 0) {
      const proxy = await startChildModule<{ url: string }>(proxyPath, { url: table.ready.url });
      closers.push(proxy.close);
      dynamoDbUrl = proxy.ready.url;
      const spoil = { delayMs, loseShare: 0 };
      await (await fetch(`${dynamoDbUrl}/spoil`, { method: 'POST', body: JSON.stringify(spoil) })).arrayBuffer();
    }
    const stand = await startCacheStand({ dynamoDbUrl, ...sizes });
    closers.push(stand.close);
    return { ...stand, close, nodeCpuMs: () => cpuMsOf(stand.node.pid()) };
  } catch (error) {
    await close();
    throw error;
  }
}

export interface MeasuredReads extends ComparedReads {
  /** Of each way. */
  readonly reads: number;
  readonly nodeCpuMsPerRead: number | undefined;
}

/**
 * Reads item after item both ways, one call at a time, the ways in turns: what drifts meets both alike.
 * @throws {Error} when a read through DAX was not answered from the node's memory
 */
export async function measureReads(stand: BenchStand, directWay: DirectWay, reads: number): Promise<MeasuredReads> {
  const takenMs = { dax: [] as number[], direct: [] as number[] };
  const before = (await stand.node.stats()).itemCache;
  const failuresBefore = stand.failures();
  const cpuBefore = stand.nodeCpuMs();
  for (let turn = 0; turn < reads; turn += 1) {
    for (const way of turn % 2 === 0 ? (['dax', 'direct'] as const) : (['direct', 'dax'] as const)) {
      const startedMs = performance.now();
      await stand.read(way === 'dax' ? way : directWay, turn % stand.keys.length);
      takenMs[way].push(performance.now() - startedMs);
    }
  }
  const cpuAfter = stand.nodeCpuMs();
  proveHits(reads, before, (await stand.node.stats()).itemCache, stand.failures() - failuresBefore);
  return {
    ...compareReads(takenMs.dax, takenMs.direct),
    reads,
    nodeCpuMsPerRead: perUnit(cpuBefore, cpuAfter, reads),
  };
}

export interface MeasuredLoad {
  readonly connections: number;
  readonly answered: number;
  readonly operationsPerSecond: number;
  readonly nodeCpuMsPerOperation: number | undefined;
}

/** Hits as fast as the node and the machine can, from a process beside it. */
export async function measureLoad(stand: BenchStand, connections: number, forMs: number): Promise<MeasuredLoad> {
  const { hostname, port } = new URL(stand.node.url);
  const { tableName, keys } = stand;
  const load: DaxLoad = { host: hostname, port: Number(port), tableName, keys, connections, forMs };
  const child = fork(loadPath, [JSON.stringify(load)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  let cpuBefore: number | undefined;
  const { answered, tookMs, cpuAfter } = await new Promise<DaxLoadResult & { cpuAfter: number | undefined }>(
    (resolve, reject) => {
      child.on('message', (message: { started: true } | DaxLoadResult) => {
        if ('started' in message) cpuBefore = stand.nodeCpuMs();
        else resolve({ ...message, cpuAfter: stand.nodeCpuMs() });
      });
      child.once('exit', (code) => reject(new Error(complaints.trim() || `the load ended with code ${code}`)));
    },
  );
  return {
    connections,
    answered,
    operationsPerSecond: Math.round((answered / tookMs) * 1_000),
    nodeCpuMsPerOperation: perUnit(cpuBefore, cpuAfter, answered),
  };
}

function perUnit(before: number | undefined, after: number | undefined, units: number): number | undefined {
  return before === undefined || after === undefined || units === 0 ? undefined : (after - before) / units;
}

function cpuMsOf(pid: number): number | undefined {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.cpuMs;
  } catch {
    return undefined; // no Linux
  }
}
