/**
 * The sandbox's system with the bundles as they are deployed. In `testing/`, as the benches' own share of the sandbox: nothing
 * else of this project may import that.
 */
import { fileURLToPath } from 'node:url';
import { exitCodeOf } from '@quartersec/command-line';
import { buildBundles, type System, type SystemOptions, startSystem } from '@quartersec/sandbox-system';

export { sendEvent } from '@quartersec/sandbox-system';
export type BenchSystem = System;

/** @throws {Error} naming what could not be built or started */
export async function startBenchSystem(options: SystemOptions): Promise<System> {
  options.onProgress?.('building the functions');
  await buildBundles();
  return startSystem(options);
}

/** Folder of a function's bundle, as it is deployed. */
export function bundleFolder(name: 'process' | 'query'): string {
  return fileURLToPath(new URL(`../../../apps/processor/dist/${name}`, import.meta.url));
}

/** A Node function that does nothing, beside the others. */
export async function deployEmptyHandler(system: System, name: string): Promise<void> {
  await system.host.deployFunction({
    kind: 'node',
    name,
    directory: fileURLToPath(new URL('../fixtures/empty-handler', import.meta.url)),
    handler: 'index.handler',
    timeoutMs: 5_000,
    memoryMb: 512,
  });
}

/** @throws {Error} when the simulator refuses */
export async function callSimulator(system: System, path: string, body: unknown): Promise<void> {
  const response = await fetch(`${system.controlUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the simulator refused ${path}: ${await response.text()}`);
  await response.arrayBuffer();
}

/**
 * Ctrl-C ends the functions as well, not this process alone.
 * @returns lets go of the signals
 */
export function closeOnSignal(system: { close(): Promise<void> }): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const close = async (signal: NodeJS.Signals) => {
    await system.close();
    process.exit(exitCodeOf(signal));
  };
  for (const signal of signals) process.once(signal, close);
  return () => {
    for (const signal of signals) process.off(signal, close);
  };
}
