/**
 * The system with both functions on one host: the deployed bundle as `process`, the Go peer as `peer`. In `testing/`, as the
 * benches' own share of the sandbox: nothing else of this project may import that.
 */
import { fileURLToPath } from 'node:url';
import { exitCodeOf } from '@quartersec/command-line';
import { buildBundles, type System, type SystemOptions, startSystem } from '@quartersec/sandbox-system';
import { buildPeer } from '../build-peer.ts';

export const peerName = 'peer';

export interface BenchSystem extends System {
  readonly goVersion: string;
  readonly peerUrl: string;
  /** The peer's binary. */
  readonly peerPath: string;
}

/** The credentials that the simulator takes from the functions of the sandbox. */
const simulatorAccess = { PLAID_CLIENT_ID: 'sandbox-client', PLAID_SECRET: 'sandbox-secret' };

/** @throws {Error} naming what could not be built or started */
export async function startBenchSystem(options: SystemOptions): Promise<BenchSystem> {
  options.onProgress?.('building the functions');
  await buildBundles();
  const { path, goVersion } = await buildPeer();
  const system = await startSystem(options);
  try {
    await system.host.deployFunction({
      kind: 'binary',
      name: peerName,
      path,
      timeoutMs: options.functionTimeoutMs ?? 5_000,
      memoryMb: 512,
      maxEnvironments: options.maxEnvironments ?? 3,
      environment: {
        TABLE_NAME: system.tableName,
        DYNAMODB_ENDPOINT: system.dynamoDbUrl,
        TOKEN_KEY: system.tokenKey,
        PLAID_BASE_URL: new URL(system.controlUrl ?? '').origin,
        ...simulatorAccess,
        ...options.processEnvironment,
      },
    });
    return { ...system, goVersion, peerPath: path, peerUrl: system.host.functionUrl(peerName) };
  } catch (error) {
    await system.close();
    throw error;
  }
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
export function closeOnSignal(system: System): () => void {
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
