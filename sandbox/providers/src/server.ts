/** The simulator as a server: one port for the providers' interfaces and the control API. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BerlinService, isBerlinPath } from './berlin-group/berlin-service.ts';
import { Calls } from './calls.ts';
import { ControlApi } from './control/control-api.ts';
import { deliver } from './delivery.ts';
import { FaultSchedule } from './faults/schedule.ts';
import { Latency, type LatencySettings, realisticLatency } from './latency.ts';
import { LinkDesk } from './link/link-desk.ts';
import type { RegisteredClient } from './openbanking-uk/authorisation/client.ts';
import { isObukPath, ObukService } from './openbanking-uk/obuk-service.ts';
import { accessToken } from './plaid/identifiers.ts';
import { PlaidBank } from './plaid/plaid-bank.ts';
import { PlaidService } from './plaid/plaid-service.ts';
import { type Limits, noLimits, RateLimit } from './plaid/rate-limit.ts';
import { ProvidersError } from './providers-error.ts';
import { Publication } from './story/publication.ts';
import { LAST_STEP, Story } from './story/story.ts';
import { Webhooks } from './webhooks/webhooks.ts';

export interface ProvidersOptions {
  /** 0 = any free one. */
  readonly port?: number;
  readonly host?: string;
  /** Same seed, same story, same faults' draws. */
  readonly seed?: number;
  /** Access tokens `access-sandbox-0` up to one below this. They cost nothing until used. */
  readonly connections?: number;
  readonly latency?: LatencySettings;
  readonly clientId?: string;
  readonly secret?: string;
  /** Virtual day of step 1, YYYY-MM-DD. */
  readonly startDate?: string;
  /** Records that a first read finds. */
  readonly historyTransactions?: number;
  /** Share of steps, 0 to 1, that come on two or three pages. */
  readonly multiPageShare?: number;
  /** Last step published of every connection; `null` = no end. */
  readonly published?: number | null;
  readonly limits?: Limits;
  /** Connections from here on are free for Link; those below have their tokens from the start. Default: all of them have. */
  readonly linkFrom?: number;
  /** Where the webhooks of Items go whose link named no address; `null` = nowhere. */
  readonly webhookUrl?: string | null;
  /** First wait before a webhook that was not taken is sent again. Plaid's own: 30 s. */
  readonly webhookRetryMs?: number;
  /** The client that the banks of Open Banking UK know: without one they give no access. */
  readonly openBankingClient?: RegisteredClient | null;
  /** For `Retry-After` dates and quotas: nothing else reads a clock. */
  readonly nowEpochMs?: () => number;
}

export const defaults = {
  port: 0,
  host: '127.0.0.1',
  seed: 1,
  connections: 5_000,
  latency: realisticLatency,
  clientId: 'client-sandbox',
  secret: 'secret-sandbox',
  startDate: '2025-01-01',
  historyTransactions: 40,
  multiPageShare: 0.02,
  published: null,
  limits: noLimits,
  linkFrom: 0,
  webhookUrl: null,
  webhookRetryMs: 30_000,
  openBankingClient: null,
  nowEpochMs: Date.now,
} as const satisfies Required<ProvidersOptions>;

export interface Providers {
  /** Base URL of Plaid's interface. */
  readonly url: string;
  readonly port: number;
  readonly controlUrl: string;
  /** The banks behind the server, for tests of the same process: change them, ask what they hold. By connection, from 0. */
  readonly bank: PlaidBank;
  /** Ends at once: open and hanging connections are dropped. May be called again. */
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 1_000_000;
const CONTROL = '/control';

function checked(options: ProvidersOptions): Required<ProvidersOptions> {
  const settings = { ...defaults, ...options };
  const between = (option: keyof ProvidersOptions, from: number, to: number, whole = true) => {
    const value = settings[option];
    if (typeof value === 'number' && value >= from && value <= to && (!whole || Number.isInteger(value))) return;
    throw new ProvidersError('OPTION_INVALID', {
      option,
      must: `${whole ? 'whole ' : ''}number from ${from} to ${to}`,
    });
  };
  between('port', 0, 65_535);
  between('seed', 0, 4_294_967_295);
  between('connections', 1, 10_000_000);
  between('linkFrom', 0, 10_000_000);
  between('webhookRetryMs', 1, 86_400_000);
  between('historyTransactions', 0, 100_000);
  between('multiPageShare', 0, 1, false);
  if (settings.published !== null) between('published', 0, LAST_STEP - 1);
  return settings;
}

/** Reads a body; `onText` is not called when it is too large or breaks off. */
function readText(request: IncomingMessage, response: ServerResponse, onText: (text: string) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= BODY_LIMIT_BYTES) {
      chunks.push(chunk);
    } else if (!response.headersSent) {
      response.writeHead(413, { 'Content-Type': 'application/json', Connection: 'close' });
      response.end('{"error":"the request body is larger than 1 MB"}');
    }
  });
  request.on('end', () => {
    if (bytes > BODY_LIMIT_BYTES) return;
    const [only] = chunks;
    onText(chunks.length === 1 && only !== undefined ? only.toString() : Buffer.concat(chunks).toString());
  });
}

/**
 * Starts the simulator.
 * @returns once it listens
 * @throws {ProvidersError} `PORT_IN_USE`, `CANNOT_LISTEN`, `OPTION_INVALID`
 */
export async function startProviders(options: ProvidersOptions = {}): Promise<Providers> {
  const settings = checked(options);
  const { seed, connections, nowEpochMs, host } = settings;
  let story: Story;
  let latency: Latency;
  try {
    story = new Story(settings);
    latency = new Latency(seed, settings.latency);
  } catch (error) {
    throw new ProvidersError('OPTION_INVALID', { must: String(error) }, { cause: error });
  }
  const publication = new Publication(connections, settings.published);
  const bank = new PlaidBank(story, publication, settings.multiPageShare);
  const faults = new FaultSchedule(seed);
  const calls = new Calls();
  const rateLimit = new RateLimit(settings.limits, nowEpochMs);
  const { clientId, secret } = settings;
  const webhooks = new Webhooks({ nowEpochMs, firstRetryMs: settings.webhookRetryMs });
  webhooks.defaultUrl = settings.webhookUrl;
  const desk = new LinkDesk({
    bank,
    webhooks,
    connections,
    linkFrom: settings.linkFrom,
    nowEpochMs,
    onRepaired(index) {
      faults.endLoginFaults(accessToken(index));
      desk.setConsentEnd(index, null);
      webhooks.send(index, { type: 'ITEM', code: 'LOGIN_REPAIRED' });
    },
  });
  const plaid = new PlaidService({
    bank,
    desk,
    webhooks,
    faults,
    calls,
    rateLimit,
    seed,
    connections,
    clientId,
    secret,
    nowEpochMs,
  });
  const obuk = new ObukService({
    ...{ bank, publication, faults, calls, connections, nowEpochMs },
    client: settings.openBankingClient ?? undefined,
    householdOf: (login) => desk.household(login),
  });
  const berlin = new BerlinService({
    ...{ bank, publication, faults, calls, connections, nowEpochMs },
    client: settings.openBankingClient ?? undefined,
    householdOf: (login) => desk.household(login),
  });
  const of = { story, publication, bank, desk, webhooks, faults, calls, latency, rateLimit };
  const control = new ControlApi({ ...of, obuk, berlin });

  const server = createServer((request, response) => {
    const { method = 'GET', url = '/' } = request;
    readText(request, response, (body) => {
      if (url === CONTROL || url.startsWith(`${CONTROL}/`)) {
        const answer = control.answer(method, url.slice(CONTROL.length + 1), body);
        response.writeHead(answer.status, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(answer.body));
        return;
      }
      const path = url.split('?', 1)[0] ?? url;
      const lists = isObukPath(path) ? obuk : isBerlinPath(path) ? berlin : undefined;
      const answer =
        lists === undefined
          ? plaid.answer(method, path, request.headers, body)
          : lists.answer(method, url, request.headers, body);
      const waitMs = latency.nextMs() + answer.delayMs;
      if (waitMs === 0) deliver(response, answer);
      else setTimeout(deliver, waitMs, response, answer).unref(); // the listening socket keeps the process alive
    });
  });
  server.keepAliveTimeout = 120_000; // longer than clients keep idle sockets, so that none is closed under a request
  server.requestTimeout = 0;

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code === 'EADDRINUSE' ? 'PORT_IN_USE' : 'CANNOT_LISTEN';
      reject(
        new ProvidersError(code, { port: settings.port, host, reason: error.code ?? error.message }, { cause: error }),
      );
    });
    server.listen(settings.port, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  let closed: Promise<void> | undefined;
  return {
    url,
    port,
    controlUrl: url + CONTROL,
    bank,
    close() {
      webhooks.close();
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closed;
    },
  };
}
