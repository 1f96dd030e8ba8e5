/** Clients in other languages: a process that runs a table of operations and prints one result a line. */
import { spawn } from 'node:child_process';
import type { CallResult } from './client-calls.ts';
import { CREDENTIALS, REGION } from './dynamodb.ts';
import type { InteropOperation } from './interop-operations.ts';

/** As far as a process needs to know it. */
export type ProcessOperation = Pick<InteropOperation, 'name' | 'call' | 'request'>;

/** Through a DAX node, or past it with the SDK of the same language. */
export type ClientKind = 'dax' | 'direct';

export interface ClientProcess {
  readonly language: 'python' | 'java';
  /** What it makes of responses from the cache, which say nothing of capacity. */
  readonly capacityOfCachedReads: Readonly<Record<'getItem' | 'query' | 'batchGetItem', 0 | undefined>>;
  /**
   * Fetches what is missing, once.
   * @returns undefined, or why the client cannot be had and how to get it
   */
  prepare(): Promise<string | undefined>;
  run(
    kind: ClientKind,
    endpoint: string,
    operations: readonly ProcessOperation[],
    settings?: ClientSettings,
  ): Promise<CallResult[]>;
}

export interface ClientSettings {
  readonly region?: string;
  readonly accessKeyId?: string;
  /** PEM file of an authority to trust. */
  readonly caFile?: string;
}

/** @throws {Error} with the end of its standard error when the process does not end well */
export async function runProcess(
  command: string,
  args: readonly string[],
  operations: readonly ProcessOperation[],
  { region = REGION, accessKeyId = CREDENTIALS.accessKeyId }: ClientSettings = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<CallResult[]> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.end(JSON.stringify({ operations, region, accessKeyId }));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}: ${stderr.slice(-2_000)}`);
  return Buffer.concat(stdout)
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as CallResult);
}
