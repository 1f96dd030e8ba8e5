#!/usr/bin/env node
/** `dax-node --endpoint URL --port P`: the node from the command line. */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkEndpoint } from './check-endpoint.ts';
import { startDaxNode } from './dax-node.ts';
import { DaxNodeError } from './dax-node-error.ts';

const MIB = 1024 * 1024;
const HELP = `A DAX node for one machine: AWS's own DAX clients connect to it, any DynamoDB endpoint stands behind it.

Usage: dax-node --endpoint URL [options]

  --endpoint URL          DynamoDB behind the node, as http://127.0.0.1:8000
  --port P                port for clients (8111; 0 takes a free one)
  --host ADDRESS          address to listen on (127.0.0.1)
  --advertise HOST:PORT   address that clients are told to connect to, when a port is mapped
  --tls-cert FILE         certificate (PEM); with --tls-key clients connect to daxs://
  --tls-key FILE          its private key (PEM)
  --item-ttl-ms N         life of an item (300000; 0: until it is written or evicted)
  --query-ttl-ms N        life of a query result (300000; 0: not cached)
  --memory-mb N           memory for both caches together (256)
  --connections N         open connections of clients (10000)
  --request-mb N          largest request (32)
  --backend-connections N calls of the endpoint at a time (128)
  --state-directory DIR   what must survive a restart (~/.local/state/dax-node)
  --metrics-port P        port of /metrics (Prometheus) and /stats (JSON)
  --region NAME           region named to the endpoint (that of each client)
  --access-key-id ID      access key id named to the endpoint (that of each client)
  --quiet                 says nothing of single connections
  --help                  this text

Clients connect to dax://127.0.0.1:PORT. AWS's JavaScript client does not resolve localhost.
Ctrl-C finishes the requests at work and stops.
`;

export interface CliDeps {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  /** Resolves when the node is to stop. */
  readonly stopped: Promise<void>;
}

/** @returns the exit code */
export async function runCli({ args, environment, print, printError, stopped }: CliDeps): Promise<number> {
  try {
    const { values } = parseCommandLine(args);
    if (values.help === true) {
      print(HELP);
      return 0;
    }
    if (values.endpoint === undefined)
      throw invalid('--endpoint is missing: name the DynamoDB behind the node, as --endpoint http://127.0.0.1:8000');
    if ((values['tls-cert'] === undefined) !== (values['tls-key'] === undefined))
      throw invalid('--tls-cert and --tls-key go together');
    const scope = { region: values.region, accessKeyId: values['access-key-id'] };
    const stateHome = environment.XDG_STATE_HOME ?? join(homedir(), '.local/state');
    const { endpoint } = values;
    const port = wholeNumber('--port', values.port ?? '8111');
    const options = {
      endpoint,
      port,
      ...scope,
      host: values.host,
      advertise: values.advertise,
      tls:
        values['tls-cert'] === undefined || values['tls-key'] === undefined
          ? undefined
          : { cert: readText(values['tls-cert']), key: readText(values['tls-key']) },
      itemTtlMs: optionalNumber('--item-ttl-ms', values['item-ttl-ms']),
      queryTtlMs: optionalNumber('--query-ttl-ms', values['query-ttl-ms']),
      memoryLimitBytes: wholeNumber('--memory-mb', values['memory-mb'] ?? '256') * MIB,
      requestBytesMax: wholeNumber('--request-mb', values['request-mb'] ?? '32') * MIB,
      connectionsMax: optionalNumber('--connections', values.connections),
      backendConnectionsMax: optionalNumber('--backend-connections', values['backend-connections']),
      stateDirectory: values['state-directory'] ?? join(stateHome, 'dax-node'),
      metricsPort: optionalNumber('--metrics-port', values['metrics-port']),
      log: values.quiet === true ? undefined : (line: string) => printError(`${line}\n`),
    };
    const node = await startDaxNode(options);
    try {
      await checkEndpoint(endpoint, scope);
    } catch (error) {
      await node.close();
      throw error;
    }
    print(`DAX node at ${node.url}, in front of ${endpoint}\n`);
    if (node.metricsUrl !== undefined) print(`metrics at ${node.metricsUrl}/metrics and ${node.metricsUrl}/stats\n`);
    await stopped;
    await node.close();
    return 0;
  } catch (error) {
    if (!(error instanceof DaxNodeError)) throw error;
    printError(`dax: ${error.message}\n`);
    return error.code === 'OPTIONS_INVALID' ? 2 : 1;
  }
}

function parseCommandLine(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        endpoint: text,
        port: text,
        host: text,
        advertise: text,
        'tls-cert': text,
        'tls-key': text,
        'item-ttl-ms': text,
        'query-ttl-ms': text,
        'memory-mb': text,
        connections: text,
        'request-mb': text,
        'backend-connections': text,
        'state-directory': text,
        'metrics-port': text,
        region: text,
        'access-key-id': text,
        quiet: flag,
        help: flag,
      },
    });
  } catch (cause) {
    // Node adds advice on positional arguments behind the first sentence.
    const [sentence] = (cause as Error).message.split(/\.\s|\n/);
    throw invalid(`${sentence?.replace(/\.$/, '')}; --help lists the options`, cause);
  }
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw invalid(`${name} takes a whole number, not ${text}`);
}

function optionalNumber(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : wholeNumber(name, text);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw invalid(`cannot read ${file}: ${(cause as Error).message}`, cause);
  }
}

function invalid(message: string, cause?: unknown): DaxNodeError {
  return new DaxNodeError('OPTIONS_INVALID', message, { cause });
}

if (import.meta.main) {
  const ended = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const; // the exit codes that shells give these signals
  let endedBy: keyof typeof ended | undefined;
  const stopped = new Promise<void>((resolve) => {
    for (const signal of Object.keys(ended) as (keyof typeof ended)[]) {
      process.once(signal, () => {
        endedBy ??= signal;
        resolve();
      });
    }
  });
  const exitCode = await runCli({
    args: process.argv.slice(2),
    environment: process.env,
    print: (text) => process.stdout.write(text),
    printError: (text) => process.stderr.write(text),
    stopped,
  });
  process.exitCode = exitCode === 0 && endedBy !== undefined ? ended[endedBy] : exitCode;
}
