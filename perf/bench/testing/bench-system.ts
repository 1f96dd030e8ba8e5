/** The system with both functions on one host: the deployed bundle as `process`, the Go peer as `peer`. */
import { fileURLToPath } from 'node:url';
import { type System, type SystemOptions, startSystem } from '@quartersec/sandbox-system';
import { buildPeer } from '../build-peer.ts';

export const peerName = 'peer';

export interface BenchSystem extends System {
  readonly goVersion: string;
  readonly peerUrl: string;
}

/** The credentials that the simulator takes from the functions of the sandbox. */
const simulatorAccess = { PLAID_CLIENT_ID: 'sandbox-client', PLAID_SECRET: 'sandbox-secret' };

export interface BenchSystemOptions extends SystemOptions {
  /** Default: the system's own. */
  readonly peerTableName?: string;
}

/** @throws {Error} naming what could not be built or started */
export async function startBenchSystem(options: BenchSystemOptions): Promise<BenchSystem> {
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
        TABLE_NAME: options.peerTableName ?? system.tableName,
        DYNAMODB_ENDPOINT: system.dynamoDbUrl,
        TOKEN_KEY: system.tokenKey,
        PLAID_BASE_URL: new URL(system.controlUrl ?? '').origin,
        ...simulatorAccess,
      },
    });
    return { ...system, goVersion, peerUrl: system.host.functionUrl(peerName) };
  } catch (error) {
    await system.close();
    throw error;
  }
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
