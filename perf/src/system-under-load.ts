/** The sandbox's system as a process of its own, so that the driver shares no event loop with the Lambda host. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startChildModule } from './child-module.ts';
import type { Settled } from './integrity-gates.ts';
import type { SeriesByMetric } from './time-series.ts';

/** As `SystemOptions` of sandbox/system; what crosses to its process. */
export interface SystemSettings {
  readonly seed: number;
  /** Of Plaid. */
  readonly connections: number;
  readonly openBanking?: number;
  readonly berlinGroup?: number;
  readonly maxEnvironments: number;
  readonly concurrencyPerEnvironment?: number;
  readonly dax?: boolean;
  readonly dynamoDbUrl?: string;
  readonly processBundle?: string;
  readonly queue?: { readonly visibilityTimeoutSeconds: number };
}

/** As `Part` of sandbox/system's `break-part.ts`. */
export type BreakablePart = 'environment' | 'table' | 'cache';

export interface SystemUnderLoad {
  readonly processUrl: string;
  readonly queueUrl: string;
  /** Base URL of the API, and what signs its tokens. */
  readonly apiUrl: string;
  readonly readTokenKey: string;
  /** `POST` it what `settle` takes. */
  readonly auditUrl: string;
  /** Metric values since the last call. */
  samples(): Promise<SeriesByMetric>;
  /** Waits until nothing is queued or running any more, but not longer. */
  drain(withinMs: number): Promise<void>;
  settle(request: SettleRequest): Promise<Settled>;
  /** Breaks a part and waits until it is back. @returns whether there was one to break */
  breakPart(part: BreakablePart): Promise<boolean>;
  /** Asks the provider simulator's control API. */
  provider(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

export interface SettleRequest {
  /** Stretches of load whose events went through the queue: correlation ids `<prefix>0` up to `<prefix><sent - 1>`. */
  readonly events: readonly { readonly prefix: string; readonly sent: number }[];
  /** How long to wait for the queue to be empty. */
  readonly withinMs: number;
}

interface Ready {
  readonly controlUrl: string;
  readonly providerControlUrl: string;
  readonly processUrl: string;
  readonly queueUrl: string;
  readonly apiUrl: string;
  readonly readTokenKey: string;
}

const modulePath = fileURLToPath(new URL('../../sandbox/system/src/driven/driven-service.ts', import.meta.url));
const tableModulePath = fileURLToPath(new URL('../../sandbox/system/src/dynalite-service.ts', import.meta.url));

export async function startSystemUnderLoad(
  settings: SystemSettings,
  onProgress: (step: string) => void,
): Promise<SystemUnderLoad> {
  const { ready, close } = await startChildModule<Ready>(modulePath, settings, onProgress);
  return {
    processUrl: ready.processUrl,
    queueUrl: ready.queueUrl,
    apiUrl: ready.apiUrl,
    readTokenKey: ready.readTokenKey,
    auditUrl: `${ready.controlUrl}/settle`,
    samples: () => ask<SeriesByMetric>('GET', `${ready.controlUrl}/samples`),
    async drain(withinMs) {
      await ask('POST', `${ready.controlUrl}/drain`, { withinMs });
    },
    settle: (request) => ask<Settled>('POST', `${ready.controlUrl}/settle`, request),
    async breakPart(part) {
      return (await ask<{ broken: boolean }>('POST', `${ready.controlUrl}/break`, { part })).broken;
    },
    provider: (method, path, body) => ask(method, `${ready.providerControlUrl}${path}`, body),
    close,
  };
}

/** The embedded table alone, for those who put something between it and the functions. */
export function startTable() {
  return startChildModule<{ url: string }>(tableModulePath, {});
}

/** By `node:http`, which waits as long as it takes: `fetch` gives up after five minutes, and the audit of a long run takes longer. */
async function ask<Answer>(method: string, url: string, body?: unknown): Promise<Answer> {
  const asked = request(url, { method, headers: { 'content-type': 'application/json' } });
  asked.end(body === undefined ? '' : JSON.stringify(body));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const answer = await text(response);
  if ((response.statusCode ?? 0) >= 300) throw new Error(`${method} ${url}: ${response.statusCode} ${answer}`);
  return JSON.parse(answer) as Answer;
}
